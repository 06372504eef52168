"""What became of the files that arrived: counts, and every file or row that goes back to its sender.

Belongs here: choosing from the ledger what people need to see. Stays out: judging.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocop_pipeline.corrections import Correction
from ocop_pipeline.reports.answer_files import answers_lying
from ocop_pipeline.reports.layout import objects, show
from ocop_pipeline.reports.repairs import file_warnings, repair_counts
from ocop_pipeline.reports.scorecard_sheet import Sheet
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.receipts import Outcome, Submission
from ocop_pipeline.warehouse.server import Role, Warehouse

OUTCOMES_VI = {
    Outcome.ACCEPTED: "đã nhận",
    Outcome.ACCEPTED_WITH_REJECTIONS: "đã nhận, có dòng bị trả lại",
    Outcome.REJECTED: "bị từ chối",
    Outcome.DUPLICATE: "trùng tệp đã nhận, không thay đổi",
}
STATES_VI = {
    **{str(outcome): words for outcome, words in OUTCOMES_VI.items()},
    "received": "trong hộp thư đến, chờ xử lý",
    "superseded": "đã được thay thế",
    "withdrawn": "đã rút",
}
"""What is true of a file now, as `ingest.submission_state` says; a file that still lies in the inbox is received."""
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
    "state",
    "replay_of",
    "withdrawal_reason",
)
_STATES = """
select submission_id, state, superseded_by, withdrawal_reason from ingest.submission_state
"""
_CORRECTIONS = """
select c.correction_id, c.is_applied, c.submission_id, s.inbox_path, c.source_sheet, c.source_row, c.found
from ingest.correction as c inner join ingest.submission as s using (submission_id) order by c.submission_id
"""
CORRECTION_COLUMNS = (
    *("correction_id", "use", "submission_id", "file", "sheet", "row", "column", "said", "correct", "found"),
    *("reason", "decided_on", "source"),
)
RETURNED_COLUMNS = ("file", "sheet", "row", "rule", "reason_vi", "reason_en", "answer")


@dataclass(frozen=True)
class Arrivals:
    """The files of one run or period: how many ended how, and what was returned.

    `returned` has one row per rejected file (row None) and per quarantined row, in the order of
    RETURNED_COLUMNS; `answer` is the workbook in the outbox while nothing has replaced the file.
    `duplicates` names each file that was there already, and the submission it repeats. `repaired` has the number of
    cells that were mended, by submission. `warnings` says what was taken for granted of a file as a whole.
    """

    outcomes: Counter[Outcome]
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    returned: tuple[tuple[str, str, int | None, str, str, str, str | None], ...]
    duplicates: tuple[tuple[str, int], ...]
    repaired: Mapping[int, int]
    warnings: tuple[tuple[str, str], ...]

    @property
    def is_clean(self) -> bool:
        """Nothing has to go back."""
        return not self.returned


def arrivals_of(warehouse: Warehouse, files: dict[int, Submission], outbox: Path) -> Arrivals:
    """Sum up these files of the ledger."""
    returned: list[tuple[str, str, int | None, str, str, str, str | None]] = []
    answers = answers_lying(outbox)
    for number, file in files.items():
        if file.outcome is Outcome.REJECTED:
            reasons = file.reason_vi or "", file.reason_en or ""
            returned.append((file.inbox_path, file.place or "", None, file.rule or "", *reasons, answers.get(number)))
        if file.outcome is Outcome.ACCEPTED_WITH_REJECTIONS:
            returned.extend(
                (
                    file.inbox_path,
                    row.source_sheet,
                    row.source_row,
                    ", ".join(row.rules),
                    row.reasons_vi,
                    row.reasons_en,
                    answers.get(number),
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
        file_warnings(warehouse, files),
    )


def submissions_of(warehouse: Warehouse, period: Period | None, waiting: Sequence[tuple[str, str]] = ()) -> Answer:
    """One row per file that arrived, in order of arrival; with `period`, those that report on a part of it.

    `state` is what is true of it now, `outcome` what it was when it was taken in, `superseded_by` the file that took
    the place of the last of its rows. Files `waiting` in the inbox, (source, path), are received and have no number.
    """
    files = ledger.submissions(warehouse, period=(period.start, period.end) if period else None)
    states = {row["submission_id"]: row for row in objects(fetch(warehouse, _STATES, role=Role.LOADER))}
    rows: list[tuple[Any, ...]] = [
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
            states[number]["superseded_by"],
            file.duplicate_of,
            file.reason_vi,
            file.reason_en,
            states[number]["state"],
            file.replay_of,
            states[number]["withdrawal_reason"],
        )
        for number, file in files.items()
    ]
    nothing = (None,) * 3
    rows += [
        (None, source, None, None, "received", *nothing, path, *nothing, None, "received", None, None)
        for source, path in waiting
    ]
    return Answer(_SUBMISSION_COLUMNS, tuple(rows))


def corrections_of(warehouse: Warehouse, corrections: Sequence[Correction]) -> Answer:
    """The inventory: one row per correction and cell it met, and one per correction that was never used.

    `use` is applied, stale (the file was there and says something else) or unused.
    """
    met: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in objects(fetch(warehouse, _CORRECTIONS, role=Role.LOADER)):
        met[row["correction_id"]].append(row)
    rows = []
    for one in corrections:
        for row in met[one.correction_id] or [{}]:
            use = "unused" if not row else "applied" if row["is_applied"] else "stale"
            place = (row.get(name) for name in ("submission_id", "inbox_path", "source_sheet", "source_row"))
            words = (one.column_name, one.said, one.correct, row.get("found"), one.reason, one.decided_on, one.source)
            rows.append((one.correction_id, use, *place, *words))
    return Answer(CORRECTION_COLUMNS, tuple(rows))


def correction_sheet(answer: Answer) -> Sheet:
    """The inventory for people."""
    words = {"applied": "đã áp dụng", "stale": "không còn khớp", "unused": "chưa dùng"}
    rows: list[list[str | None]] = []
    for row in objects(answer):
        place = (
            f"{row['file']} (#{row['submission_id']})\n{row['sheet'] or '?'}:{row['row'] or '?'}" if row["file"] else ""
        )
        cell = f"{row['column']}: {row['said']} → {row['correct']}"
        if row["use"] == "stale":
            cell += f"\n(tệp ghi: {row['found'] or ''})"
        rows.append([row["correction_id"], words[row["use"]], cell, place, f"{row['reason']} ({row['source']})"])
    return Sheet("Đính chính dữ liệu nguồn", ("Mã", "Tình trạng", "Ô", "Tệp", "Lý do"), rows)


def returned_of(warehouse: Warehouse, outbox: Path) -> Answer:
    """One row per file or row that went back to its sender, over all runs."""
    return Answer(RETURNED_COLUMNS, arrivals_of(warehouse, ledger.submissions(warehouse), outbox).returned)


SUBMISSION_TABLE = ("Số", "Đơn vị, kỳ", "Kết quả", "Dòng", "Tệp")


def submission_table(answer: Answer) -> list[tuple[str, ...]]:
    """The files of `submissions_of` worded for people, under SUBMISSION_TABLE."""
    return [_submission_row(dict(zip(answer.columns, row, strict=True))) for row in answer.rows]


def _submission_row(file: dict[str, Any]) -> tuple[str, ...]:
    outcome = STATES_VI[file["state"]]
    if file["state"] == Outcome.ACCEPTED_WITH_REJECTIONS and not file["rows_accepted"]:
        outcome = "đã nhận, mọi dòng bị trả lại"
    if file["superseded_by"]:
        outcome += f"; thay bằng số {file['superseded_by']}"
    if file["duplicate_of"]:
        outcome += f" (số {file['duplicate_of']})"
    if file["withdrawal_reason"]:
        outcome += f": {file['withdrawal_reason']}"
    if file["replay_of"]:
        outcome += f"; đọc lại số {file['replay_of']}"
    return (
        show(file["submission_id"]),
        f"{file['unit_code'] or '?'}\n{file['period'] or ''}",
        outcome,
        f"{show(file['rows_accepted'])} / {show(file['rows_read'])}",
        file["file"] + (f"\n{file['reason_vi']}" if file["reason_vi"] else ""),
    )
