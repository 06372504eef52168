"""PX-Web downloads of the statistics office: a title, a blank line, then a table flattened over its dimensions.

In English or in Vietnamese. Belongs here: the shape of the download. Stays out: single cells and headings
(`published_figures`), what the figures are used for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.csv_files import decoded, read_records
from ocop_pipeline.sources.document import SOURCE_ROW, SOURCE_SHEET, Document, FileRejectedError, Part
from ocop_pipeline.sources.published_figures import (
    Edge,
    Time,
    code_of,
    figure_and_flag,
    find_time,
    has_several_years,
    years_from,
)
from ocop_pipeline.sources.tables import Table, heading_positions, strict_table
from ocop_pipeline.vietnamese.numbers import NumberStyle
from ocop_pipeline.vietnamese.text import heading_key, normalise

_PLACES = "(?:Cities, provinc(?:ie|e)s|Tỉnh(?:,|/| và)? ?thành phố)"
_PLACE = re.compile(_PLACES, re.IGNORECASE)
_TITLE = re.compile(
    r'"?(?P<indicator>[^";]+)(?<! chia| phân) (?P<by>by|(?:chia |phân )?theo) '
    rf'(?P<dimensions>(?:[^";]*\b)?{_PLACES}\b[^";]*)"?;*',
    re.IGNORECASE,
)
_BETWEEN = re.compile(r", | and | và ", re.IGNORECASE)
_UNIT_LINE = re.compile(r'"?(?:unit(?: of measure)?|đơn vị tính) ?: ?(?P<unit>[^";]+)"?;*', re.IGNORECASE)
_UNIT_IN_TITLE = re.compile(
    r" ?\((?:unit ?: ?)?(?P<unit>[^()]*"
    r"(?:%|\b(?:nghìn|triệu|tỷ|đồng|người|thous|mill|bill|per ?cent|persons?|pers|dongs?|vnd|ha|tons?|km)\b)[^()]*)\)",
    re.IGNORECASE,
)
_TITLE_BYTES = 64 << 10
_TIMES = {"year", "quarter", "time", "period", "year and quarter", "năm", "quý", "kỳ", "năm và quý"}


class _Heading(NamedTuple):
    """What the file says before its table: `dimensions` are those beside place and time, in the title's order."""

    name: str
    number_style: NumberStyle
    indicator: str
    measure_unit: str | None
    dimensions: tuple[str, ...]
    lines: int


class _Stub(NamedTuple):
    """Positions of the columns that hold no figures: the place, further dimensions by name, year and quarter.

    Without a place, the headings of all others are places.
    """

    place: int | None
    dimensions: Mapping[int, str]
    times: tuple[int, ...]


def is_table(path: Path) -> bool:
    """Whether the file begins with a PX-Web title."""
    try:
        lines = decoded(path, _TITLE_BYTES)[0].splitlines()
    except FileRejectedError:
        return False
    return bool(lines) and _TITLE.fullmatch(normalise(lines[0])) is not None


def read_table(path: Path, form: Form) -> Document:
    """One row per place, year and value of the further dimensions; its place in the file is line and heading.

    Dimensions of the title that head a column of their own are read there, all others out of the headings that they are
    flattened into, on either side of the year.
    """
    lines = decoded(path)[0].splitlines()
    heading = _heading(path, lines)
    table = _figures(strict_table(path.name, _records(path, lines, heading.lines)))
    # Of two columns headed alike nobody can tell which holds.
    heading_positions(table)
    columns = list(_columns(table, heading))
    rows = pd.concat(columns, ignore_index=True) if columns else pd.DataFrame({"year": []})
    years = rows["year"].dropna()
    if years.empty:
        raise FileRejectedError(path.name, "no_rows", "Bảng không có số liệu theo năm.", "The table holds no figures.")
    code = code_of(heading.indicator)
    part = Part(form.name, code, years_from(years), path.name, rows, number_style=heading.number_style)
    return Document(code, part.period, (part,))


def _heading(path: Path, lines: Sequence[str]) -> _Heading:
    title, second = (normalise(line) for line in (*lines, "", "")[:2])
    match = _TITLE.fullmatch(title)
    if match is None:
        raise FileRejectedError(path.name, "file_unreadable", "Không có tiêu đề PX-Web.", "There is no PX-Web title.")
    unit = _UNIT_LINE.fullmatch(second)
    stated = unit or _UNIT_IN_TITLE.search(match["indicator"])
    named = _BETWEEN.split(_PLACE.sub("", match["dimensions"]))
    dimensions = tuple(name for part in named if (name := part.strip(" ,")) and heading_key(name) not in _TIMES)
    indicator = normalise(_UNIT_IN_TITLE.sub("", match["indicator"]))
    style: NumberStyle = "en" if match["by"].casefold() == "by" else "vi"
    measure_unit = normalise(stated["unit"]) if stated else None
    return _Heading(path.name, style, indicator, measure_unit, dimensions, 2 if unit else 1)


