"""Answers to senders: for each file that was not clean, a workbook in the outbox that says what is wrong where.

Belongs here: which answers lie in the outbox, and what the ledger says for them. Stays out: their names
(`answer_files`), when they are written (`defs`), and what the workbook looks like (`answer_workbook`).
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path, PurePosixPath

from openpyxl.utils import column_index_from_string

from ocop_pipeline.contracts import Archive, Source
from ocop_pipeline.inbox import rejected_copy
from ocop_pipeline.reports.answer_files import answer_path, answers_lying
from ocop_pipeline.reports.answer_workbook import Finding, Returned, Sent, answer_workbook
from ocop_pipeline.reports.layout import show
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.sandbox import Sandbox
from ocop_pipeline.vietnamese.text import heading_key
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.receipts import Blame, Outcome, QuarantinedRow, Submission
from ocop_pipeline.warehouse.server import Role, Warehouse

_OPEN = "select distinct submission_id from ingest.open_return where source = :source order by submission_id"
_OF_OTHERS = "select submission_id from ingest.submission where source != :source and submission_id = any(:numbers)"
_PLACE = re.compile(r"^(?P<sheet>.*):(?P<column>[A-Z]{0,3})(?P<row>\d+)$")
_MOST_LISTED = 1000
"""Wrong places in one answer: nobody works through more, and a comment for each makes a workbook slow."""
_LABELS = {
    "period_unreadable": "Kỳ báo cáo",
    "unit_unknown": "Đơn vị báo cáo",
    "unit_contradiction": "Đơn vị báo cáo",
}
"""Beside which label of the header sheet the cell stands that a rejection blames."""


@dataclass
class Answers:
    """What became of the answers, by path in the outbox; `failed` has the reason."""

    lying: dict[int, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def write_answers(source: Source, settings: Settings, warehouse: Warehouse) -> Answers:
    """Bring the source's answers up to the ledger: written once, removed when an accepted file took the place.

    Only sources with forms that units fill in have any. Handed back is what the archive keeps: the file as it came, or,
    where such files may name people, a workbook of its form alone. What cannot be written stops nothing.
    """
    answers = Answers()
    if not source.filled_in:
        return answers
    wanted = [row[0] for row in fetch(warehouse, _OPEN, {"source": source.name}, role=Role.LOADER).rows]
    lying = answers_lying(settings.outbox)
    asked = {"source": source.name, "numbers": list(lying)}
    others = {row[0] for row in fetch(warehouse, _OF_OTHERS, asked, role=Role.LOADER).rows}
    for number in lying.keys() - set(wanted) - others:
        _remove(settings.outbox, lying[number], answers)
    missing = [number for number in wanted if number not in lying]
    if missing:
        reference = Reference.load(settings.seeds, settings.mappings)
        files = ledger.submissions(warehouse)
        with Sandbox(reference) as sandbox:
            for number in missing:
                file = files[number]
                returned = _returned(source, file, ledger.quarantine_of(warehouse, number), reference)
                sent = _sent(source, file, settings, returned.findings)
                content = _content(source, file.file_name, returned, sent, sandbox)
                _write(settings.outbox, answer_path(number, file, reference), content, answers)
    answers.lying = {number: path for number, path in answers_lying(settings.outbox).items() if number in wanted}
    return answers


def _returned(source: Source, file: Submission, rows: Sequence[QuarantinedRow], reference: Reference) -> Returned:
    is_rejected = file.outcome is Outcome.REJECTED
    last_day = (file.period_to or file.received_at.date()) - timedelta(days=1)
    unit = reference.unit(file.unit_code, last_day) if file.unit_code else None
    facts = _facts(file, f"{unit.name} ({unit.code})" if unit else "chưa rõ")
    findings = _refusals(source, file, rows) if rows else _rejection(file)
    if len(findings) > _MOST_LISTED:
        more = f"{show(len(findings) - _MOST_LISTED)} chỗ sai nữa chưa nêu ở đây; sẽ nêu khi gửi lại."
        facts = (*facts, ("Còn lại", more))
    return Returned(facts, is_rejected, findings[:_MOST_LISTED])


def _content(source: Source, file_name: str, returned: Returned, sent: Sent | None, sandbox: Sandbox) -> bytes:
    try:
        return sandbox.call(file_name, source.limits, answer_workbook, returned, sent, source)
    except FileRejectedError:
        # Opening it killed the child: the sender still gets the list.
        return answer_workbook(returned, None, source)


def _sent(source: Source, file: Submission, settings: Settings, findings: Sequence[Finding]) -> Sent | None:
    is_redacted = source.archive is Archive.REDACTED
    if file.archive_path:
        path: Path | None = settings.archive / file.archive_path
    elif is_redacted:
        # Nobody could tell what a rejected file says of people.
        return None
    else:
        path = rejected_copy(source, file.sha256, settings.rejected)
    if path is None or not path.is_file() or file.rule == "file_dangerous":
        return None
    forms = {heading_key(form.sheet) for form in source.forms}
    sheet = next((finding.sheet for finding in findings if heading_key(finding.sheet) in forms), None)
    named = (form.sheet for form in source.forms if heading_key(file.file_name).startswith(form.name))
    header = (("Kỳ báo cáo", file.period_label or ""), ("Đơn vị báo cáo", file.unit_code or ""))
    suffix = PurePosixPath(file.file_name).suffix.lower()
    return Sent(path, suffix, sheet or next(named, "Dữ liệu"), header, is_redacted)


def _facts(file: Submission, unit_name: str) -> tuple[tuple[str, str], ...]:
    if file.outcome is Outcome.REJECTED:
        outcome = "Cả tệp bị từ chối, chưa nhận dòng nào."
    else:
        outcome = (
            f"Đã nhận {show(file.rows_accepted)} dòng trong số {show(file.rows_read)}; "
            f"{show(file.rows_rejected)} dòng bị trả lại, chưa được tính."
        )
    return (
        ("Tệp", file.file_name),
        ("Đơn vị", unit_name),
        ("Kỳ báo cáo", file.period_label or "chưa rõ"),
        ("Nhận lúc", f"{file.received_at:%H:%M ngày %d/%m/%Y}"),
        ("Kết quả", outcome),
    )


def _rejection(file: Submission) -> tuple[Finding, ...]:
    place = file.place or ""
    match = _PLACE.match(place)
    sheet, row = (match["sheet"], int(match["row"])) if match else (place, None)
    columns = (column_index_from_string(match["column"]),) if match and match["column"] else ()
    if sheet == file.file_name:
        sheet = ""
    label = _LABELS.get(file.rule or "", "")
    if label:
        sheet = "Thông tin"
    return (Finding(sheet, row, columns, label, "", file.reason_vi or "", label),)


def _refusals(source: Source, file: Submission, rows: Sequence[QuarantinedRow]) -> tuple[Finding, ...]:
    """A finding per wrong cell; where a workbook of its form stands for the file, in that."""
    is_csv = file.file_name.lower().endswith(".csv")
    is_redacted = source.archive is Archive.REDACTED and file.outcome is not Outcome.REJECTED
    findings = []
    order = {form.name: position for position, form in enumerate(source.forms)}
    for row in sorted(rows, key=lambda row: (order.get(row.form, 0), row.source_row)):
        form = source.form(row.form)
        sheet = form.sheet if form in source.filled_in and (is_csv or is_redacted) else row.source_sheet
        places = {column.heading: position for position, column in enumerate(form.columns, 1)}
        for reason, blames in _blamed(row).items():
            headings = [blame.heading for blame in blames]
            said = [str(row.cells[heading]) for heading in headings if row.cells.get(heading) is not None]
            found = [places[blame.heading] if is_redacted else blame.sheet_column for blame in blames]
            columns = tuple(position for position in found if position is not None)
            findings.append(Finding(sheet, row.source_row, columns, ", ".join(headings), "; ".join(said), reason))
    return tuple(findings)


def _blamed(row: QuarantinedRow) -> Mapping[str, list[Blame]]:
    """The wrong cells by reason; of a row that was refused before cells were recorded, all reasons in one."""
    found: dict[str, list[Blame]] = defaultdict(list)
    for blame in row.blamed:
        found[blame.reason_vi].append(blame)
    return found or {row.reasons_vi: []}


def _write(outbox: Path, path: str, content: bytes, answers: Answers) -> None:
    target = outbox / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".part")
        draft.write_bytes(content)
        draft.replace(target)
        answers.written.append(path)
    except OSError as error:
        answers.failed[path] = error.strerror or str(error)


def _remove(outbox: Path, path: str, answers: Answers) -> None:
    try:
        (outbox / path).unlink()
        answers.removed.append(path)
    except OSError as error:
        answers.failed[path] = error.strerror or str(error)
