"""Columns of an export as text keys, moments and amounts, a column at a time.

Belongs here: reading whole columns; what can't be read stays as it is, for the contract to name. Stays out: which
column means what (`marketplace_lines`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ocop_pipeline.sources.arrow_text import codes_of, read_times, taken, texts_of
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.marketplace_mapping import MoneyStyle
from ocop_pipeline.vietnamese.numbers import NotANumberError, parse_money, parse_number

_EXACT_BELOW = 2**53
"""From here on a spreadsheet's number no longer says which order was meant."""


LATE = " (sau ngày nhận tệp)"
WRONG = " (không hợp lệ)"
"""Behind a cell that could be read and says what cannot be."""


def texts(cells: "pd.Series[Any]") -> "pd.Series[str]":
    """Text trimmed, an empty cell null; a number as its digits, one too large to be exact as "5.7E+17"."""
    try:
        column = pa.array(cells, pa.large_string(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return cells.map({cell: _text(cell) for cell in cells.dropna().unique()}).astype("str")
    trimmed = pc.utf8_trim_whitespace(column)
    found: pd.Series[str] = pc.if_else(pc.equal(trimmed, pa.scalar("", pa.large_string())), None, trimmed).to_pandas()
    return found.set_axis(cells.index)


def words(said: "pd.Series[str]", meaning: Callable[[str], str]) -> "pd.Series[str]":
    """What each of the texts means; null where there is none. Each distinct text is asked for once."""
    distinct = texts_of(said).dictionary_encode()
    return taken(distinct, [meaning(str(word)) for word in distinct.dictionary.to_pylist()]).set_axis(said.index)


def moments(cells: "pd.Series[Any]", time_format: str, until: datetime) -> "pd.Series[Any]":
    """Times; the text of a cell that is none stays in a column of objects, that of one after `until` with `LATE`."""
    is_text = cells.dtype == "str" or pd.api.types.infer_dtype(cells, skipna=True) in ("string", "empty")
    said = texts(cells) if is_text else cells.map(_time_cell)
    at_once = read_times(texts_of(said), time_format) if is_text else None
    is_read = at_once is not None and bool((np.isnat(at_once) == said.isna()).all())
    if at_once is not None and is_read and not (at_once > np.datetime64(until)).any():
        return pd.Series(at_once, index=cells.index)
    found = pd.to_datetime(said, format=time_format, errors="coerce").astype("datetime64[us]")
    is_late = found > until
    is_bad = (found.isna() & said.notna()) | is_late
    if not is_bad.any():
        return found
    # A text that no format reads, so that it is not taken for a time after all.
    return found.astype("object").where(~is_bad, said.where(~is_late, texts(cells) + LATE))


def amounts(cells: "pd.Series[Any]", style: MoneyStyle) -> "pd.Series[float]":
    """Numbers in the export's style; NaN where a cell says none. Each distinct cell is read once."""
    if cells.dtype != "str":
        return cells.map({cell: _amount(cell, style) for cell in cells.dropna().unique()}).astype("float64")
    distinct = texts_of(cells).dictionary_encode()
    numbers = np.array([*(_amount(text, style) for text in distinct.dictionary.to_pylist()), np.nan])
    return pd.Series(numbers[codes_of(distinct)], index=cells.index)


def or_as_said(read: "pd.Series[float]", cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The numbers, with the cells that are none left as they came."""
    is_bad = read.isna()
    if is_bad.any():
        is_bad &= texts(cells).notna()
    return read.astype("object").where(~is_bad, cells) if is_bad.any() else read


def _text(cell: object) -> str | None:
    if isinstance(cell, int | float) and abs(cell) >= _EXACT_BELOW:
        return f"{cell:.16E}"
    text = as_text(cell)
    return text.strip() or None if text else None


def _time_cell(cell: object) -> object:
    """A date of a workbook stays; a number, which could be any, becomes text that no format reads."""
    return cell if hasattr(cell, "year") else as_text(cell)


def _amount(cell: object, style: MoneyStyle) -> float:
    try:
        if isinstance(cell, int | float):
            return float(cell)
        return parse_money(str(cell)) if style == "vnd" else parse_number(str(cell), style)
    except NotANumberError:
        return float("nan")
