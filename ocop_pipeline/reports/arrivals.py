"""What became of the files that arrived: counts, and every file or row that goes back to its sender.

Belongs here: choosing from the ledger what people need to see. Stays out: judging.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ocop_pipeline.reports.layout import show
from ocop_pipeline.reports.repairs import repair_counts
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.ledger import Outcome, Submission
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

OUTCOMES_VI = {
    Outcome.ACCEPTED: "đã nhận",
    Outcome.ACCEPTED_WITH_REJECTIONS: "đã nhận, có dòng bị trả lại",
    Outcome.REJECTED: "bị từ chối",
    Outcome.DUPLICATE: "trùng tệp đã nhận, không thay đổi",
}
_SUBMISSION_COLUMNS = (
    "submission_id",
    "source",
    "unit_code",
    "period",
    "outcome",
    "rows_read",
    "rows_accepted",
    "rows_rejected",
    "file",
    "superseded_by",
    "duplicate_of",
    "reason_vi",
    "reason_en",
)
_SUPERSEDED = """
select replaced.submission_id, max(closing.submission_id) as superseded_by
from ingest.load as replaced
inner join ingest.load as closing on closing.load_id = replaced.closed_by
group by replaced.submission_id
having count(*) = (select count(*) from ingest.load as l where l.submission_id = replaced.submission_id)
"""
RETURNED_COLUMNS = ("file", "sheet", "row", "rule", "reason_vi", "reason_en")


@dataclass(frozen=True)
class Arrivals:
    """The files of one run or period: how many ended how, and what was returned.

    `returned` has one row per rejected file (row None) and per quarantined row, in the order of
    RETURNED_COLUMNS. `duplicates` names each file that was there already, and the submission it repeats.
    `repaired` has the number of cells that were mended, by submission.
    """

    outcomes: Counter[Outcome]
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    returned: tuple[tuple[str, str, int | None, str, str, str], ...]
    duplicates: tuple[tuple[str, int], ...]
    repaired: Mapping[int, int]

    @property
    def is_clean(self) -> bool:
        """Nothing has to go back."""
        return not self.returned


def arrivals_of(warehouse: Warehouse, files: dict[int, Submission]) -> Arrivals:
    """Sum up these files of the ledger."""
    returned: list[tuple[str, str, int | None, str, str, str]] = []
    for number, file in files.items():
        if file.outcome is Outcome.REJECTED:
            reasons = file.reason_vi or "", file.reason_en or ""
            returned.append((file.inbox_path, file.place or "", None, file.rule or "", *reasons))
        if file.outcome is Outcome.ACCEPTED_WITH_REJECTIONS:
            returned.extend(
                (
                    file.inbox_path,
                    row.source_sheet,
                    row.source_row,
                    ", ".join(row.rules),
                    row.reasons_vi,
                    row.reasons_en,
                )
                for row in ledger.quarantine_of(warehouse, number)
            )
    return Arrivals(
        Counter(file.outcome for file in files.values()),
        sum(file.rows_read for file in files.values()),
        sum(file.rows_accepted for file in files.values()),
        sum(file.rows_rejected for file in files.values()),
        tuple(returned),
        tuple((file.inbox_path, file.duplicate_of) for file in files.values() if file.duplicate_of is not None),
        repair_counts(warehouse, files),
    )


def submissions_of(warehouse: Warehouse, period: Period | None) -> Answer:
    """One row per file that arrived, in order of arrival; with `period`, those that report on a part of it.

    `superseded_by` is the file that took the place of all its rows.
    """
    files = ledger.submissions(warehouse, period=(period.start, period.end) if period else None)
    superseded = dict(fetch(warehouse, _SUPERSEDED, role=Role.LOADER).rows)
    rows = tuple(
        (
            number,
            file.source,
            file.unit_code,
            file.period_label,
            str(file.outcome),
            file.rows_read,
            file.rows_accepted,
            file.rows_rejected,
            file.inbox_path,
            superseded.get(number),
            file.duplicate_of,
            file.reason_vi,
            file.reason_en,
        )
        for number, file in files.items()
    )
    return Answer(_SUBMISSION_COLUMNS, rows)


def returned_of(warehouse: Warehouse) -> Answer:
    """One row per file or row that went back to its sender, over all runs."""
    return Answer(RETURNED_COLUMNS, arrivals_of(warehouse, ledger.submissions(warehouse)).returned)


SUBMISSION_TABLE = ("Số", "Đơn vị, kỳ", "Kết quả", "Dòng", "Tệp")


def submission_table(answer: Answer) -> list[tuple[str, ...]]:
    """The files of `submissions_of` worded for people, under SUBMISSION_TABLE."""
    return [_submission_row(dict(zip(answer.columns, row, strict=True))) for row in answer.rows]


def _submission_row(file: dict[str, Any]) -> tuple[str, ...]:
    outcome = OUTCOMES_VI[Outcome(file["outcome"])]
    if file["superseded_by"]:
        outcome += f"; thay bằng số {file['superseded_by']}"
    if file["duplicate_of"]:
        outcome += f" (số {file['duplicate_of']})"
    return (
        str(file["submission_id"]),
        f"{file['unit_code'] or '?'}\n{file['period'] or ''}",
        outcome,
        f"{show(file['rows_accepted'])} / {show(file['rows_read'])}",
        file["file"] + (f"\n{file['reason_vi']}" if file["reason_vi"] else ""),
    )
