"""A batch of documents cleaned and judged form by form: which rows are good, and why the others are not.

Belongs here: joining `sources.cells` and `quality`, and the sentences that the sender reads. Stays out:
files, the ledger, the warehouse.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from ocop_pipeline.contracts import ColumnType, Form, Rule
from ocop_pipeline.quality import judge
from ocop_pipeline.sources.cells import PART_NUMBER, as_text, clean
from ocop_pipeline.sources.document import SOURCE_ROW, SOURCE_SHEET, Document, Part, Repair
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.warehouse.receipts import Blame, QuarantinedRow, RepairedCell

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
    first, then the form's columns. `broken` has the rules that a row breaks, and `repairs` its cells that were
    mended, by its number in both. `places` says which rows a part has: by the file's place in the batch, then by
    the part's place in its document.
    `columns` says per part (by the `part_number` in `sent`) where in its sheet each form column stands.
    """

    form: Form
    sent: pd.DataFrame
    rows: pa.Table
    broken: Mapping[int, list[Rule]]
    places: Mapping[int, Mapping[int, range]]
    columns: Sequence[Mapping[str, int]]
    repairs: Mapping[int, Sequence[Repair]] = field(default_factory=dict)

    def good(self, file_number: int, positions: Sequence[int]) -> pa.Table:
        """Accepted rows of some parts of a file."""
        parts = self.places.get(file_number, {})
        found = [self._good(parts[position]) for position in positions if position in parts]
        return pa.concat_tables([self.rows.schema.empty_table(), *found])

    def bad(self, file_number: int) -> list[QuarantinedRow]:
        """Refused rows of a file, in the order of the sheet."""
        return [self._bad_row(row) for row in self._of_file(file_number, self._broken_rows)]

    def repaired(self, file_number: int) -> list[RepairedCell]:
        """Cells of a file that were mended while they were typed, of good and of refused rows."""
        rows = self._of_file(file_number, self._repaired_rows)
        return [repaired_cell(self.form.name, repair) for row in rows for repair in self.repairs[row]]

    @cached_property
    def _broken_rows(self) -> list[int]:
        return sorted(self.broken)

    @cached_property
    def _repaired_rows(self) -> list[int]:
        return sorted(self.repairs)

    def _good(self, place: range) -> pa.Table:
        rows = self.rows.slice(place.start, len(place))
        broken = list(_inside(self._broken_rows, place))
        if not broken:
            return rows
        is_good = np.ones(len(place), dtype=bool)
        is_good[np.array(broken) - place.start] = False
        return rows.filter(pa.array(is_good))

    def _of_file(self, file_number: int, rows: Sequence[int]) -> Iterator[int]:
        return chain.from_iterable(_inside(rows, place) for place in self.places.get(file_number, {}).values())

    @cached_property
    def _refused(self) -> Mapping[int, Mapping[str, Any]]:
        """The cells of the refused rows as sent, by row."""
        rows = self._broken_rows
        cells = self.sent.loc[rows].to_dict("records") if rows else []
        return {row: {str(name): cell for name, cell in sent.items()} for row, sent in zip(rows, cells, strict=True)}

    def _bad_row(self, row: int) -> QuarantinedRow:
        rules, sent = self.broken[row], self._refused[row]
        reasons = [self._reasons(row, sent, rule) for rule in rules]
        positions = self.columns[sent[PART_NUMBER]]
        return QuarantinedRow(
            self.form.name,
            str(sent[SOURCE_SHEET]),
            int(sent[SOURCE_ROW]),
            tuple(rule.code for rule in rules),
            " ".join(vi for vi, _ in reasons),
            " ".join(en for _, en in reasons),
            {column.heading: as_text(sent[column.name]) for column in self.form.columns},
            tuple(
                Blame(self.form.column(name).heading, positions.get(name), reason_vi)
                for rule, (reason_vi, _) in zip(rules, reasons, strict=True)
                for name in rule.columns
            ),
        )

    def _reasons(self, row: int, sent: Mapping[str, Any], rule: Rule) -> tuple[str, str]:
        column = self.form.column(rule.columns[0])
        words = {"heading": column.heading, "value": as_text(sent[column.name]) or "", "allowed": column.allowed()}
        meant = column.meant(self.rows[column.name][row].as_py()) if column.slip else ""
        words["meant_vi"] = f" Có phải {meant} {column.stated_in}?" if meant else ""
        words["meant_en"] = f" Is it {meant} {column.stated_in}?" if meant else ""
        return rule.reason_vi.format(**words), rule.reason_en.format(**words)


def _inside(rows: Sequence[int], place: range) -> Sequence[int]:
    """Those of the sorted row numbers that lie in the range."""
    return rows[bisect_left(rows, place.start) : bisect_left(rows, place.stop)]


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
        return Verdict(form, pd.DataFrame(), raw_schema(form).empty_table(), {}, {}, ())
    cleaned = clean(form, parts, reference)
    sent = cleaned.sent
    typed = cleaned.rows
    typed[SOURCE_SHEET], typed[SOURCE_ROW], typed[FILE_NUMBER] = sent[SOURCE_SHEET], sent[SOURCE_ROW], files
    broken: dict[int, list[Rule]] = defaultdict(list)
    for breach in judge(form, typed):
        for row in breach.rows:
            broken[row].append(_named(breach.rule, row, typed))
    schema = raw_schema(form)
    columns = tuple(part.columns for part in parts)
    arrays = [pa.array(typed[field.name], field.type, from_pandas=True, safe=False) for field in schema]
    rows = pa.Table.from_arrays(arrays, schema=schema)
    return Verdict(form, sent, rows, dict(broken), dict(places), columns, cleaned.repairs)


def repaired_cell(form: str, repair: Repair) -> RepairedCell:
    """The repair as the ledger keeps it."""
    return RepairedCell(
        form, repair.source_sheet, repair.source_row, repair.column, repair.said, repair.read, repair.rule
    )


def _named(rule: Rule, row: int, typed: pd.DataFrame) -> Rule:
    """The rule that says most precisely what is wrong with a cell that could not be read."""
    return rule.named(str(typed.loc[row, rule.arguments["column"]])) if rule.precise else rule


def raw_schema(form: Form) -> pa.Schema:
    """The place of a row, then the form's columns."""
    place: dict[str, pa.DataType] = {SOURCE_SHEET: pa.string(), SOURCE_ROW: pa.int64()}
    return pa.schema(place | {column.name: ARROW_TYPES[column.type] for column in form.columns})
