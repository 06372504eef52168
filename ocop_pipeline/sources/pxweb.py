"""PX-Web downloads of the statistics office: a title, a blank line, then a table flattened over its dimensions.

Belongs here: the shape of the download. Stays out: single cells and headings (`published_figures`), what the figures
are used for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.csv_files import read_csv
from ocop_pipeline.sources.document import SOURCE_ROW, SOURCE_SHEET, Document, FileRejectedError, Part
from ocop_pipeline.sources.published_figures import Time, code_of, figure_and_flag, find_time, years_from
from ocop_pipeline.sources.tables import Table
from ocop_pipeline.vietnamese.text import heading_key, normalise

_PLACES = "Cities, provinc(?:ie|e)s"
_PLACE = re.compile(_PLACES, re.IGNORECASE)
_TITLE = re.compile(rf'"?(?P<indicator>[^";]+) by (?P<dimensions>(?:[^";]*\b)?{_PLACES}\b[^";]*)"?;*', re.IGNORECASE)
_BETWEEN = re.compile(r", | and ")
_UNIT_LINE = re.compile(r'"?(?:unit(?: of measure)?|đơn vị tính) ?: ?(?P<unit>[^";]+)"?;*', re.IGNORECASE)
_UNIT_IN_TITLE = re.compile(
    r" ?\((?:unit ?: ?)?(?P<unit>[^()]*"
    r"(?:%|\b(?:thous|mill|bill|per ?cent|persons?|pers|dongs?|vnd|ha|tons?|km)\b)[^()]*)\)",
    re.IGNORECASE,
)
_TIMES = {"year", "quarter", "time", "period", "year and quarter"}


class _Heading(NamedTuple):
    """What the file says before its table: `dimensions` are those beside place and time, in the title's order."""

    indicator: str
    measure_unit: str | None
    dimensions: tuple[str, ...]
    lines: int


class _Stub(NamedTuple):
    """Positions of the columns that hold no figures: the place, further dimensions by name, year and quarter."""

    place: int
    dimensions: Mapping[int, str]
    times: tuple[int, ...]


def is_table(path: Path) -> bool:
    """Whether the file begins with a PX-Web title."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        return _TITLE.fullmatch(normalise(next(lines, ""))) is not None


def read_table(path: Path, form: Form) -> Document:
    """One row per place, year and value of the further dimensions; its place in the file is line and heading.

    Dimensions of the title that head a column of their own are read there, all others out of the headings that they are
    flattened into, on either side of the year.
    """
    heading = _heading(path)
    table = read_csv(path, delimiter=";", skip=heading.lines)
    columns = list(_columns(table, heading))
    rows = pd.concat(columns, ignore_index=True) if columns else pd.DataFrame({"year": []})
    years = rows["year"].dropna()
    if years.empty:
        raise FileRejectedError(path.name, "no_rows", "Bảng không có số liệu theo năm.", "The table holds no figures.")
    code = code_of(heading.indicator)
    part = Part(form.name, code, years_from(years), path.name, rows, number_style="en")
    return Document(code, part.period, (part,))


def _heading(path: Path) -> _Heading:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        title, second = normalise(next(lines, "")), normalise(next(lines, ""))
    match = _TITLE.fullmatch(title)
    if match is None:
        raise FileRejectedError(path.name, "file_unreadable", "Không có tiêu đề PX-Web.", "There is no PX-Web title.")
    unit = _UNIT_LINE.fullmatch(second)
    stated = unit or _UNIT_IN_TITLE.search(match["indicator"])
    named = _BETWEEN.split(_PLACE.sub("", match["dimensions"]))
    dimensions = tuple(name for part in named if (name := part.strip(" ,")) and heading_key(name) not in _TIMES)
    indicator = normalise(_UNIT_IN_TITLE.sub("", match["indicator"]))
    return _Heading(indicator, normalise(stated["unit"]) if stated else None, dimensions, 2 if unit else 1)


def _columns(table: Table, heading: _Heading) -> Iterator[pd.DataFrame]:
    """The figures of each column that is no dimension's own."""
    own = {heading_key(name): name for name in heading.dimensions}
    keys = [heading_key(text) for text in table.headings]
    stub = _Stub(
        next((position for position, key in enumerate(keys) if _PLACE.fullmatch(key)), 0),
        {position: own[key] for position, key in enumerate(keys) if key in own},
        tuple(position for position, key in enumerate(keys) if key in _TIMES),
    )
    for position, key in enumerate(keys):
        if key and position not in {stub.place, *stub.dimensions, *stub.times}:
            yield _column(table, heading, stub, position)


def _column(table: Table, heading: _Heading, stub: _Stub, position: int) -> pd.DataFrame:
    in_heading = find_time(table.headings[position])
    rest = in_heading.rest if in_heading else table.headings[position]
    stated = [_row_time(table, row, stub.times) or in_heading for row in range(len(table.rows))]
    read = [figure_and_flag(cell) for cell in table.rows[position]]
    flattened = ", ".join(name for name in heading.dimensions if name not in stub.dimensions.values())
    told = table.rows[list(stub.dimensions)].to_numpy()
    return pd.DataFrame(
        {
            SOURCE_ROW: table.rows[SOURCE_ROW],
            SOURCE_SHEET: table.headings[position],
            "indicator": heading.indicator,
            "measure_unit": heading.measure_unit,
            "place_name": table.rows[stub.place],
            "year": [time.year if time else None for time in stated],
            "quarter": [(time.quarter or None) if time else None for time in stated],
            "dimension": "; ".join(filter(None, (*stub.dimensions.values(), flattened))) or None,
            "category": ["; ".join(filter(None, (*row, rest))) or None for row in told],
            "value": [value for value, _ in read],
            "flag": [flag for _, flag in read],
            "is_preliminary": ["yes" if time and time.is_preliminary else "no" for time in stated],
        },
        dtype="object",
    ).astype({SOURCE_ROW: "int64"})


def _row_time(table: Table, row: int, times: Sequence[int]) -> Time | None:
    """The time that the row's own columns say: a year, or year and quarter."""
    cells: list[Any] = [table.rows[position][row] for position in times]
    return find_time(" ".join(str(cell) for cell in cells if cell is not None)) if cells else None
