"""What reading a file gives: its parts as text with their places, or one clear reason why not.

Belongs here: the shapes that every source's `read` returns and the exception that rejects a file.
Stays out: how any particular source reads.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from ocop_pipeline.vietnamese.numbers import NumberStyle
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.vietnamese.personal import hide_personal
from ocop_pipeline.vietnamese.text import normalise

SOURCE_ROW = "source_row"
SOURCE_SHEET = "source_sheet"


class NotComputed(str):
    """A cell that shows an error ("#REF!") or holds a formula whose value was never stored ("=D2*E2")."""

    __slots__ = ()


@dataclass(frozen=True)
class Arrival:
    """A file in the inbox: `folder` is the unit's or shop's folder it lies in, "" at the top."""

    path: Path
    folder: str


@dataclass(frozen=True)
class Repair:
    """One cell that was read as something else than it said, by a rule that leaves no doubt.

    `column` is the form's column, `said` what the cell holds and `read` what was taken for it; `rule` names why.
    """

    source_sheet: str
    source_row: int
    column: str
    said: str
    read: str
    rule: str


@dataclass(frozen=True)
class WrongTotal:
    """A cell of a row of totals that the rows do not add up to: its place (row and column from 1), and why."""

    row: int
    column: int
    heading: str
    said: str
    reason_vi: str
    reason_en: str


@dataclass(frozen=True)
class Part:
    """The rows of one form for one unit and period.

    `rows` has the column `source_row` (1 is the first row of the sheet or file) and one column per contract
    column, cells as they came: text, or the number or date of a spreadsheet cell, or None. A column
    `source_sheet`, where there is one, says it row by row instead of `sheet`.
    `number_style` and `time_format` say how text cells are to be read; `replaces` is False where the newest
    version of a row counts, instead of the newest version of the whole part. `communes_of` is the unit whose
    communes are meant, where that is not `unit_code`. `repairs` are the cells that were mended while the file was
    taken apart; those mended while cells are typed come on top (`cells`). `columns` says where in the sheet each
    form column stands that was sent (1 is column A); empty where cells are not handed back to their sender. A file
    with `wrong_totals` is judged, so that all that is wrong is told at once, and not accepted.
    """

    form: str
    unit_code: str
    period: Period
    sheet: str
    rows: pd.DataFrame
    number_style: NumberStyle = "vi"
    time_format: str | None = None
    replaces: bool = True
    communes_of: str | None = None
    repairs: tuple[Repair, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    wrong_totals: tuple[WrongTotal, ...] = ()


@dataclass(frozen=True)
class Document:
    """A file that could be read; `exported_at` is when a program made it, where the newest export of a row counts.

    A large file comes as several, piece after piece. Period and `exported_at` are then those of all that has been read
    so far, so that the last one, which `is_last`, says them of the file. One that `lists_persons` beside what was read
    is not kept should it be rejected later.
    """

    unit_code: str
    period: Period
    parts: tuple[Part, ...]
    exported_at: datetime | None = None
    is_last: bool = True
    lists_persons: bool = False


def whole(pieces: Iterable[Document]) -> Document:
    """The document of a file that came in pieces, each with the same parts."""
    read = list(pieces)
    parts = (
        replace(same[-1], rows=pd.concat([part.rows for part in same], ignore_index=True))
        for same in zip(*(piece.parts for piece in read), strict=True)
    )
    return read[0] if len(read) == 1 else replace(read[-1], parts=tuple(parts))


class FileRejectedError(Exception):
    """The file as a whole cannot be accepted: where in the file, which rule, and why, in both languages.

    What they quote of the file is said without personal data. `unit_code` and `period` are whose report it is and of
    when, where that could be read before it failed. A file that `lists_persons` is not kept, not even among the
    rejected.
    """

    def __init__(self, place: str, rule: str, reason_vi: str, reason_en: str) -> None:
        """Keep the four parts; all are positional so that the error survives being sent between processes."""
        place, reason_vi, reason_en = (hide_personal(normalise(said)) for said in (place, reason_vi, reason_en))
        super().__init__(place, rule, reason_vi, reason_en)
        self.place, self.reason_vi, self.reason_en = place, reason_vi, reason_en
        self.rule = rule
        self.unit_code: str | None = None
        self.period: Period | None = None
        self.lists_persons = False


@contextmanager
def speaking_for(unit_code: str, period: Period) -> Iterator[None]:
    """Whatever rejects the file from here on, it says whose report of which period is rejected."""
    try:
        yield
    except FileRejectedError as error:
        error.unit_code, error.period = unit_code, period
        raise
