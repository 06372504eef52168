"""What one file leaves behind in the ledger: the shapes of its receipt.

Belongs here: frozen dataclasses, one per table of the ledger that a file writes to. Stays out: writing and reading
them (`ledger`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pyarrow as pa


class Outcome(StrEnum):
    """What became of a file as a whole."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_REJECTIONS = "accepted_with_rejections"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One file that arrived: the columns of `ingest.submission`.

    The period is [period_from, period_to). `inbox_path` is relative to the inbox, with slashes. `rule`,
    `place` and the reasons say why a file was rejected as a whole. `modified_at` is when the file was last written to,
    `arrived_at` when it was put into the inbox, `received_at` when it was taken in; `replay_of` the number of the file
    whose kept copy was read again, the first one where that was a replay itself; `exported_at` when a program made it.
    """

    source: str
    file_name: str
    inbox_path: str
    sha256: str
    size_bytes: int
    received_at: datetime
    outcome: Outcome
    run_id: str
    arrived_at: datetime | None = None
    unit_code: str | None = None
    period_label: str | None = None
    period_from: date | None = None
    period_to: date | None = None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rule: str | None = None
    place: str | None = None
    reason_vi: str | None = None
    reason_en: str | None = None
    duplicate_of: int | None = None
    archive_path: str | None = None
    modified_at: datetime | None = None
    replay_of: int | None = None
    exported_at: datetime | None = None


@dataclass(frozen=True)
class LoadPart:
    """The good rows of one form, unit and period: the columns `source_sheet`, `source_row` and any of the form's.

    With `is_superseding` they take the place of the rows that the same form, unit and period had before;
    without, they stand beside them and the models choose (order lines).
    """

    form: str
    unit_code: str
    period_from: date | None
    period_to: date | None
    rows: pa.Table
    is_superseding: bool = True


@dataclass(frozen=True)
class Blame:
    """A wrong cell of a refused row: its column in the sheet (1 is A; None when it was not sent), and why."""

    heading: str
    sheet_column: int | None
    reason_vi: str


@dataclass(frozen=True)
class QuarantinedRow:
    """One source row that was rejected: the rules it broke, the reasons, its cells as sent, and which are wrong."""

    form: str
    source_sheet: str
    source_row: int
    rules: tuple[str, ...]
    reasons_vi: str
    reasons_en: str
    cells: Mapping[str, Any]
    blamed: tuple[Blame, ...] = ()


@dataclass(frozen=True)
class RepairedCell:
    """One cell that was read as something else than it said: its place, both, and the rule that leaves no doubt."""

    form: str
    source_sheet: str
    source_row: int
    column_name: str
    said: str
    read: str
    rule: str


@dataclass(frozen=True)
class UsedCorrection:
    """A correction of a known error that met a cell of the file, or what it found in the place of that."""

    correction_id: str
    source_sheet: str | None
    source_row: int | None
    found: str | None
    is_applied: bool


@dataclass(frozen=True)
class Receipt:
    """All that one file leaves behind."""

    submission: Submission
    loads: tuple[LoadPart, ...] = ()
    quarantine: tuple[QuarantinedRow, ...] = ()
    repairs: tuple[RepairedCell, ...] = ()
    corrections: tuple[UsedCorrection, ...] = ()


@dataclass(frozen=True)
class Published:
    """The number the file got, and the submission as written: a duplicate when another process was faster.

    `replaced` are the files it took the place of, `newer_replaced` when one of them was written although that is
    later than this one. Of a duplicate `counted_until` says since when not all of the earlier file counts.
    """

    submission_id: int
    submission: Submission
    replaced: tuple[int, ...] = ()
    newer_replaced: datetime | None = None
    counted_until: datetime | None = None
