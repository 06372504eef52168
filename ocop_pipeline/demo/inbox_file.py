"""A file of the demo's inbox, and the mistakes made in it on purpose.

Belongs here: the shape that the writers of the three sources share. Stays out: any particular layout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ocop_pipeline.contracts import Form
from ocop_pipeline.demo.workbook import Row, Rows, form_rows
from ocop_pipeline.settings import VIETNAM


@dataclass(frozen=True)
class Mistake:
    """A row that breaks one rule: `cells`, or without them a repetition of the sheet's last row.

    `folder` and `stem` name the file, `form` the sheet that the row is added to at the end.
    """

    rule: str
    folder: str
    stem: str
    form: str
    cells: Row | None = None


def morning_after(period_end: date, days: int) -> datetime:
    """Nine o'clock so many days after a period's last day; `period_end` is the first day that is not in it."""
    return datetime.combine(period_end + timedelta(days=days - 1), time(9), tzinfo=VIETNAM)


@dataclass(frozen=True)
class BadRow:
    """Where a mistake ended up; `row` is the row of the sheet or file, the headings being row 1."""

    path: str
    form: str
    row: int
    rule: str


@dataclass(frozen=True)
class InboxFile:
    """A file to be written at `path` under the inbox; `rows` counts the data rows of each form in it.

    `superseded` names the forms of which a later file of the same unit and period takes the place;
    `rejected_by` is the rule by which the whole file is turned away; `arrived` is when it was sent, None for just now.
    """

    path: str
    content: bytes
    rows: Mapping[str, int]
    bad_rows: tuple[BadRow, ...] = ()
    superseded: tuple[str, ...] = ()
    rejected_by: str | None = None
    arrived: datetime | None = None

    @property
    def source(self) -> str:
        """The source's folder, first part of the path."""
        return self.path.partition("/")[0]


@dataclass
class Sheets:
    """The sheets of one file while it is put together; mistakes meant for it are added by the way."""

    path: str
    mistakes: Sequence[Mistake]
    rows: dict[str, int] = field(default_factory=dict)
    bad_rows: list[BadRow] = field(default_factory=list)

    def sheet(self, form: Form, rows: Sequence[Row]) -> Rows:
        """Headings and rows of the form, as they go into the file."""
        found = list(rows)
        for mistake in self.mistakes:
            if mistake.form == form.name and self.path.partition(".")[0] == f"{mistake.folder}/{mistake.stem}":
                found.append(found[-1] if mistake.cells is None else mistake.cells)
                self.bad_rows.append(BadRow(self.path, form.name, len(found) + 1, mistake.rule))
        self.rows[form.name] = len(found)
        return form_rows(form, found)

    def file(self, content: bytes, superseded: tuple[str, ...] = (), arrived: datetime | None = None) -> InboxFile:
        """The finished file."""
        return InboxFile(self.path, content, self.rows, tuple(self.bad_rows), superseded, arrived=arrived)
