"""Columns of text looked at as a whole, as Arrow holds them: all texts of a column are one run of bytes.

Belongs here: what can be said or done to a million cells at once. Stays out: what a cell means (`cells`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ocop_pipeline.vietnamese.dates import YEARS

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
_SPACE, _LAST_SIGN = 0x20, 0x7E
_DIGITS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}
_ZERO, _NINE = ord("0"), ord("9")
_BOUNDS = {"%Y": (YEARS[0], YEARS[-1]), "%m": (1, 12), "%d": (1, 31), "%H": (0, 23), "%M": (0, 59), "%S": (0, 59)}
_MICROSECONDS = 1_000_000


def texts_of(cells: "pd.Series[str]") -> pa.StringArray | pa.LargeStringArray:
    """The column of dtype `str` as one Arrow array."""
    found = pa.array(cells)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def is_plain(texts: pa.StringArray | pa.LargeStringArray) -> bool:
    """Whether normalising or trimming changes no text: printable ASCII, no white space but single inner spaces."""
    starts, ends, content = _runs(texts)
    if len(content) == 0:
        return bool(len(starts) == 0)
    if content.min() < _SPACE or content.max() > _LAST_SIGN or (ends == starts).any():
        return False
    is_space = content == _SPACE
    if not is_space.any():
        return True
    if is_space[starts].any() or is_space[ends - 1].any():
        return False
    # Two in a row are doubled spaces: where one text ends and the next begins there are none.
    return not bool((is_space[1:] & is_space[:-1]).any())


def begins_with_any(texts: pa.StringArray | pa.LargeStringArray, first_bytes: bytes) -> bool:
    """Whether the first byte of any text is one of these."""
    starts, ends, content = _runs(texts)
    return bool(np.isin(content[starts[ends > starts]], np.frombuffer(first_bytes, np.uint8)).any())


def codes_of(texts: "pa.DictionaryArray[Any, Any]") -> Offsets:
    """Of each cell the position of its distinct text; where it is null -1, which is behind the last."""
    found: Offsets = texts.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return found


def taken(texts: "pa.DictionaryArray[Any, Any]", values: Sequence[object]) -> "pd.Series[str]":
    """The column of dtype `str` in which each distinct text is replaced by its value, a text or None."""
    found: pd.Series[str] = pa.array(values, pa.large_string()).take(texts.indices).to_pandas()
    return found


def read_times(texts: pa.StringArray | pa.LargeStringArray, time_format: str) -> npt.NDArray[np.datetime64] | None:
    """The moments that the texts say; NaT for a null and for what is not written in full, or is no moment.

    None where the format has parts that need not be of one width, or not all texts are of the format's width.
    """
    places = _places(time_format)
    starts, ends, content = _runs(texts)
    if places is None or len(starts) == 0:
        return None
    width = sum(places[2])
    if not bool((ends - starts == width).all()) or len(content) != width * len(starts):
        return None
    signs = content.reshape(-1, width)
    good = np.ones(len(signs), dtype=bool)
    for position, sign in places[1].items():
        good &= signs[:, position] == sign
    parts = {}
    for directive, position in places[0].items():
        digits = signs[:, position : position + _DIGITS[directive]]
        good &= ((digits >= _ZERO) & (digits <= _NINE)).all(axis=1)
        number = np.zeros(len(signs), dtype=np.int64)
        for column in range(digits.shape[1]):
            number = number * 10 + (digits[:, column].astype(np.int64) - _ZERO)
        lowest, highest = _BOUNDS[directive]
        good &= (number >= lowest) & (number <= highest)
        parts[directive] = np.where(good, number, lowest)
    moments, is_day = _moments(parts)
    moments[~(good & is_day)] = np.datetime64("NaT")
    if texts.null_count == 0:
        return moments
    found = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    found[texts.is_valid().to_numpy(zero_copy_only=False)] = moments
    return found


def _runs(texts: pa.StringArray | pa.LargeStringArray) -> tuple[Offsets, Offsets, Bytes]:
    """The bytes of all texts, and where in them each one that is not null begins and ends."""
    _, offsets, content = texts.buffers()
    if len(texts) == texts.null_count or offsets is None:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0, dtype=np.uint8)
    kind: Any = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    bounds = np.frombuffer(memoryview(offsets), kind)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    signs = np.frombuffer(memoryview(content or b""), np.uint8)[bounds[0] : bounds[-1]]
    starts, ends = bounds[:-1] - bounds[0], bounds[1:] - bounds[0]
    if texts.null_count:
        valid = texts.is_valid().to_numpy(zero_copy_only=False)
        starts, ends = starts[valid], ends[valid]
    return starts, ends, signs


def _places(time_format: str) -> tuple[dict[str, int], dict[int, int], list[int]] | None:
    """Where in a text the directives and the other signs stand, and the widths of all; None if they are not fixed."""
    directives: dict[str, int] = {}
    signs: dict[int, int] = {}
    widths: list[int] = []
    position = 0
    while position < len(time_format):
        sign = time_format[position]
        directive = time_format[position : position + 2]
        if sign == "%" and (directive not in _DIGITS or directive in directives):
            return None
        if sign == "%":
            directives[directive] = sum(widths)
            widths.append(_DIGITS[directive])
        elif sign.isascii():
            signs[sum(widths)] = ord(sign)
            widths.append(1)
        else:
            return None
        position += 2 if sign == "%" else 1
    return (directives, signs, widths) if {"%Y", "%m", "%d"} <= directives.keys() else None


def _moments(parts: dict[str, npt.NDArray[np.int64]]) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.bool_]]:
    """The moments, and whether their month has that day."""
    months = (parts["%Y"] - 1970) * 12 + parts["%m"] - 1
    first_days = months.astype("datetime64[M]").astype("datetime64[D]")
    days = first_days + (parts["%d"] - 1)
    seconds = sum(parts.get(name, 0) * worth for name, worth in (("%H", 3600), ("%M", 60), ("%S", 1)))
    is_day = days.astype("datetime64[M]") == months.astype("datetime64[M]")
    offset = np.asarray(seconds, dtype=np.int64) * _MICROSECONDS
    return days.astype("datetime64[us]") + offset.astype("timedelta64[us]"), is_day
