"""Kept files read again by today's rules: after an alias, a rule or a correction was added.

Belongs here: choosing the files, reading their kept copies, comparing with what was taken in, and writing what is
new. Stays out: reading and judging themselves, and the printing.

The copy is read as it was sent, under its own name, and written as a new submission in one transaction, like any
file. It takes the place of the file it repeats, never of what came after that.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ocop_pipeline import inbox
from ocop_pipeline.changes import Change, changes, renamed
from ocop_pipeline.contracts import Archive, Source
from ocop_pipeline.corrections import correct, load_corrections
from ocop_pipeline.ingest import batches
from ocop_pipeline.intake import Received, receipt_of, rejected
from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.versions import household_keys, rows_of_load
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.sources.document import Arrival, FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.sandbox import Sandbox
from ocop_pipeline.verdict import judge_batch
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.receipts import LoadPart, Outcome, Published, QuarantinedRow, Receipt, Submission
from ocop_pipeline.warehouse.server import Role, Warehouse
from ocop_pipeline.warehouse.versions import part_counts

_STATES = "select submission_id, state from ingest.submission_state"
_LOADS = """
select load_id from ingest.load where submission_id = :number and rows_of is null and form = :form
    and unit_code = :unit_code and period_from is not distinct from cast(:period_from as date)
    and period_to is not distinct from cast(:period_to as date)
