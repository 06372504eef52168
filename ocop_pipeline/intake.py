"""What becomes of the rows of a file: its receipts, made piece after piece while it is read.

Belongs here: counting and adding up, and when a file cannot be accepted after all. Stays out: reading, writing, and
the order of the steps (`ingest`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from operator import attrgetter

from ocop_pipeline import inbox
from ocop_pipeline.contracts import Source
from ocop_pipeline.corrections import Correction, correct
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError, Part
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.tables import place_of
from ocop_pipeline.verdict import Verdict, judge_batch, repaired_cell
from ocop_pipeline.vietnamese.numbers import written
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.warehouse.receipts import (
    Blame,
    LoadPart,
    Outcome,
    QuarantinedRow,
    Receipt,
    Submission,
    UsedCorrection,
)

_LISTED_BAD_ROWS = 1_000
_BAD_SHARE = 0.2
"""A file with more bad rows than both is not taken in by halves; nor would anybody read the list."""


@dataclass(frozen=True)
class Received:
    """A file in the inbox and what reading it gave; the number of the earlier one when the ledger has it.

    `stamp` is what it looked like before it was read; the digest is empty when it could not be opened. `sent` is the
    document as it was read, `result` with known errors corrected: `corrections` says which. Of a large file these are
    its first piece, and `following` are the others, not read yet.
    """

    arrival: Arrival
    stamp: inbox.Stamp | None
    digest: str
    result: Document | FileRejectedError | int
    sent: Document | None = None
    corrections: tuple[UsedCorrection, ...] = ()
    following: Iterator[Document] = field(default_factory=lambda: iter(()))

    @property
    def is_in_pieces(self) -> bool:
        """Whether more of the file follows."""
        return self.document is not None and not self.document.is_last

    @property
    def document(self) -> Document | None:
        """What was read, if it could be."""
        return self.result if isinstance(self.result, Document) else None


class WrongTotalsError(FileRejectedError):
    """Totals of the file disagree with its rows. `rows` are all that are wrong, those of totals among them."""

    def __init__(self, document: Document, refused: Sequence[QuarantinedRow]) -> None:
        """`refused` are the wrong rows of data."""
        totals = [(part, total) for part in document.parts for total in part.wrong_totals]
        (part, first), *_ = totals
        told_vi = [total.reason_vi for _, total in totals]
        told_en = [total.reason_en for _, total in totals]
        if refused:
            told_vi.append(f"Ngoài ra có {written(len(refused))} dòng sai.")
            told_en.append(f"Beside that {len(refused):,} rows are wrong.")
        super().__init__(
            place_of(part.sheet, first.row, first.column - 1), "total_disagrees", " ".join(told_vi), " ".join(told_en)
        )
        self.unit_code, self.period = document.unit_code, document.period
        self.rows = tuple(chain.from_iterable(_rows_of_totals(part) for part in document.parts)) + tuple(refused)


def _rows_of_totals(part: Part) -> Iterator[QuarantinedRow]:
    for row, found in groupby(part.wrong_totals, key=attrgetter("row")):
        totals = list(found)
        yield QuarantinedRow(
            part.form,
            part.sheet,
            row,
            ("total_disagrees",),
            " ".join(total.reason_vi for total in totals),
            " ".join(total.reason_en for total in totals),
            {total.heading: total.said for total in totals},
            tuple(Blame(total.heading, total.column, total.reason_vi) for total in totals),
        )


class ChangedError(Exception):
    """A file was written to while it was read."""


class Pieces:
    """The receipts of one file, made while it is read. `rows` and `corrections` are those of the pieces so far."""

    def __init__(
        self,
        arrived: Submission,
        file: Received,
        source: Source,
        reference: Reference,
        corrections: Sequence[Correction],
    ) -> None:
        """Nothing is counted yet."""
        self.rows: dict[str, Counter[bool]] = {form.name: Counter() for form in source.forms}
        self.corrections: list[UsedCorrection] = []
        self._arrived = arrived
        self._file = file
        self._source = source
        self._reference = reference
        self._known_corrections = corrections

    def receipts(self, number: int, judged: Mapping[str, Verdict], kept: inbox.Archiving) -> Iterator[Receipt]:
        """A receipt per piece, each with what is known of the file so far; `number` is the first one's in its batch.

        Raises FileRejectedError when the file cannot be accepted after all, and ChangedError.
        """
        file, so_far = self._file, receipt_of(self._arrived, self._file, number, judged)
        while True:
            self._count(so_far)
            if file.sent:
                kept.add(file.sent)
            if not file.is_in_pieces:
                break
            yield so_far
            file = self._next_piece(file)
            pieces = {form.name: judge_batch(form, [file.document], self._reference) for form in self._source.forms}
            so_far = _added(so_far.submission, receipt_of(self._arrived, file, 0, pieces))
        require_unchanged(file)
        if file.document:
            so_far = replace(so_far, submission=replace(so_far.submission, archive_path=kept.keep()))
        yield so_far

    def _next_piece(self, file: Received) -> Received:
        sent = next(file.following)
        corrected, used = correct(sent, file.digest, self._known_corrections)
        return replace(file, result=corrected, sent=sent, corrections=used)

    def _count(self, receipt: Receipt) -> None:
        for load in receipt.loads:
            self.rows[load.form][True] += load.rows.num_rows
        for row in receipt.quarantine:
            self.rows[row.form][False] += 1
        self.corrections += receipt.corrections


def require_unchanged(file: Received) -> None:
    """Raise ChangedError where the file is no longer what was read."""
    if file.stamp is None or file.stamp != inbox.stamp_of(file.arrival.path):
        raise ChangedError


def _added(before: Submission, receipt: Receipt) -> Receipt:
    """The receipt of a piece with the rows of those before it; FileRejectedError when too many of all are bad."""
    piece = receipt.submission
    submission = replace(
        piece,
        outcome=before.outcome if before.rows_rejected else piece.outcome,
        rows_read=before.rows_read + piece.rows_read,
        rows_accepted=before.rows_accepted + piece.rows_accepted,
        rows_rejected=before.rows_rejected + piece.rows_rejected,
    )
    added = replace(receipt, submission=submission)
    _require_good_enough(added)
    return added


def _require_good_enough(receipt: Receipt) -> None:
    """FileRejectedError when most rows are bad: then something is wrong with all of them, and no list would help."""
    submission = receipt.submission
    if submission.rows_rejected <= max(_LISTED_BAD_ROWS, _BAD_SHARE * submission.rows_read):
        return
    example = receipt.quarantine[0]
    raise FileRejectedError(
        place_of(example.source_sheet, example.source_row),
        "too_many_bad_rows",
        f"Quá nhiều dòng sai ({written(submission.rows_rejected)} trong {written(submission.rows_read)} dòng đầu), nên "
        f"không nhận cả tệp. Ví dụ: {example.reasons_vi}",
        f"Too many rows are wrong ({submission.rows_rejected:,} of the first {submission.rows_read:,}), so the file is "
        f"not accepted. For example: {example.reasons_en}",
    )


def receipt_of(arrived: Submission, file: Received, number: int, judged: Mapping[str, Verdict]) -> Receipt:
    """What the ledger is told of a file or piece, `number` being its place in the batch that was judged.

    Raises the FileRejectedError of a file that cannot be accepted.
    """
    match file.result:
        case FileRejectedError() as error:
            raise error
        case Document() as document:
            receipt = replace(_accepted(arrived, document, number, judged), corrections=file.corrections)
            _require_good_enough(receipt)
            if any(part.wrong_totals for part in document.parts):
                raise WrongTotalsError(document, receipt.quarantine)
            return receipt
        case earlier:
            return Receipt(replace(arrived, outcome=Outcome.DUPLICATE, duplicate_of=earlier))


def rejected(arrived: Submission, error: FileRejectedError) -> Receipt:
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
        ),
        quarantine=error.rows if isinstance(error, WrongTotalsError) else (),
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
