"""Files on their way: lying in the inbox, then in the archive or among the rejected.

Belongs here: which files have arrived, their hashes, and moving them without losing one. Stays out: what is
in them, and what the ledger says.
"""

import hashlib
import re
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any, Self

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from ocop_pipeline.contracts import Archive, Source
from ocop_pipeline.errors import OcopError
from ocop_pipeline.formulas import disarmed
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources.arrow_text import begins_with_any, taken, texts_of
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError
from ocop_pipeline.vietnamese.personal import hide_personal
from ocop_pipeline.vietnamese.text import normalise

_HASH_SHOWN = 12
_HASH_OF_NOTHING = hashlib.sha256().hexdigest()
NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|]')
"""What Windows, which may look at the folders over the network, takes for a path or refuses."""
_REASON_SUFFIX = ".ly-do.txt"
_REDACTED = ".redacted.csv"
_BEFORE_FORMULAS = bytes(sign for sign in range(256) if not bytes([sign]).isalnum())
"""First bytes of texts that a spreadsheet may run: signs, white space, and what is not ASCII."""
_NAME_BYTES = 180
"""A file system takes names of 255 bytes; ours have a hash before and a suffix behind."""


class InboxError(OcopError):
    """There can be no inbox there; one line with what to do."""


@dataclass(frozen=True)
class Stamp:
    """What changes when a file is written to or replaced; and, not compared, when it last became what it is, where."""

    modified_ns: int
    size_bytes: int
    inode: int
    changed_ns: int = field(compare=False)

    @property
    def modified_at(self) -> datetime:
        """When the file was last written to; a copy may keep the time of its original."""
        return datetime.fromtimestamp(self.modified_ns / 1e9, tz=VIETNAM)

    @property
    def lying_since(self) -> datetime:
        """When the file was put where it lies, or later if it was renamed there: nobody can set that time."""
        return datetime.fromtimestamp(self.changed_ns / 1e9, tz=VIETNAM)


def make_folders(sources: Sequence[Source], inbox: Path) -> bool:
    """Make the folder of each source, and whether one was missing; an InboxError says that it cannot be made."""
    missing = [folder for source in sources if not (folder := inbox / source.name).is_dir()]
    try:
        for folder in missing:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder} cannot be made ({error.strerror}): give this account the folder, or set OCOP_HOME"
        raise InboxError(message) from error
    return bool(missing)


