"""Workbooks in the outbox that are brought up to the warehouse every night.

Belongs here: writing those that changed, removing those that are wanted no more, and telling what became of each. Stays
out: which workbooks there are, and what they say.
"""

import hashlib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile, ZipFile

MADE_OF = "made_of"
"""The property of a workbook that says what it was made of, so that nobody makes it anew to see that it would be the
same: a nation's disagreements are hundreds of workbooks."""
_PROPERTIES = "docProps/custom.xml"


@dataclass
class Outbox:
    """What became of the workbooks, by path below `root`: `lying` are those that are as they should be.

    `lying` counts what each of them lists. `failed` are those that could not be written or removed, with the reason.
    """

    root: Path
    lying: dict[str, int] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def keep(self, path: str, make: Callable[..., bytes], said: Sequence[object], count: int) -> None:
        """Write the workbook that `make` makes of what it is to say, unless it lies there already; it appears whole.

        `make` gets a hash of that and of its own module first, to be the workbook's property MADE_OF.
        """
        target = self.root / path
        made_of = hashlib.sha256(f"{_program(make)} {said!r}".encode()).hexdigest()
        try:
            if not _says(target, made_of):
                target.parent.mkdir(parents=True, exist_ok=True)
                draft = target.with_suffix(".part")
                draft.write_bytes(make(made_of, *said))
                draft.replace(target)
                self.written.append(path)
            self.lying[path] = count
        except OSError as error:
            self.failed[path] = error.strerror or str(error)

    def remove(self, path: str) -> None:
        """Remove a workbook that is wanted no more."""
        try:
            (self.root / path).unlink()
            self.removed.append(path)
        except OSError as error:
            self.failed[path] = error.strerror or str(error)


@lru_cache
def _program(make: Callable[..., bytes]) -> str:
    return hashlib.sha256(Path(inspect.getfile(make)).read_bytes()).hexdigest()


def _says(target: Path, made_of: str) -> bool:
    try:
        with ZipFile(target) as workbook:
            return made_of.encode() in workbook.read(_PROPERTIES)
    except (FileNotFoundError, BadZipFile, KeyError):
        return False
