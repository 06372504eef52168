"""A column of cells typed: at once where it can be, else cell by cell.

Belongs here: how many cells are read with one look, to the same values, problems and repairs as one by one. Stays out:
how one cell of a type is read (`cells`).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ocop_pipeline.contracts import PROBLEM_DETAIL, Column, ColumnType
from ocop_pipeline.reasons import NOT_COMPUTED
from ocop_pipeline.sources.arrow_text import codes_of, is_plain, read_times, taken, texts_of
from ocop_pipeline.sources.document import NotComputed, Part
from ocop_pipeline.vietnamese.dates import YEARS
from ocop_pipeline.vietnamese.text import as_typed, normalise
from ocop_pipeline.vietnamese.unclear import UnclearError

Reading = tuple[Any, str | None]
"""What a cell was read as, and the rule where it does not plainly say so."""
Reader = Callable[[Any], Reading]
TypedColumn = tuple["pd.Series[Any]", "pd.Series[Any]", dict[int, str]]
"""Values, problems, and by row the rules of repairs."""
LETTERS = "letters"
"""The rule by which a text is read that was typed in other letters than it shows: NFD, Ð for Đ, marks unseen."""
LARGEST_WHOLE = 2**53
"""Above it a spreadsheet's number no longer says which whole number was meant."""
_DTYPES = {
    ColumnType.TEXT: "object",
    ColumnType.COMMUNE: "object",
    ColumnType.UNIT: "object",
    ColumnType.INTEGER: "Int64",
    ColumnType.NUMBER: "float64",
    ColumnType.DATE: "datetime64[us]",
    ColumnType.TIMESTAMP: "datetime64[us]",
    ColumnType.BOOLEAN: "boolean",
}


def read_column(
    cells: "pd.Series[Any]",
    column: Column,
    parts: Sequence[Part],
    readers: Sequence[Reader],
    part_numbers: "pd.Series[int]",
) -> TypedColumn:
    """The column's cells typed: each by the reader of its part."""
    found = _read_at_once(_as_one_kind(cells), column, parts, readers)
    return found or _read_one_by_one(cells, column, readers, part_numbers)


def _read_at_once(
    cells: "pd.Series[Any]", column: Column, parts: Sequence[Part], readers: Sequence[Reader]
) -> TypedColumn | None:
    """The column as `_read_one_by_one` reads it, where its parts are read alike and its cells are of one kind.

    A million cells take a hundredth of the time. Those that are not written plainly are read one by one all the same.
    """
    if cells.isna().all():
        problems = _nothing(cells.index)
        dtype = _DTYPES[column.type]
        return problems if dtype == "object" else pd.Series(None, index=cells.index, dtype=dtype), problems, {}
    if len(set(readers)) > 1:
        return None
    values = _plain_values(cells, column, parts[0])
    if values is None:
        return _read_distinct(cells, column, readers[0]) if cells.dtype == "str" else None
    problems = _nothing(cells.index)
    odd = cells.index[values.isna() & cells.notna()]
    if odd.empty:
        return values, problems, {}
    others = cells.loc[odd]
    found, problems.loc[odd], rules = _read_one_by_one(others, column, readers[:1], pd.Series(0, index=odd))
    values.loc[odd] = found.astype(values.dtype)
    return values, problems, {int(odd[row]): rule for row, rule in rules.items()}


