"""A batch of documents cleaned and judged form by form: which rows are good, and why the others are not.

Belongs here: joining `sources.cells` and `quality`, and the sentences that the sender reads. Stays out:
files, the ledger, the warehouse.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pandas as pd
import pyarrow as pa

from ocop_pipeline.contracts import ColumnType, Form, Rule
from ocop_pipeline.quality import judge
from ocop_pipeline.sources.cells import as_text, clean, join
from ocop_pipeline.sources.document import SOURCE_ROW, SOURCE_SHEET, Document, Part
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.warehouse.ledger import QuarantinedRow

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.COMMUNE: pa.string(),
    ColumnType.UNIT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMP: pa.timestamp("us"),
    ColumnType.BOOLEAN: pa.bool_(),
}
FILE_NUMBER = "file_number"


@dataclass(frozen=True)
class Verdict:
    """One form over a batch of files.

    `sent` has the cells as they came. `rows` are the same rows typed as the raw table wants them: the place
    first, then the form's columns. `broken` has the rules that a row breaks, by its number in both. `places`
    says which rows a part has: by the file's place in the batch, then by the part's place in its document.
    """

    form: Form
    sent: pd.DataFrame
    rows: pa.Table
    broken: Mapping[int, list[Rule]]
    places: Mapping[int, Mapping[int, range]]

    def is_good(self, file_number: int) -> list[bool]:
        """Whether each row of a file is accepted."""
        return [row not in self.broken for row in self._rows_of(file_number)]

    def good(self, file_number: int, positions: Sequence[int]) -> pa.Table:
        """Accepted rows of some parts of a file."""
        parts = self.places.get(file_number, {})
        found = [row for position in positions for row in parts.get(position, ()) if row not in self.broken]
        return self.rows.take(pa.array(found, pa.int64()))

    def bad(self, file_number: int) -> list[QuarantinedRow]:
        """Refused rows of a file, in the order of the sheet."""
        return [self._bad_row(row) for row in self._rows_of(file_number) if row in self.broken]

    def _rows_of(self, file_number: int) -> Iterator[int]:
        return chain.from_iterable(self.places.get(file_number, {}).values())

    def _bad_row(self, row: int) -> QuarantinedRow:
        rules = self.broken[row]
        reasons = [self._reasons(row, rule) for rule in rules]
        return QuarantinedRow(
            self.form.name,
            str(self.sent.loc[row, SOURCE_SHEET]),
            int(str(self.sent.loc[row, SOURCE_ROW])),
            tuple(rule.code for rule in rules),
            " ".join(vi for vi, _ in reasons),
            " ".join(en for _, en in reasons),
            {column.heading: as_text(self.sent.loc[row, column.name]) for column in self.form.columns},
        )

    def _reasons(self, row: int, rule: Rule) -> tuple[str, str]:
        column = self.form.column(rule.columns[0])
        words = {
            "heading": column.heading,
            "value": as_text(self.sent.loc[row, column.name]) or "",
            "allowed": column.allowed(),
        }
        return rule.reason_vi.format(**words), rule.reason_en.format(**words)


def judge_batch(form: Form, documents: Sequence[Document | None], reference: Reference) -> Verdict:
    """Clean and judge a form's rows of all documents together; None stands for a file that brought nothing."""
    parts: list[Part] = []
    files: list[int] = []
    places: dict[int, dict[int, range]] = defaultdict(dict)
    row_count = 0
    for file_number, document in enumerate(documents):
        for position, part in enumerate(document.parts if document else ()):
            if part.form == form.name and not part.rows.empty:
                parts.append(part)
                files += [file_number] * len(part.rows)
                places[file_number][position] = range(row_count, len(files))
                row_count = len(files)
    if not parts:
        return Verdict(form, pd.DataFrame(), raw_schema(form).empty_table(), {}, {})
    sent, typed = join(parts), clean(form, parts, reference)
    typed[SOURCE_SHEET], typed[SOURCE_ROW], typed[FILE_NUMBER] = sent[SOURCE_SHEET], sent[SOURCE_ROW], files
    broken: dict[int, list[Rule]] = defaultdict(list)
    for breach in judge(form, typed):
        for row in breach.rows:
            broken[row].append(breach.rule)
    schema = raw_schema(form)
    arrays = [pa.array(typed[field.name], field.type, from_pandas=True, safe=False) for field in schema]
    return Verdict(form, sent, pa.Table.from_arrays(arrays, schema=schema), dict(broken), dict(places))


def raw_schema(form: Form) -> pa.Schema:
    """The place of a row, then the form's columns."""
    place: dict[str, pa.DataType] = {SOURCE_SHEET: pa.string(), SOURCE_ROW: pa.int64()}
    return pa.schema(place | {column.name: ARROW_TYPES[column.type] for column in form.columns})