"""
_REPLAYED = {"accepted", "accepted_with_rejections", "rejected"}


@dataclass(frozen=True)
class Selection:
    """Which files: by number; or all that count or lie rejected of a unit, of a period, or only the rejected."""

    numbers: tuple[int, ...] = ()
    unit_code: str | None = None
    period: Period | None = None
    is_rejected: bool = False

    def takes(self, number: int, file: Submission) -> bool:
        """Whether a file is meant; every part that is given must fit."""
        if self.numbers and number not in self.numbers:
            return False
        if self.unit_code and file.unit_code != self.unit_code:
            return False
        if self.period and not (
            file.period_from
            and file.period_to
            and file.period_from < self.period.end
            and file.period_to > self.period.start
        ):
            return False
        return not self.is_rejected or file.outcome is Outcome.REJECTED


@dataclass(frozen=True)
class Replayed:
    """One file read again: what it was, what it is by today's rules, and what differs.

    `note` says why it cannot be or is not replayed. `rescued` are quarantined rows that are good now, `refused` good
    ones that are not. `published` is what was written.
    """

    number: int
    before: Submission
    after: Submission | None = None
    note: str | None = None
    changes: tuple[Change, ...] = ()
    rescued: tuple[QuarantinedRow, ...] = ()
    refused: tuple[QuarantinedRow, ...] = ()
    published: Published | None = None

    @property
    def is_changed(self) -> bool:
        """Whether today's rules say something new that can be written.

        Where they refuse all rows that are good now there is nothing to put in the place of these.
        """
        if self.after is None or self.after.outcome not in {Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REJECTIONS}:
            return False
        return self.note is None and (self.before.outcome is Outcome.REJECTED or bool(self.changes))


def replay(settings: Settings, warehouse: Warehouse, selection: Selection, *, is_applied: bool) -> list[Replayed]:
    """Read the files of the selection again, in the order in which they arrived; write only with `is_applied`."""
    states = dict(fetch(warehouse, _STATES, role=Role.LOADER).rows)
    files = {n: file for n, file in ledger.submissions(warehouse).items() if selection.takes(n, file)}
    found = [
        Replayed(number, file, note=f"not replayed: it is {states[number]}")
        for number, file in files.items()
        if states[number] not in _REPLAYED and number in selection.numbers
    ]
    missing = set(selection.numbers) - set(files)
    if missing:
        message = f"there is no submission {min(missing)} among those; `ocop submissions` lists them"
        raise WarehouseError(message)
    for source in ALL_SOURCES:
        mine = {n: f for n, f in files.items() if f.source == source.name and states[n] in _REPLAYED}
        if mine:
            found += _Replay(source, settings, warehouse, is_applied=is_applied).run(mine)
    return sorted(found, key=lambda one: one.number)


class _Replay:
    """The replay of one source's files."""

    def __init__(self, source: Source, settings: Settings, warehouse: Warehouse, *, is_applied: bool) -> None:
        self._source = source
        self._settings = settings
        self._warehouse = warehouse
        self._is_applied = is_applied
        self._reference = Reference.load(settings.seeds, settings.mappings)
        self._corrections = load_corrections(settings.seeds)
        self._household_keys = household_keys(warehouse)
        self._run_id = f"replay-{datetime.now(tz=VIETNAM):%Y%m%dT%H%M%S}"

    def run(self, files: Mapping[int, Submission]) -> Iterator[Replayed]:
        kept: dict[int, Path] = {}
        for number, file in files.items():
            path = self._kept_copy(file)
            if isinstance(path, str):
                yield Replayed(number, file, note=path)
            else:
                kept[number] = path
        order = iter(kept)
        with TemporaryDirectory(prefix="ocop-replay-") as folder, Sandbox(self._reference) as sandbox:
            copies = (self._read(files[number], kept[number], Path(folder) / str(number), sandbox) for number in kept)
            for batch in batches(copies):
                documents = [file.document for file in batch]
                judged = {form.name: judge_batch(form, documents, self._reference) for form in self._source.forms}
                for position, copy in enumerate(batch):
                    number = next(order)
                    arrived = self._arrived(number, files[number])
                    try:
                        receipt = receipt_of(arrived, copy, position, judged)
                    except FileRejectedError as error:
                        receipt = rejected(arrived, error)
                    yield self._settle(number, files[number], copy, receipt, kept[number])

    def _kept_copy(self, file: Submission) -> Path | str:
        """The copy that was kept, or why there is none that can be read."""
        if file.outcome is Outcome.REJECTED:
            path = inbox.rejected_copy(self._source, file.sha256, self._settings.rejected)
        elif self._source.archive is not Archive.ORIGINAL:
            return "only its contract columns were kept, without those that name people: have the file sent again"
        else:
            path = self._settings.archive / (file.archive_path or "")
        return path if path is not None and path.is_file() else "its kept copy is gone: have the file sent again"

    def _read(self, file: Submission, kept: Path, folder: Path, sandbox: Sandbox) -> Received:
        """The copy, read under the name it was sent with: name and folder say things too."""
        folder.mkdir()
        arrival = Arrival(folder / file.file_name, inbox.folder_of(file.inbox_path))
        shutil.copyfile(kept, arrival.path)
        try:
            inbox.require_acceptable(self._source, arrival, file.sha256)
            document = sandbox.read(self._source, arrival)
        except FileRejectedError as error:
            return Received(arrival, None, file.sha256, error)
        corrected, used = correct(document, file.sha256, self._corrections)
        return Received(arrival, None, file.sha256, corrected, document, used)

    def _arrived(self, number: int, file: Submission) -> Submission:
        return Submission(
            source=file.source,
            file_name=file.file_name,
            inbox_path=file.inbox_path,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            received_at=datetime.now(tz=VIETNAM),
            outcome=Outcome.ACCEPTED,
            run_id=self._run_id,
            archive_path=file.archive_path,
            modified_at=file.modified_at,
            replay_of=file.replay_of or number,
        )

    def _settle(self, number: int, before: Submission, copy: Received, receipt: Receipt, kept: Path) -> Replayed:
        after = receipt.submission
        if after.outcome is Outcome.REJECTED:
            note = "still rejected" if before.outcome is Outcome.REJECTED else "would be rejected, stays as it is"
            return Replayed(number, before, after, f"{note}: {after.rule}, {after.reason_en}")
        loads = tuple(part for part in receipt.loads if part_counts(self._warehouse, after.replay_of or number, part))
        if receipt.loads and not loads:
            return Replayed(number, before, after, "not replayed: a later file has its place")
        replaced = {part.form for part in receipt.loads} - {part.form for part in loads}
        old, new = (
            {(row.form, row.source_sheet, row.source_row): row for row in rows if row.form not in replaced}
            for rows in (ledger.quarantine_of(self._warehouse, number), receipt.quarantine)
        )
        found = Replayed(
            number,
            before,
            after,
            changes=tuple(change for part in loads for change in self._changes(number, part)),
            rescued=tuple(row for place, row in old.items() if place not in new),
            refused=tuple(row for place, row in new.items() if place not in old),
        )
        if not (self._is_applied and found.is_changed):
            return found
        return replace(found, published=self._publish(copy, replace(receipt, loads=loads), before, kept))

    def _changes(self, number: int, part: LoadPart) -> Iterator[Change]:
        form = self._source.form(part.form)
        key = {"form": part.form, "unit_code": part.unit_code}
        period = {"period_from": part.period_from, "period_to": part.period_to}
        loads = objects(fetch(self._warehouse, _LOADS, {"number": number, **key, **period}, role=Role.LOADER))
        before = [row for load in loads for row in rows_of_load(self._warehouse, part.form, load["load_id"])]
        return (renamed(change, self._household_keys) for change in changes(form, before, part.rows.to_pylist()))

    def _publish(self, copy: Received, receipt: Receipt, before: Submission, kept: Path) -> Published:
        """Archive, write in one transaction, and only then take a rejected file out of its place."""
        if before.outcome is Outcome.REJECTED and copy.sent:
            with inbox.Archiving(self._source, copy.arrival, copy.digest, self._settings.archive) as archiving:
                archiving.add(copy.sent)
                path = archiving.keep()
            receipt = replace(receipt, submission=replace(receipt.submission, archive_path=path))
        published = ledger.publish(self._warehouse, receipt)
        if before.outcome is Outcome.REJECTED:
            inbox.take_out_rejected(kept)
        return published
