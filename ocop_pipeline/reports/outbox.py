"""Workbooks in the outbox that are brought up to the warehouse every night.

Belongs here: writing those that changed, removing those that are wanted no more, and telling what became of each. Stays
out: which workbooks there are, and what they say.
"""

from dataclasses import dataclass, field
from pathlib import Path


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

    def keep(self, path: str, content: bytes, count: int) -> None:
        """Write the workbook unless it lies there as it should be; it appears whole."""
        target = self.root / path
        try:
            if not target.exists() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                draft = target.with_suffix(".part")
                draft.write_bytes(content)
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
