"""Cells into typed values, column by column as the contract says.

Belongs here: the one way a cell of a type is read. A cell that cannot be read becomes null and a word in
`<column>__problem`, which a rule of the contract expects to be null. Stays out: judging.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from ocop_pipeline.contracts import PROBLEM_SUFFIX, REPEAT_COLUMN, Column, ColumnType, Form
from ocop_pipeline.sources.document import SOURCE_SHEET, Part
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.vietnamese.dates import parse_date
from ocop_pipeline.vietnamese.numbers import NumberStyle, parse_number
from ocop_pipeline.vietnamese.text import heading_key, normalise

Reader = Callable[[Any], Any]
PART_NUMBER = "part_number"

_YES_NO = {"có": True, "x": True, "yes": True, "true": True, "1": True}
_YES_NO |= {"không": False, "no": False, "false": False, "0": False}
_LARGEST_WHOLE = 2**53
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


def clean(form: Form, parts: Sequence[Part], reference: Reference) -> pd.DataFrame:
    """The rows of all parts typed, in order under a new index.

    Columns: `part_number` (position among `parts`), the contract's columns, a `__problem` column for each
    that is not text, and `repeat_number` (0, then 1, 2 ... for exact repetitions inside a part). Parts are
    cleaned together: a column costs 0.3 ms however short, and a night brings hundreds of short parts.
    """
    sent = join(parts)
    typed: dict[str, pd.Series[Any]] = {PART_NUMBER: sent[PART_NUMBER]}
    for column in form.columns:
        values, problems = _read_column(sent[column.name], column, _readers(column, parts, reference), sent)
        typed[column.name] = values
        if column.type is not ColumnType.TEXT:
            typed[column.name + PROBLEM_SUFFIX] = problems
    frame = pd.DataFrame(typed, index=sent.index)
    names = [PART_NUMBER, *(column.name for column in form.columns)]
    frame[REPEAT_COLUMN] = sent[names].astype("str").groupby(names, dropna=False, sort=False).cumcount()
    return frame


def join(parts: Sequence[Part]) -> pd.DataFrame:
    """The rows of all parts as sent, with `part_number` and `source_sheet`, under the index that `clean` uses."""
    return pd.concat(
        [
            part.rows.assign(**{PART_NUMBER: number, SOURCE_SHEET: part.rows.get(SOURCE_SHEET, part.sheet)})
            for number, part in enumerate(parts)
        ],
        ignore_index=True,
    )


def as_text(cell: object) -> str | None:
    """A cell as its sender sees it: 12.0 is "12", a date is "2023-11-24", an empty one None."""
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return str(cell.date())
    return normalise(str(cell)) or None


def _read_column(
    cells: "pd.Series[Any]", column: Column, readers: Sequence[Reader], sent: pd.DataFrame
) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """Each distinct cell is read once per way of reading; exports repeat theirs thousands of times."""
    known: dict[tuple[Reader, type, object], tuple[object, str | None]] = {}

    def result(cell: object, part_number: int) -> tuple[object, str | None]:
        reader = readers[part_number]
        key = (reader, type(cell), cell)
        if key not in known:
            try:
                known[key] = (reader(cell), None)
            except (OverflowError, ValueError):
                known[key] = (None, "unreadable")
        return known[key]

    is_empty = cells.isna()
    results = [
        (None, None) if empty else result(cell, part_number)
        for cell, part_number, empty in zip(cells, sent[PART_NUMBER], is_empty, strict=True)
    ]
    return (
        pd.Series([value for value, _ in results], index=cells.index, dtype=_DTYPES[column.type]),
        pd.Series([problem for _, problem in results], index=cells.index, dtype="object"),
    )


def _readers(column: Column, parts: Sequence[Part], reference: Reference) -> list[Reader]:
    """How each part's cells are read; parts that are read alike share one reader."""
    shared: dict[object, Reader] = {}
    return [shared.setdefault(_way(column, part), _reader(column, part, reference)) for part in parts]


def _way(column: Column, part: Part) -> object:
    """What reading the column's cells depends on beside the column."""
    match column.type:
        case ColumnType.INTEGER | ColumnType.NUMBER:
            return part.number_style
        case ColumnType.TIMESTAMP:
            return part.time_format
        case ColumnType.COMMUNE:
            return part.communes_of or part.unit_code, part.period.last_day
        case _:
            return None


def _reader(column: Column, part: Part, reference: Reference) -> Reader:
    readers: dict[ColumnType, Reader] = {
        ColumnType.TEXT: as_text,
        ColumnType.INTEGER: lambda cell: _integer(_number(cell, part.number_style, column.scale)),
        ColumnType.NUMBER: lambda cell: _number(cell, part.number_style, column.scale),
        ColumnType.DATE: _date,
        ColumnType.TIMESTAMP: lambda cell: _timestamp(cell, part.time_format),
        ColumnType.BOOLEAN: _yes_no,
        ColumnType.COMMUNE: lambda cell: _commune(cell, part, reference),
        ColumnType.UNIT: lambda cell: _unit(cell, reference),
    }
    if column.choices is not None:
        choices = column.choices
        return lambda cell: choices.get(heading_key(as_text(cell) or ""), as_text(cell))
    return readers[column.type]


def _number(cell: object, style: NumberStyle, scale: int) -> float:
    number = scale * (float(cell) if isinstance(cell, int | float) else parse_number(str(cell), style))
    if not math.isfinite(number):
        raise ValueError(cell)
    return number


def _integer(number: float) -> int:
    if not number.is_integer() or abs(number) > _LARGEST_WHOLE:
        raise ValueError(number)
    return int(number)


def _date(cell: object) -> date:
    return parse_date(str(cell.date() if isinstance(cell, datetime) else cell))


def _timestamp(cell: object, time_format: str | None) -> datetime:
    if isinstance(cell, datetime):
        moment = cell
    elif time_format is None:
        moment = datetime.fromisoformat(str(cell))
    else:
        moment = datetime.strptime(str(cell), time_format)  # noqa: DTZ007 - exports carry local time without a zone
    if moment.tzinfo is not None:
        raise ValueError(cell)
    parse_date(str(moment.date()))
    return moment


def _yes_no(cell: object) -> bool:
    word = heading_key(as_text(cell) or "")
    if word not in _YES_NO:
        raise ValueError(word)
    return _YES_NO[word]


def _commune(cell: object, part: Part, reference: Reference) -> str:
    code = reference.find_commune(as_text(cell) or "", part.communes_of or part.unit_code, part.period.last_day)
    if code is None:
        raise ValueError(cell)
    return code


def _unit(cell: object, reference: Reference) -> str:
    code = reference.find_district(as_text(cell) or "")
    if code is None:
        raise ValueError(cell)
    return code