def _records(path: Path, lines: Sequence[str], above: int) -> Iterator[Sequence[str]]:
    """The table with its lines where they are in the file; nothing stands above it."""
    yield from [()] * above
    yield from read_records(path, "\n".join(lines[above:]), ";")


def _figures(table: Table) -> Table:
    """Without the lines that have nothing but a first cell, which name the source and the day."""
    has_figures = table.rows.drop(columns=[SOURCE_ROW, 0], errors="ignore").notna().any(axis="columns")
    return replace(table, rows=table.rows[has_figures].reset_index(drop=True))


def _columns(table: Table, heading: _Heading) -> Iterator[pd.DataFrame]:
    """The figures of each column that is no dimension's own."""
    stub = _stub(table, heading)
    positions = [
        position
        for position, text in enumerate(table.headings)
        if heading_key(text) and position not in {stub.place, *stub.dimensions, *stub.times}
    ]
    in_rows = [_row_time(table, row, stub.times) for row in range(len(table.rows))]
    edge = None if any(in_rows) else _edge([table.headings[position] for position in positions], heading)
    for position in positions:
        text = table.headings[position]
        if any(in_rows):
            times = [time and time._replace(rest=text) for time in in_rows]
        else:
            times = [find_time(text, edge)] * len(table.rows)
        yield _column(table, heading, stub, position, times)


def _stub(table: Table, heading: _Heading) -> _Stub:
    own = {heading_key(name): name for name in heading.dimensions}
    keys = [heading_key(text) for text in table.headings]
    dimensions = {position: own[key] for position, key in enumerate(keys) if key in own}
    times = tuple(position for position, key in enumerate(keys) if key in _TIMES)
    place = next((position for position, key in enumerate(keys) if _PLACE.fullmatch(key)), None)
    if place is None and 0 not in {*dimensions, *times}:
        place = 0
    if place is None and (not times or len(dimensions) < len(own)):
        raise FileRejectedError(
            heading.name,
            "file_unreadable",
            "Bảng không có cột tỉnh, thành phố; tải lại với tỉnh ở dòng và năm ở cột.",
            "The table has no column of cities and provinces: download it with places in rows and years in columns.",
        )
    return _Stub(place, dimensions, times)


def _edge(headings: Sequence[str], heading: _Heading) -> Edge | None:
    """Where the headings have their year, if one of them holds several numbers that may be one."""
    doubtful = next(filter(has_several_years, headings), None)
    if doubtful is None:
        return None
    edges: tuple[Edge, ...] = ("first", "last")
    possible = [edge for edge in edges if all(find_time(text, edge) for text in headings)]
    if len(possible) != 1:
        raise FileRejectedError(
            heading.name,
            "file_unreadable",
            f"Không rõ số nào là năm trong tiêu đề cột “{doubtful}”.",
            f"Which number of the heading {doubtful!r} is the year is not clear.",
        )
    return possible[0]


def _column(table: Table, heading: _Heading, stub: _Stub, position: int, times: Sequence[Time | None]) -> pd.DataFrame:
    """The figures of a column, each with its time and what the heading says beside that."""
    rests = [time.rest if time else table.headings[position] for time in times]
    places, categories = (rests, [""] * len(rests)) if stub.place is None else (table.rows[stub.place], rests)
    read = [figure_and_flag(cell) for cell in table.rows[position]]
    flattened = ", ".join(name for name in heading.dimensions if name not in stub.dimensions.values())
    told = table.rows[list(stub.dimensions)].to_numpy()
    return pd.DataFrame(
        {
            SOURCE_ROW: table.rows[SOURCE_ROW],
            SOURCE_SHEET: table.headings[position],
            "indicator": heading.indicator,
            "measure_unit": heading.measure_unit,
            "place_name": places,
            "year": [time.year if time else None for time in times],
            "quarter": [(time.quarter or None) if time else None for time in times],
            "dimension": "; ".join(filter(None, (*stub.dimensions.values(), flattened))) or None,
            "category": [
                "; ".join(filter(None, (*row, rest))) or None for row, rest in zip(told, categories, strict=True)
            ],
            "value": [value for value, _ in read],
            "flag": [flag for _, flag in read],
            "is_preliminary": ["yes" if time and time.is_preliminary else "no" for time in times],
        },
        dtype="object",
    ).astype({SOURCE_ROW: "int64"})


def _row_time(table: Table, row: int, times: Sequence[int]) -> Time | None:
    """The time that the row's own columns say: a year, or year and quarter."""
    cells: list[Any] = [table.rows[position][row] for position in times]
    return find_time(" ".join(str(cell) for cell in cells if cell is not None)) if cells else None
