"""Columns of an export as text keys, moments and amounts, a column at a time.

Belongs here: reading whole columns; what can't be read stays as it is, for the contract to name. Stays out: which
column means what (`marketplace_lines`).
"""

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.marketplace_mapping import MoneyStyle
from ocop_pipeline.vietnamese.numbers import NotANumberError, parse_money, parse_number

_EXACT_BELOW = 2**53
"""From here on a spreadsheet's number no longer says which order was meant."""


def texts(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Text trimmed, an empty cell None; a number as its digits, one too large to be exact as "5.7E+17"."""
    try:
        column = pa.array(cells, pa.string(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return words(cells, {cell: _text(cell) for cell in cells.dropna().unique()})
    trimmed = pc.utf8_trim_whitespace(column)
    found = trimmed.to_numpy(zero_copy_only=False)
    found[found == ""] = None
    return pd.Series(found, index=cells.index, dtype="object")


def words(cells: "pd.Series[Any]", meaning: dict[str, Any]) -> "pd.Series[Any]":
    """What each of the words means; None where the cell is empty."""
    return cells.map(meaning).astype("object").where(cells.notna(), None)


def moments(cells: "pd.Series[Any]", time_format: str) -> "pd.Series[Any]":
    """Times; the text of a cell that is none stays, in a column of objects."""
    is_text = pd.api.types.infer_dtype(cells, skipna=True) in ("string", "empty")
    read_as_text = texts(cells) if is_text else cells.map(_time_cell)
    found = pd.to_datetime(read_as_text, format=time_format, errors="coerce").astype("datetime64[us]")
    is_bad = found.isna() & read_as_text.notna()
    return found.astype("object").where(~is_bad, read_as_text) if is_bad.any() else found


def amounts(cells: "pd.Series[Any]", style: MoneyStyle) -> "pd.Series[float]":
    """Numbers in the export's style; NaN where a cell says none. Each distinct cell is read once."""
    return cells.map({cell: _amount(cell, style) for cell in cells.dropna().unique()}).astype("float64")


def or_as_said(read: "pd.Series[float]", cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The numbers, with the cells that are none left as they came."""
    is_bad = read.isna() & texts(cells).notna()
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
