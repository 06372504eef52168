"""Tables of cells under headings, and a form's columns among them.

Belongs here: matching headings to a form's columns. Stays out: opening files (`workbooks`, `csv_files`), finding the
headings of a sheet that people laid out (`layout`), personal data (`personal_data`), what the cells mean.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ocop_pipeline.contracts import Column, ColumnType, Form
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import SOURCE_ROW, FileRejectedError, Repair, WrongTotal
from ocop_pipeline.sources.grid import Mended, cell_value, column_letters
from ocop_pipeline.vietnamese.amounts import MONEY_WORDS, stated_unit
from ocop_pipeline.vietnamese.personal import HIDDEN
from ocop_pipeline.vietnamese.text import heading_key, normalise, without_hint
from ocop_pipeline.vietnamese.unclear import UnclearError

_CITIZEN_ID = re.compile(r"(?<!\d)\d(?:[ .-]?\d){11}(?!\d)")
"""Twelve digits, also in groups: since 01/07/2025 a household business's tax code is its owner's citizen id."""
_WITHOUT_LEADING_ZERO = 11
"""Digits left of a citizen id that a spreadsheet took for a number; a tax code has 10."""


@dataclass(frozen=True)
class Table:
    """One sheet: headings as written, and rows with `source_row` and one column per heading position.

    `mended` are the cells of these rows that were read as something else than they say, `wrong_totals` those of rows of
    totals that they do not add up to. A file that is read piece after piece gives several, and the last one `is_last`.
    """

    sheet: str
    headings: tuple[str, ...]
    rows: pd.DataFrame
    mended: tuple[Mended, ...] = ()
    wrong_totals: tuple[WrongTotal, ...] = ()
    is_last: bool = True


def form_rows(table: Table, form: Form) -> pd.DataFrame:
    """The table's rows under the names of the form's columns; a column that was not sent is all None.

    Raises FileRejectedError when a required column is missing or a heading occurs twice. Columns that the
    form does not name go no further than here, nor does a text or code that was nothing but personal data.
    """
    found = form_positions(table, form)
    rows: dict[str, pd.Series[Any]] = {SOURCE_ROW: table.rows[SOURCE_ROW]}
    for column in form.columns:
        cells = list(table.rows[found[column.name]]) if column.name in found else [None] * len(table.rows)
        if column.may_hold_citizen_id:
            cells = [None if is_citizen_id(cell) else cell for cell in cells]
        if column.type is ColumnType.TEXT and column.choices is None:
            cells = [None if cell == HIDDEN else cell for cell in cells]
        rows[column.name] = pd.Series(cells, index=table.rows.index, dtype="object")
    return pd.DataFrame(rows)


def form_repairs(table: Table, form: Form) -> tuple[Repair, ...]:
    """What was mended in the form's columns, and for the whole file (row 0, no column)."""
    columns: dict[int, Column | None] = {
        position: form.column(name) for name, position in form_positions(table, form).items()
    }
    columns[-1] = None
    return tuple(
        Repair(table.sheet, mended.row, column.name if column else "", mended.said, mended.read, mended.rule)
        for mended in table.mended
        if mended.position in columns
        and not ((column := columns[mended.position]) and column.may_hold_citizen_id and is_citizen_id(mended.read))
    )


def form_positions(table: Table, form: Form) -> dict[str, int]:
    """Position of each column of the form that the table has; FileRejectedError as in `form_rows`."""
    found = find_columns(table.sheet, table.headings, form)
    for name, position in found.items():
        column, heading = form.column(name), table.headings[position]
        if column.is_money and heading_unit(table.sheet, heading) not in {None, column.scale}:
            raise _other_unit(table.sheet, heading)
    return found


def find_columns(sheet: str, headings: Sequence[str], form: Form) -> dict[str, int]:
    """Position of each column of the form among the sheet's headings, whatever unit of money they name.

    FileRejectedError when a required one is missing or one occurs twice.
    """
    positions: defaultdict[str, set[int]] = defaultdict(set)
    hinted: defaultdict[str, set[int]] = defaultdict(set)
    for position, heading in enumerate(headings):
        key = heading_key(heading)
        positions[key].add(position)
        hinted[without_hint(key)].add(position)
    found: dict[str, int] = {}
    for column in form.columns:
        keys = column_keys(column)
        # Its own heading says more than other words for it; of two such words nobody knows which is meant.
        places = next((places for known in (positions, hinted) if (places := known.get(keys[0]))), set())
        places = places or {place for known in (positions, hinted) for key in keys for place in known.get(key, ())}
        if len(places) > 1:
            raise _repeated(sheet, column.heading, sorted(places))
        if places:
            found[column.name] = places.pop()
        elif column.required:
            raise FileRejectedError(
                sheet,
                "column_missing",
                f"Trang “{sheet}” thiếu cột bắt buộc “{column.heading}”.",
                f"Sheet “{sheet}” lacks the required column “{column.heading}”.",
            )
    return found


