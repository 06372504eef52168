"""From the inbox into the warehouse: receive, read, judge, write.

Belongs here: the order of these steps and what becomes of each file. Stays out: Dagster, SQL, and what any
source or rule says.

One bad file never stops the others. Every file that arrived ends in one state, and leaves the inbox only
after the ledger knows it: killed in between, the next run finds the file again and takes it out.
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import cycle

from ocop_pipeline import inbox
from ocop_pipeline.contracts import Source
from ocop_pipeline.corrections import Correction, correct, load_corrections, stale_corrections
from ocop_pipeline.intake import ChangedError, Pieces, Received, rejected, require_unchanged
from ocop_pipeline.retention import expire
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.sandbox import Sandbox
from ocop_pipeline.verdict import Verdict, judge_batch
from ocop_pipeline.vietnamese.periods import find_period
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.numbering import Attempt, begin_attempt, end_attempt
from ocop_pipeline.warehouse.receipts import Outcome, Published, Receipt, Submission, UsedCorrection
from ocop_pipeline.warehouse.server import Warehouse
from ocop_pipeline.warehouse.statistics import look_again

_TAKEN_IN = {Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REJECTIONS}
_BATCH_ROWS = 200_000
"""Rows held in memory at once: files are judged together, because a validation costs 65 ms however small."""
_MOST_READERS = 2
"""A reader takes 150 MB."""
_MANY_FILES = 20
"""It takes two seconds to start, and reads a workbook in a tenth of one."""


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
    expire(source, settings, warehouse, report)
    arrivals = inbox.list_arrivals(source, settings.inbox)
    if not arrivals:
        return SourceOutcome()
    reference = Reference.load(settings.seeds, settings.mappings)
    attempt = begin_attempt(warehouse, source.name, run_id)
    known = ledger.accepted_files(warehouse, source.name)
    corrections = load_corrections(settings.seeds)
    intake = _Intake(source, settings, warehouse, reference, corrections, attempt=attempt)
    files: list[Published] = []
    is_emptied = True
    with ExitStack() as stack:
        sandboxes = [stack.enter_context(Sandbox(reference)) for _ in range(_readers(source, len(arrivals)))]
        begun = (
            _begin(source, arrival, inbox.shown_path(arrival, settings.inbox), known, corrections, sandbox=sandbox)
            for arrival, sandbox in zip(arrivals, cycle(sandboxes), strict=False)
        )
        for batch in batches(_ahead(begun, len(sandboxes))):
            documents = [file.document for file in batch]
            judged = {form.name: judge_batch(form, documents, reference) for form in source.forms}
            for number, file in enumerate(batch):
                arrived = _arrived(source, file, settings, run_id, attempt.emptied_at)
                try:
                    published, used = intake.take_in(arrived, file, number, judged)
                except ChangedError:
                    is_emptied = False
                    report(f"{arrived.inbox_path}: changed while it was read, stays")
                    continue
                files.append(published)
                report(describe(published))
                for warning in (*stale_corrections(used), *_warnings(file.document)):
                    report(f"{published.submission.inbox_path}: {warning}")
    if is_emptied:
        end_attempt(warehouse, attempt)
    look_again(warehouse)
    return SourceOutcome(tuple(files), intake.outcomes())


class _Intake:
    """What becomes of files that were read: each is published by its pieces, archived, and taken out of the inbox."""

    def __init__(
        self,
        source: Source,
        settings: Settings,
        warehouse: Warehouse,
        reference: Reference,
        corrections: Sequence[Correction],
        *,
        attempt: Attempt,
    ) -> None:
        self._source = source
        self._settings = settings
        self._warehouse = warehouse
        self._reference = reference
        self._corrections = corrections
        self._attempt = attempt
        self._rows: dict[str, Counter[bool]] = {form.name: Counter() for form in source.forms}

    def outcomes(self) -> dict[str, FormOutcome]:
        """How many rows of each form were accepted and refused."""
        return {name: FormOutcome(counts[True], counts[False]) for name, counts in self._rows.items()}

    def take_in(
        self, arrived: Submission, file: Received, number: int, judged: Mapping[str, Verdict]
    ) -> tuple[Published, Sequence[UsedCorrection]]:
        """Archive, write in one transaction, and only then take the file out of the inbox.

        Raises ChangedError, and then nothing has happened.
        """
        pieces = Pieces(arrived, file, self._source, self._reference, self._corrections)
        folder = self._settings.archive
        try:
            with inbox.Archiving(self._source, file.arrival, file.digest, folder) as kept:
                receipts = pieces.receipts(number, judged, kept)
                published = self._publish(file, next(receipts), receipts)
                if published.submission.outcome is Outcome.DUPLICATE:
                    kept.forget()
        except FileRejectedError as error:
            return self._reject(arrived, file, error), ()
        if published.submission.outcome in _TAKEN_IN:
            for name, counts in pieces.rows.items():
                self._rows[name].update(counts)
        inbox.take_out(file.arrival, file.stamp)
        return published, pieces.corrections

    def _reject(self, arrived: Submission, file: Received, error: FileRejectedError) -> Published:
        require_unchanged(file)
        error.lists_persons |= file.document is not None and file.document.lists_persons
        claimed = _claimed(arrived, file.arrival, self._reference)
        published = self._publish(file, rejected(claimed, error))
        inbox.reject(self._source, file.arrival, file.digest, error, self._settings.rejected)
        return published

    def _publish(self, file: Received, first: Receipt, following: Iterable[Receipt] = ()) -> Published:
        lying_since = file.stamp.lying_since if file.stamp else None
        return ledger.publish(self._warehouse, first, following, attempt=self._attempt, lying_since=lying_since)


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


def _warnings(document: Document | None) -> Iterator[str]:
    """What was taken for granted of the file as a whole, and should be looked at."""
    for repair in (repair for part in document.parts for repair in part.repairs) if document else ():
        if repair.rule == "shop_assumed":
            yield f"warning: it lies in no shop's folder and is taken as an export of {repair.read}"
        elif repair.rule == "column_new":
            yield f"warning: the column “{repair.said}” is new and is not read"
        elif repair.rule == "sheet_not_read":
            yield f"warning: the sheet “{repair.said}” is called like no form and is not read"
        elif repair.rule == "total_not_checked":
            yield f"warning: the total {repair.said} says no number and is not checked"
        elif repair.rule == "period_not_as_named":
            yield f"warning: its name says {repair.said}, but it reports on {repair.read}"


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


def _readers(source: Source, file_count: int) -> int:
    """How many files are read at a time: large ones, which come in pieces, one after another for the memory."""
    return 1 if source.pieces or file_count < _MANY_FILES else min(_MOST_READERS, os.cpu_count() or 1)


def _begin(
    source: Source,
    arrival: Arrival,
    shown_path: str,
    known: ledger.KnownFiles,
    corrections: Sequence[Correction],
    *,
    sandbox: Sandbox,
) -> Callable[[], Received]:
    """Begin to read a file, unless it need not be read; the answer waits for what became of it."""
    stamp, digest = inbox.stamp_of(arrival.path), ""
    modified_at = stamp.modified_at if stamp else None
    try:
        digest = inbox.sha256(arrival.path)
        inbox.require_acceptable(source, arrival, digest)
    except FileRejectedError as error:
        return partial(Received, arrival, stamp, digest, error)
    same = known.by_place.get((shown_path, digest))
    if same and same.is_repeated_by(modified_at):
        return partial(Received, arrival, stamp, digest, same.submission_id)
    pieces = sandbox.pieces(source, arrival)

    def finish() -> Received:
        try:
            document = next(pieces)
        except FileRejectedError as error:
            return Received(arrival, stamp, digest, error)
        earlier = known.by_content.get((document.unit_code, document.period.start, document.period.end, digest))
        if document.is_last and earlier and earlier.is_repeated_by(modified_at):
            return Received(arrival, stamp, digest, earlier.submission_id)
        corrected, used = correct(document, digest, corrections)
        return Received(arrival, stamp, digest, corrected, document, used, pieces)

    return finish


def _ahead(begun: Iterable[Callable[[], Received]], at_once: int) -> Iterator[Received]:
    """The files in order, so many of them begun at a time."""
    waiting: deque[Callable[[], Received]] = deque()
    for finish in begun:
        waiting.append(finish)
        if len(waiting) == at_once:
            yield waiting.popleft()()
    yield from (finish() for finish in waiting)


def batches(files: Iterable[Received]) -> Iterator[list[Received]]:
    """Files in groups that are judged together, in order; one in pieces is alone with its first piece."""
    batch: list[Received] = []
    rows = 0
    for file in files:
        if file.is_in_pieces and batch:
            yield batch
            batch, rows = [], 0
        batch.append(file)
        rows += sum(len(part.rows) for part in file.document.parts) if file.document else 0
        if rows >= _BATCH_ROWS or file.is_in_pieces:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _arrived(
    source: Source, file: Received, settings: Settings, run_id: str, emptied_before: datetime | None
) -> Submission:
    """What is known of a file whatever is in it."""
    now = datetime.now(tz=VIETNAM)
    return Submission(
        source=source.name,
        file_name=inbox.shown_name(file.arrival.path.name),
        inbox_path=inbox.shown_path(file.arrival, settings.inbox),
        sha256=file.digest,
        size_bytes=file.stamp.size_bytes if file.stamp else 0,
        received_at=now,
        arrived_at=inbox.arrived_at(file.stamp, now, emptied_before),
        outcome=Outcome.ACCEPTED,
        run_id=run_id,
        modified_at=file.stamp.modified_at if file.stamp else None,
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
