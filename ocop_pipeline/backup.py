"""Copies of what cannot be computed again, and a home made of one.

Belongs here: what a backup consists of, and whether it is whole. Stays out: PostgreSQL (`warehouse.dumping`).

In the backup are the ledger, the rows as sent, what was published, and the archive. What dbt makes, the outbox and the
history of runs are not: a night makes them anew. Neither is the inbox: what waits there is its sender's, and a rejected
export may name buyers, which no copy should outlive.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ocop_pipeline.errors import OcopError
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.warehouse.dumping import bring_back, dump
from ocop_pipeline.warehouse.migrations import require_known
from ocop_pipeline.warehouse.server import Warehouse

MANIFEST, DUMP, ARCHIVE = "manifest.json", "warehouse.dump", "archive"


class BackupError(OcopError):
    """A backup cannot be made, is not whole, or cannot be restored there; one line with what to do."""


class Copied(BaseModel):
    """A file of a backup: its size and what it holds."""

    model_config = ConfigDict(frozen=True)

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What one backup holds, written last: a folder without it is none.

    `revision` is that of the tables, `rows` are the rows by table, `archive` the files by path below the archive, which
    all backups of a folder share.
    """

    model_config = ConfigDict(frozen=True)

    made_at: datetime
    version: str
    revision: str | None = None
    dump: Copied
    rows: dict[str, int]
    archive: dict[str, Copied]


def backup(settings: Settings, warehouse: Warehouse, folder: Path) -> tuple[Path, Manifest]:
    """Make a backup in a folder of its own below `folder`; files of the archive that are there are not copied again.

    The ledger names a file when it lies in the archive already, so the archive, copied after the dump, holds all that
    the dump names. A BackupError names a file that is missing.
    """
    now = datetime.now(tz=VIETNAM)
    place = folder / f"{now:%Y-%m-%dT%H%M%S}"
    with _told(folder):
        known = next((manifest.archive for _, manifest in backups(folder)), {})
        place.mkdir(parents=True)
        contents = dump(warehouse, (place / DUMP).resolve())
        archive = {path: _keep(settings.archive, folder / ARCHIVE, path, known.get(path)) for path in contents.archived}
        manifest = Manifest(
            made_at=now,
            version=version("ocop-pipeline"),
            revision=contents.revision,
            dump=_look(place / DUMP),
            rows=contents.rows,
            archive=archive,
        )
        draft = place / "manifest.part"
        draft.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        draft.replace(place / MANIFEST)
    return place, manifest


def backups(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    """The backups in a folder, the newest first; a BackupError names a manifest that cannot be read."""
    for path in sorted(folder.glob(f"*/{MANIFEST}"), reverse=True):
        try:
            yield path.parent, Manifest.model_validate_json(path.read_text(encoding="utf-8"))
        except (ValidationError, UnicodeDecodeError) as error:
            message = f"{path} cannot be read: take another backup"
            raise BackupError(message) from error


def restore(settings: Settings, warehouse: Warehouse, place: Path, manifest: Manifest) -> None:
    """Make an empty home hold what the backup holds; nothing is touched before every file of it was verified.

    A BackupError names what is missing or damaged, or that the home is not empty; a NewerVersionError says that a
    newer version made the backup.
    """
    require_known(manifest.revision, "the backup")
    if settings.archive.exists():
        message = f"{settings.archive} is there already; a backup is restored into an empty place only"
        raise BackupError(message)
    with _told(place):
        _verify(place / DUMP, manifest.dump)
        for path, copied in manifest.archive.items():
            _verify(place.parent / ARCHIVE / path, copied)
        contents = bring_back(warehouse, (place / DUMP).resolve(), ALL_FORMS)
        if contents.rows != manifest.rows:
            differing = [name for name, count in manifest.rows.items() if contents.rows.get(name) != count]
            message = f"the restored tables do not hold the rows they had: {', '.join(differing)}; take another backup"
            raise BackupError(message)
        for path, copied in manifest.archive.items():
            _copy(place.parent / ARCHIVE / path, settings.archive / path)
            _verify(settings.archive / path, copied)


def _keep(archive: Path, target: Path, path: str, known: Copied | None) -> Copied:
    """Copy a file of the archive unless it lies there; archived files never change, so a known one is not read."""
    kept = target / path
    if known and kept.is_file() and kept.stat().st_size == known.bytes:
        return known
    if not (archive / path).is_file():
        message = f"{archive / path} is missing though the ledger names it; put it back, or withdraw that file"
        raise BackupError(message)
    _copy(archive / path, kept)
    return _look(kept)


def _copy(source: Path, target: Path) -> None:
    """The file appears whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, draft)
    draft.replace(target)


def _look(path: Path) -> Copied:
    with path.open("rb") as file:
        return Copied(bytes=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def _verify(path: Path, copied: Copied) -> None:
    if not path.is_file() or _look(path) != copied:
        message = f"{path} is {'damaged' if path.exists() else 'missing'}; take another backup, or bring that file back"
        raise BackupError(message)


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"{error.filename or place}: {error.strerror or error}"
        raise BackupError(message) from error
