"""From the inbox into the warehouse: receive, read, judge, write.

Belongs here: the order of these steps and what becomes of each file. Stays out: Dagster, SQL, and what any
source or rule says.

One bad file never stops the others. Every file that arrived ends in one state, and leaves the inbox only
after the ledger knows it: killed in between, the next run finds the file again and calls it a duplicate.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ocop_pipeline import inbox
from ocop_pipeline.contracts import Archive, Source
from ocop_pipeline.corrections import Correction, correct, load_corrections, stale_corrections
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.sandbox import Sandbox
from ocop_pipeline.verdict import Verdict, judge_batch, repaired_cell
from ocop_pipeline.vietnamese.periods import Period, find_period
from ocop_pipeline.vietnamese.text import normalise
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.receipts import LoadPart, Outcome, Published, Receipt, Submission, UsedCorrection
from ocop_pipeline.warehouse.server import Warehouse

_TAKEN_IN = {Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REJECTIONS}
_BATCH_ROWS = 200_000
"""Rows held in memory at once: files are judged together, because a validation costs 65 ms however small."""


@dataclass(frozen=True)
class Received:
    """A file in the inbox and what reading it gave; the number of the earlier one when the ledger has it.

    `stamp` is what it looked like before it was read; the digest is empty when it could not be opened. `sent` is the
    document as it was read, `result` with known errors corrected: `corrections` says which.
    """

    arrival: Arrival
    stamp: inbox.Stamp | None
    digest: str
    result: Document | FileRejectedError | int
    sent: Document | None = None
    corrections: tuple[UsedCorrection, ...] = ()

    @property
    def document(self) -> Document | None:
        """What was read, if it could be."""
        return self.result if isinstance(self.result, Document) else None


@dataclass(frozen=True)
class FormOutcome:
    """How many rows of one form this run accepted and refused."""

    rows_accepted: int = 0
    rows_rejected: int = 0


@dataclass(frozen=True)
class SourceOutcome:
    """What this run did to one source: its files in order of arrival, and its forms by name."""

    files: tuple[Published, ...] = ()
    forms: Mapping[str, FormOutcome] = field(default_factory=dict)


def ingest_source(
    source: Source, settings: Settings, warehouse: Warehouse, run_id: str, report: Callable[[str], None]
) -> SourceOutcome:
    """Take in every file that lies in the source's inbox. `report` gets one line per file.

    A file that changes while it is read stays in the inbox for the next run.
    """
    _expire(source, settings, report)
    arrivals = inbox.list_arrivals(source, settings.inbox)
    if not arrivals:
        return SourceOutcome()
    reference = Reference.load(settings.seeds, settings.mappings)
    known = ledger.accepted_files(warehouse, source.name)
    corrections = load_corrections(settings.seeds)
    looked_before = ledger.last_received_at(warehouse, source.name)
    files: list[Published] = []
    rows: dict[str, Counter[bool]] = {form.name: Counter() for form in source.forms}
    with Sandbox(reference) as sandbox:
        for batch in batches(_receive(source, arrival, known, corrections, sandbox) for arrival in arrivals):
            documents = [file.document for file in batch]
            judged = {form.name: judge_batch(form, documents, reference) for form in source.forms}
            for number, file in enumerate(batch):
                if file.stamp is None or file.stamp != inbox.stamp_of(file.arrival.path):
                    report(f"{inbox.shown_path(file.arrival, settings.inbox)}: changed while it was read, stays")
                    continue
                arrived = _arrived(source, file, settings, run_id, looked_before)
                if isinstance(file.result, FileRejectedError):
                    arrived = _claimed(arrived, file.arrival, reference)
                receipt = receipt_of(arrived, file, number, judged)
                files.append(_publish(source, file, receipt, settings, warehouse))
                report(describe(files[-1]))
                for warning in (*stale_corrections(file.corrections), *_warnings(file.document)):
                    report(f"{files[-1].submission.inbox_path}: {warning}")
                if files[-1].submission.outcome in _TAKEN_IN:
                    for name, verdict in judged.items():
                        rows[name].update(verdict.is_good(number))
    forms = {name: FormOutcome(counts[True], counts[False]) for name, counts in rows.items()}
    return SourceOutcome(tuple(files), forms)


def describe(published: Published) -> str:
    """One line on what became of a file."""
    file = published.submission
    match file.outcome:
        case Outcome.REJECTED:
            return f"{file.inbox_path}: rejected as a whole ({file.rule}), {file.place}: {file.reason_en}"
        case Outcome.DUPLICATE:
            return f"{file.inbox_path}: no change, the same file as submission {file.duplicate_of}{_hint(published)}"
        case _:
            refused = f", {file.rows_rejected} to quarantine" if file.rows_rejected else ""
            line = f"{file.inbox_path}: submission {published.submission_id}, {file.rows_accepted} rows{refused}"
            return line + _replacement(published)


def _expire(source: Source, settings: Settings, report: Callable[[str], None]) -> None:
    """Delete what has lain rejected for too long, of a source whose files hold personal data."""
    if source.archive is Archive.REDACTED:
        for path in inbox.expire_rejected(source, settings.rejected, timedelta(days=settings.rejected_export_days)):
            report(f"{path}: deleted, it lay rejected for more than {settings.rejected_export_days} days")


def _warnings(document: Document | None) -> Iterator[str]:
    """What was taken for granted of the file as a whole, and should be looked at."""
    for repair in (repair for part in document.parts for repair in part.repairs) if document else ():
        if repair.rule == "shop_assumed":
            yield f"warning: it lies in no shop's folder and is taken as an export of {repair.read}"
        elif repair.rule == "column_new":
            yield f"warning: the column “{repair.said}” is new and is not read"


def _hint(duplicate: Published) -> str:
    """How to make an old file count again, where a later one took its place before this copy was put here."""
    if duplicate.counted_until is None:
        return ""
    return ", which no longer counts; if it should again, save it anew, or `ocop withdraw` what took its place"


def _replacement(published: Published) -> str:
    if not published.replaced:
        return ""
    numbers = ", ".join(map(str, published.replaced))
    older = published.newer_replaced
    note = f", although that was saved later ({older.astimezone(VIETNAM):%d/%m/%Y %H:%M})" if older else ""
    return f", in the place of submission {numbers}{note}"


def _receive(
    source: Source,
    arrival: Arrival,
    known: Mapping[ledger.FileKey, ledger.KnownFile],
    corrections: Sequence[Correction],
    sandbox: Sandbox,
) -> Received:
    stamp, digest = inbox.stamp_of(arrival.path), ""
    try:
        digest = inbox.sha256(arrival.path)
        inbox.require_acceptable(source, arrival, digest)
        document = sandbox.read(source, arrival)
    except FileRejectedError as error:
        return Received(arrival, stamp, digest, error)
    earlier = known.get((document.unit_code, document.period.start, document.period.end, digest))
    if earlier and earlier.is_repeated_by(stamp.modified_at if stamp else None):
        return Received(arrival, stamp, digest, earlier.submission_id)
    corrected, used = correct(document, digest, corrections)
    return Received(arrival, stamp, digest, corrected, document, used)


def batches(files: Iterable[Received]) -> Iterator[list[Received]]:
    """Files in groups that are judged together."""
    batch: list[Received] = []
    rows = 0
    for file in files:
        batch.append(file)
        rows += sum(len(part.rows) for part in file.document.parts) if file.document else 0
        if rows >= _BATCH_ROWS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _publish(source: Source, file: Received, receipt: Receipt, settings: Settings, warehouse: Warehouse) -> Published:
    """Archive, write in one transaction, and only then take the file out of the inbox."""
    match file.result:
        case FileRejectedError() as error:
            published = ledger.publish(warehouse, receipt)
            inbox.reject(source, file.arrival, file.digest, error, settings.rejected)
            return published
        case Document() as document:
            archived = inbox.archive(source, file.arrival, file.digest, file.sent or document, settings.archive)
            receipt = replace(receipt, submission=replace(receipt.submission, archive_path=archived))
    published = ledger.publish(warehouse, receipt)
    inbox.take_out(file.arrival, file.stamp)
    return published


def _arrived(
    source: Source, file: Received, settings: Settings, run_id: str, looked_before: datetime | None
) -> Submission:
    """What is known of a file whatever is in it."""
    now = datetime.now(tz=VIETNAM)
    return Submission(
        source=source.name,
        file_name=normalise(file.arrival.path.name),
        inbox_path=inbox.shown_path(file.arrival, settings.inbox),
        sha256=file.digest,
        size_bytes=file.stamp.size_bytes if file.stamp else 0,
        received_at=now,
        arrived_at=inbox.arrived_at(file.stamp, now, looked_before),
        outcome=Outcome.ACCEPTED,
        run_id=run_id,
        modified_at=file.stamp.modified_at if file.stamp else None,
    )


def receipt_of(arrived: Submission, file: Received, number: int, judged: Mapping[str, Verdict]) -> Receipt:
    """What the ledger is told of a file, `number` being its place in the batch that was judged."""
    match file.result:
        case FileRejectedError() as error:
            return _rejected(arrived, error)
        case Document() as document:
            return replace(_accepted(arrived, document, number, judged), corrections=file.corrections)
        case earlier:
            return Receipt(replace(arrived, outcome=Outcome.DUPLICATE, duplicate_of=earlier))


def _rejected(arrived: Submission, error: FileRejectedError) -> Receipt:
    """The receipt of a file that was rejected as a whole; what its header said goes before its folder and name."""
    period = error.period
    if error.unit_code:
        arrived = replace(arrived, unit_code=error.unit_code)
    if period:
        arrived = replace(arrived, period_label=period.label, period_from=period.start, period_to=period.end)
    return Receipt(
        replace(
            arrived,
            outcome=Outcome.REJECTED,
            rule=error.rule,
            place=error.place,
            reason_vi=error.reason_vi,
            reason_en=error.reason_en,
        )
    )


def _claimed(arrived: Submission, arrival: Arrival, reference: Reference) -> Submission:
    """Whose report of which period a rejected file wanted to be, by its folder and name: it cannot be asked itself."""
    period = find_period(arrived.file_name)
    if period is None:
        return arrived
    unit = reference.find_unit(arrival.folder, period.last_day)
    return replace(
        arrived,
        unit_code=unit.code if unit else None,
        period_label=period.label,
        period_from=period.start,
        period_to=period.end,
    )


def _accepted(arrived: Submission, document: Document, number: int, judged: Mapping[str, Verdict]) -> Receipt:
    """A load per form, unit and period. A part whose every row was refused replaces nothing."""
    parts: dict[tuple[str, str, Period], list[int]] = defaultdict(list)
    for position, part in enumerate(document.parts):
        parts[part.form, part.unit_code, part.period].append(position)
    loads = []
    for (form, unit_code, period), positions in parts.items():
        rows = judged[form].good(number, positions)
        if rows.num_rows or all(document.parts[position].rows.empty for position in positions):
            is_superseding = document.parts[positions[0]].replaces
            loads.append(LoadPart(form, unit_code, period.start, period.end, rows, is_superseding))
    refused = tuple(row for verdict in judged.values() for row in verdict.bad(number))
    repairs = [repaired_cell(part.form, repair) for part in document.parts for repair in part.repairs]
    repairs += [cell for verdict in judged.values() for cell in verdict.repaired(number)]
    rows_read = sum(len(part.rows) for part in document.parts)
    submission = replace(
        arrived,
        outcome=Outcome.ACCEPTED_WITH_REJECTIONS if refused else Outcome.ACCEPTED,
        unit_code=document.unit_code,
        period_label=document.period.label,
        period_from=document.period.start,
        period_to=document.period.end,
        rows_read=rows_read,
        rows_accepted=rows_read - len(refused),
        rows_rejected=len(refused),
        exported_at=document.exported_at,
    )
    return Receipt(submission, tuple(loads), refused, tuple(repairs))