def column_keys(column: Column) -> list[str]:
    """Keys of the headings by which a column is known, its own first."""
    return [heading_key(heading) for heading in (column.heading, *column.aliases)]


def heading_positions(table: Table, wanted: frozenset[str] | None = None) -> dict[str, int]:
    """Position of each heading by its key; FileRejectedError when a wanted one occurs twice."""
    positions: dict[str, int] = {}
    for position, heading in enumerate(table.headings):
        key = heading_key(heading)
        if not key or (wanted is not None and key not in wanted):
            continue
        if key in positions:
            raise _repeated(table.sheet, heading, (positions[key], position))
        positions[key] = position
    return positions


def place_of(sheet: str, row: int, position: int | None = None) -> str:
    """A row's place as a person looks it up, "Giá trị:12", or a cell's, "Giá trị:C12"."""
    return f"{sheet}:{'' if position is None else column_letters(position)}{row}"


def strict_table(sheet: str, rows: Iterable[Sequence[object]]) -> Table:
    """A table as a program writes it: the first row that is not empty holds the headings, every other one data."""
    headings: tuple[str, ...] = ()
    places: list[int] = []
    cells: list[list[object]] = []
    for number, sent in enumerate(rows, start=1):
        row = [cell_value(cell) for cell in sent]
        if not any(cell is not None for cell in row):
            continue
        if not headings:
            headings = tuple(as_text(cell) or "" for cell in row)
            continue
        refuse_overflow(sheet, number, row[len(headings) :])
        places.append(number)
        cells.append(row)
    return Table(normalise(sheet), headings, frame(places, cells, len(headings)))


def frame(places: Sequence[int], cells: Sequence[Sequence[object]], width: int) -> pd.DataFrame:
    """Rows as `Table` holds them."""
    columns: dict[Any, pd.Series[Any]] = {SOURCE_ROW: pd.Series(places, dtype="int64")}
    for position in range(width):
        values = [row[position] if position < len(row) else None for row in cells]
        columns[position] = pd.Series(values, dtype="object")
    return pd.DataFrame(columns)


def refuse_overflow(sheet: str, number: int, behind: Sequence[object]) -> None:
    """FileRejectedError when a row of a CSV file goes on behind its headings."""
    if any(cell is not None for cell in behind):
        raise FileRejectedError(
            place_of(sheet, number),
            "row_too_long",
            f"Dòng {number} có nhiều ô hơn tiêu đề: giá trị có dấu phân cách phải nằm trong ngoặc kép.",
            f"Row {number} has more cells than headings: a value with the delimiter in it must be quoted.",
        )


def heading_unit(sheet: str, said: str) -> int | None:
    """`stated_unit` of what a sheet says; FileRejectedError for one that is not known, or several."""
    try:
        return stated_unit(said)
    except UnclearError as error:
        raise _other_unit(sheet, said) from error


def _other_unit(sheet: str, said: str) -> FileRejectedError:
    return FileRejectedError(
        sheet,
        "column_unit",
        f"Trang “{sheet}” ghi “{said}”: không rõ đơn vị tiền; ghi số đồng, hoặc một trong: "
        f"{', '.join(MONEY_WORDS.values())}.",
        f"Sheet “{sheet}” says “{said}”: the unit of money is not clear; write đồng, or one of: "
        f"{', '.join(MONEY_WORDS.values())}.",
    )


def _repeated(sheet: str, heading: str, positions: Sequence[int]) -> FileRejectedError:
    letters = [column_letters(position) for position in positions]
    return FileRejectedError(
        sheet,
        "column_repeated",
        f"Trang “{sheet}” có hai cột “{heading}” ({' và '.join(letters)}).",
        f"Sheet “{sheet}” has two columns “{heading}” ({' and '.join(letters)}).",
    )


def is_citizen_id(cell: object) -> bool:
    """Whether the cell holds a citizen id, also one that a spreadsheet took for a number."""
    text = as_text(cell) or ""
    is_number = isinstance(cell, int | float) and len(text) == _WITHOUT_LEADING_ZERO
    return is_number or _CITIZEN_ID.search(text) is not None