def _as_one_kind(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column of objects that are texts, nothing else, as a column of texts."""
    if cells.dtype != "object" or not all(type(cell) is str for cell in cells if cell is not None):
        return cells
    return cells.astype("str")


def _nothing(index: pd.Index) -> "pd.Series[Any]":
    """None for every row, and not NaN, which a test for None would miss."""
    return pd.Series(np.full(len(index), None, dtype="object"), index=index)


def _plain_values(cells: "pd.Series[Any]", column: Column, part: Part) -> "pd.Series[Any] | None":
    """The values of the cells that say theirs plainly, null for the others; None if the column has none such."""
    if column.choices is not None:
        return None
    match column.type:
        case ColumnType.TEXT:
            return cells if cells.dtype == "str" and is_plain(texts_of(cells)) else None
        case ColumnType.NUMBER | ColumnType.INTEGER if cells.dtype in ("float64", "int64", "object"):
            numbers = _numbers(cells) * column.scale
            if column.least is not None:
                numbers = numbers.where((numbers == 0) | (numbers.abs() >= column.least))
            if column.type is ColumnType.NUMBER:
                return numbers.where(np.isfinite(numbers))
            is_whole = (numbers == np.floor(numbers)) & (numbers.abs() <= LARGEST_WHOLE)
            return numbers.where(is_whole).astype("Int64")
        case ColumnType.TIMESTAMP:
            return _moments(cells, part.time_format)
        case _:
            return None


def _numbers(cells: "pd.Series[Any]") -> "pd.Series[float]":
    """The cells that are numbers; a yes or no is none, though Python adds it up."""
    if cells.dtype != "object":
        return cells.astype("float64")
    found = [cell if type(cell) in (float, int) else None for cell in cells]
    return pd.Series(found, index=cells.index, dtype="float64")


def _moments(cells: "pd.Series[Any]", time_format: str | None) -> "pd.Series[Any] | None":
    if pd.api.types.is_datetime64_dtype(cells.dtype):
        return cells.where(cells.dt.year.between(YEARS[0], YEARS[-1])).astype("datetime64[us]")
    if cells.dtype != "str" or time_format is None:
        return None
    moments = read_times(texts_of(cells), time_format)
    return None if moments is None else pd.Series(moments, index=cells.index, dtype="datetime64[us]")


def _read_distinct(cells: "pd.Series[str]", column: Column, reader: Reader) -> TypedColumn:
    """Each distinct text read once, and found again for all by Arrow."""
    texts = texts_of(cells).dictionary_encode()
    distinct = pd.Series(texts.dictionary.to_pylist(), dtype="object")
    read = _read_one_by_one(distinct, column, [reader], pd.Series(0, index=distinct.index))
    codes = codes_of(texts)
    dtype = "str" if column.type is ColumnType.TEXT else _DTYPES[column.type]
    if dtype == "str":
        values = taken(texts, read[0].tolist()).set_axis(cells.index)
    else:
        values = pd.Series(read[0].array.take(codes, allow_fill=True), index=cells.index)
    if read[1].isna().all():
        problems = _nothing(cells.index)
    else:
        problems = pd.Series(read[1].array.take(codes, allow_fill=True, fill_value=None), index=cells.index)
    mended = np.flatnonzero(np.isin(codes, list(read[2]))) if read[2] else ()
    return values, problems, {int(row): read[2][int(codes[row])] for row in mended}


def _letters_rule(cell: object) -> str | None:
    is_other = isinstance(cell, str) and not cell.isascii() and as_typed(cell) != normalise(cell)
    return LETTERS if is_other else None


def _read_one_by_one(
    cells: "pd.Series[Any]", column: Column, readers: Sequence[Reader], part_numbers: "pd.Series[int]"
) -> TypedColumn:
    """Each distinct cell read once per way of reading; exports repeat theirs thousands of times."""
    known: dict[tuple[Reader, type, object], tuple[object, str | None, str | None]] = {}

    def result(cell: object, part_number: int) -> tuple[object, str | None, str | None]:
        reader = readers[part_number]
        key = (reader, type(cell), cell)
        if isinstance(cell, NotComputed):
            is_plain_text = column.type is ColumnType.TEXT and column.choices is None
            known[key] = (normalise(cell) or None if is_plain_text else None, NOT_COMPUTED[0], None)
        if key not in known:
            try:
                value, rule = reader(cell)
                known[key] = (value, None, rule or _letters_rule(cell))
            except UnclearError as error:
                known[key] = (None, error.problem + (PROBLEM_DETAIL + error.detail if error.detail else ""), None)
            except (OverflowError, ValueError):
                known[key] = (None, "unreadable", None)
        return known[key]

    is_empty = cells.isna()
    results = [
        (None, None, None) if empty else result(cell, part_number)
        for cell, part_number, empty in zip(cells, part_numbers, is_empty, strict=True)
    ]
    return (
        pd.Series([value for value, _, _ in results], index=cells.index, dtype=_DTYPES[column.type]),
        pd.Series([problem for _, problem, _ in results], index=cells.index, dtype="object"),
        # Most columns of most files need no repair, and some have millions of rows.
        {row: rule for row, (_, _, rule) in enumerate(results) if rule}
        if any(rule for _, _, rule in known.values())
        else {},
    )