def list_arrivals(source: Source, inbox: Path) -> list[Arrival]:
    """The files of a source in the order they arrived: by second of modification, then by path.

    Hidden files and Excel's lock files (`~$...`) are no submissions; nor are links, which could name any file
    that the pipeline may read and the sender may not.
    """
    root = inbox / source.name
    found = [(path, stamp) for path in root.rglob("*") if (stamp := stamp_of(path)) is not None]
    found.sort(key=lambda item: (item[1].modified_ns // 1_000_000_000, str(item[0])))
    return [
        Arrival(path, _folder(path.relative_to(root))) for path, _ in found if not _is_hidden(path.relative_to(root))
    ]


def waiting_files(sources: Sequence[Source], inbox: Path) -> list[tuple[str, str]]:
    """Source and path of each file that lies in the inbox and has not been taken in yet."""
    return [(source.name, shown_path(arrival, inbox)) for source in sources for arrival in list_arrivals(source, inbox)]


def stamp_of(path: Path) -> Stamp | None:
    """The file's stamp; None for what is gone or is no ordinary file."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)


def arrived_at(stamp: Stamp | None, now: datetime, emptied_before: datetime | None) -> datetime:
    """When a file was put into the inbox: its time of modification, as far as that can be true.

    Copying may keep an old time and anybody may set one, but what was not there when the inbox was last emptied
    came later, and nothing comes from the future.
    """
    modified = datetime.fromtimestamp(stamp.modified_ns // 1_000_000_000, tz=now.tzinfo) if stamp else now
    return min(max(modified, emptied_before or modified), now)


def shown_path(arrival: Arrival, inbox: Path) -> str:
    """The file's path inside the inbox as the ledger keeps it: with slashes, as text on one line, naming nobody."""
    return "/".join(shown_name(part) for part in arrival.path.relative_to(inbox).parts)


def shown_name(name: str) -> str:
    """A file's or folder's name as the ledger keeps it: what is left of it without personal data, and its suffix."""
    path = PurePath(normalise(name))
    return hide_personal(path.stem) + path.suffix


def sha256(path: Path) -> str:
    """Hash of the file's bytes: what it is known by. FileRejectedError when it cannot be opened."""
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise FileRejectedError(
            path.name,
            "file_unreadable",
            "Không mở được tệp (không có quyền đọc hoặc ổ đĩa lỗi). Hãy gửi lại.",
            f"The file cannot be opened ({error.strerror}); send it again.",
        ) from error


def require_acceptable(source: Source, arrival: Arrival, digest: str) -> None:
    """FileRejectedError for a file that need not be opened: of another kind, or of no bytes."""
    if arrival.path.suffix.lower() not in source.suffixes:
        allowed = ", ".join(source.suffixes)
        raise FileRejectedError(
            arrival.path.name,
            "extension_not_accepted",
            f"Chỉ nhận tệp {allowed}.",
            f"Only {allowed} files are accepted here.",
        )
    if digest == _HASH_OF_NOTHING:
        raise FileRejectedError(arrival.path.name, "file_empty", "Tệp rỗng (0 byte).", "The file is empty (0 bytes).")


class Archiving:
    """What the archive keeps of one file, by its source's policy, written piece after piece while the file is read.

    Redacted is the content as read: only the columns of the contract, never those that name a person. A text that a
    spreadsheet would run has an apostrophe before it. Nothing is there under its name before `keep`.
    """

    def __init__(self, source: Source, arrival: Arrival, digest: str, archive_root: Path) -> None:
        """Nothing is written yet."""
        name = _kept_name(arrival.path.name, digest) + (_REDACTED if source.archive is Archive.REDACTED else "")
        self._policy = source.archive
        self._original = arrival.path
        self._root = archive_root
        self._target = archive_root / source.name / arrival.folder / name
        self._unfinished = self._target.with_name(f".{digest[:_HASH_SHOWN]}.unfinished")
        self._is_new = False

    def __enter__(self) -> Self:
        """Ready for the first piece: what a killed run has begun is begun anew."""
        self._unfinished.unlink(missing_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Leave nothing unfinished.

        What has its name stays whatever happened: an error does not tell whether the ledger knows the file, and if it
        does not, it will.
        """
        self._unfinished.unlink(missing_ok=True)

    def add(self, piece: Document) -> None:
        """Write a piece as it was read."""
        if self._policy is Archive.REDACTED:
            is_first = not self._unfinished.exists()
            _ensure_folder(self._target)
            content = pd.concat([part.rows.assign(form=part.form, sheet=part.sheet) for part in piece.parts])
            with self._unfinished.open("ab") as stream:
                table = pa.table({str(name): pa.array(_disarmed(content[name])) for name in content})
                csv.write_csv(table, stream, csv.WriteOptions(include_header=is_first))

    def keep(self) -> str | None:
        """Give the file its name in the archive, and answer with that; None when nothing is kept."""
        self._is_new = not self._target.exists()
        match self._policy:
            case Archive.NONE:
                return None
            case Archive.ORIGINAL:
                _ensure_folder(self._target)
                shutil.copy2(self._original, self._unfinished)
                self._unfinished.rename(self._target)
            case Archive.REDACTED:
                self._unfinished.rename(self._target)
        return str(self._target.relative_to(self._root))

    def forget(self) -> None:
        """Undo `keep`, unless the archive had the file before."""
        if self._is_new:
            self._target.unlink(missing_ok=True)


def reject(source: Source, arrival: Arrival, digest: str, error: FileRejectedError, rejected_root: Path) -> None:
    """Move a file that cannot be accepted out of the inbox, with the reason in a text file beside it.

    Of a list of persons only the reason stays, also where the same file was kept before.
    """
    target = rejected_root / source.name / arrival.folder / _kept_name(arrival.path.name, digest)
    _ensure_folder(target)
    reasons = f"{error.reason_vi}\n{error.reason_en}\n"
    # First: by it a rejected file is known, and deleted in time.
    _reason_beside(target).write_text(reasons, encoding="utf-8")
    if error.lists_persons:
        arrival.path.unlink()
        while kept := rejected_copy(source, digest, rejected_root):
            kept.unlink()
    else:
        shutil.move(arrival.path, target)


def rejected_copy(source: Source, digest: str, rejected_root: Path) -> Path | None:
    """Where a rejected file lies now; None when nobody could open it or it is gone."""
    found = (rejected_root / source.name).rglob(f"{digest[:_HASH_SHOWN]}-*") if digest else ()
    return next((path for path in sorted(found) if not path.name.endswith(_REASON_SUFFIX)), None)


def expire_rejected(source: Source, rejected_root: Path, after: timedelta) -> list[str]:
    """Delete the files that have lain rejected for longer: nobody could drop what they say of persons.

    The paths of what was deleted. A file's age is that of the reason beside it, which was written when it was rejected.
    """
    deleted = []
    limit = datetime.now(tz=VIETNAM) - after
    for reason in sorted((rejected_root / source.name).rglob(f"*{_REASON_SUFFIX}")):
        if datetime.fromtimestamp(reason.stat().st_mtime, tz=VIETNAM) < limit:
            path = reason.with_name(reason.name.removesuffix(_REASON_SUFFIX))
            take_out_rejected(path)
            deleted.append(str(path.relative_to(rejected_root.parent)))
    return deleted


def take_out_rejected(path: Path) -> None:
    """Remove a file that lay rejected, and the reason beside it, once it has been accepted after all."""
    path.unlink(missing_ok=True)
    _reason_beside(path).unlink(missing_ok=True)


def folder_of(inbox_path: str) -> str:
    """The unit's or shop's folder of a file by its path inside the inbox; "" at the top."""
    return _folder(Path(*Path(inbox_path).parts[1:]))


def take_out(arrival: Arrival, stamp: Stamp | None) -> None:
    """Remove a file from the inbox after the ledger and the archive have it, unless a newer one took its place."""
    if stamp_of(arrival.path) == stamp:
        arrival.path.unlink()


def _disarmed(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """The column with its formulas as text; looked at once for each value, because exports repeat theirs."""
    if not pd.api.types.is_object_dtype(column.dtype) and column.dtype != "str":
        return column
    texts = column.map(str, na_action="ignore").astype("str") if column.dtype != "str" else column
    if not begins_with_any(texts_of(texts), _BEFORE_FORMULAS):
        return texts
    distinct = texts_of(texts).dictionary_encode()
    return taken(distinct, [disarmed(str(text)) for text in distinct.dictionary.to_pylist()])


def _reason_beside(path: Path) -> Path:
    return path.with_name(path.name + _REASON_SUFFIX)


def _kept_name(file_name: str, digest: str) -> str:
    """The hash, then the name; of a long name its end, which says what kind of file it is."""
    name = NOT_IN_A_NAME.sub("_", shown_name(file_name)).encode()[-_NAME_BYTES:].decode(errors="ignore")
    return f"{digest[:_HASH_SHOWN]}-{name}"


def _folder(relative: Path) -> str:
    return relative.parts[0] if len(relative.parts) > 1 else ""


def _is_hidden(relative: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in relative.parts)


def _ensure_folder(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)


def list_strays(sources: Sequence[Source], inbox: Path) -> list[str]:
    """Paths of what nobody will ever read: files in no source's folder, links, and what is no file."""
    known = {source.name for source in sources} | {"rejected"}
    suffixes = {suffix for source in sources for suffix in source.suffixes}
    found = [path for path in inbox.rglob("*") if path.is_symlink() or not path.is_dir()]
    return sorted(
        normalise(path.relative_to(inbox).as_posix())
        for path in found
        if _is_unread(path, path.relative_to(inbox), known, suffixes)
    )


def _is_unread(path: Path, place: Path, known: set[str], suffixes: set[str]) -> bool:
    """Excel's lock files and what a system keeps beside files is nothing that was sent."""
    if place.parts[0] == "rejected" or path.name.startswith(("~$", "._")):
        return False
    if _is_hidden(place):
        return path.suffix.lower() in suffixes
    return place.parts[0] not in known or stamp_of(path) is None
