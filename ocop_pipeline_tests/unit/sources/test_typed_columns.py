"""Cells read at once give what they give one by one: values, problems and repairs."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind
from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.document import SOURCE_ROW, Part
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.vietnamese.periods import Period

FORM = Form(
    "cells",
    "Ô",
    "a cell of each kind",
    FormKind.EVENTS,
    (
        Column("name", "Tên", "Text"),
        Column("amount", "Tiền", "Number", ColumnType.NUMBER, units={"đ": 1, "triệu": 1_000_000}),
        Column("count", "Số", "Integer", ColumnType.INTEGER),
        Column("ordered_at", "Lúc", "Time", ColumnType.TIMESTAMP),
        Column("kind", "Loại", "Choice", choices={"một": "one"}, other_words={"mot": "one"}),
        Column("is_new", "Mới", "Flag", ColumnType.BOOLEAN),
        Column("day", "Ngày", "Day", ColumnType.DATE),
    ),
)
FORMATS = ("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d %b %Y %H:%M", None)
TEXTS = st.one_of(
    st.none(),
    st.text(max_size=4),
    st.sampled_from(
        ["a  b", " a", "Chè", "Che\u0300", "\u200fa", "Ð", "a\u00a0b", "\x00", "1.234", "90.000", "1,5", "-3"]
    ),
    st.sampled_from(
        ["2 triệu", "82.912₫", "9007199254740993", "1e5", "٣", "Một", "MOT", "có", "ko", "24/11/23", "45000"]
    ),
    st.from_regex(r"(20|18)\d\d-[01]\d-[0-3]\d [0-2]\d:[0-6]\d", fullmatch=True),
    st.from_regex(r"[0-3]\d/[01]\d/20\d\d [0-2]\d:[0-6]\d:[0-6]\d", fullmatch=True),
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%d %H:%M}"),
)


def outcome(cells: "pd.Series[Any]", time_format: str | None, reference: Reference) -> list[Any]:
    rows = pd.DataFrame({SOURCE_ROW: range(1, len(cells) + 1), **{column.name: cells for column in FORM.columns}})
    period = Period(date(2025, 1, 1), date(2025, 2, 1))
    cleaned = clean(FORM, [Part(FORM.name, "231", period, "a.csv", rows, time_format=time_format)], reference)
    typed = cleaned.rows.astype("object")
    return [*typed.where(typed.notna(), None).to_numpy().tolist(), *sorted(cleaned.repairs.items())]


@settings(deadline=None)
@given(cells=st.lists(TEXTS, min_size=1, max_size=8), time_format=st.sampled_from(FORMATS))
def test_texts_read_at_once_are_what_they_are_one_by_one(
    cells: list[str | None], time_format: str | None, reference: Reference
) -> None:
    one_by_one = outcome(pd.Series(cells, dtype="object"), time_format, reference)
    try:
        at_once = pd.Series(cells, dtype="str")
    except UnicodeEncodeError:
        return
    assert outcome(at_once, time_format, reference) == one_by_one


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(-(2**60), 2**60).map(float)), min_size=1, max_size=8))
def test_numbers_read_at_once_are_what_they_are_one_by_one(reference: Reference, cells: list[float | None]) -> None:
    at_once = pd.Series(cells, dtype="float64")
    assert outcome(at_once, None, reference) == outcome(at_once.astype("object"), None, reference)


@settings(deadline=None)
@given(cells=st.lists(st.one_of(st.none(), st.datetimes()), min_size=1, max_size=8))
def test_moments_read_at_once_are_what_they_are_one_by_one(reference: Reference, cells: list[Any]) -> None:
    moments = pd.Series(cells, dtype="datetime64[us]")
    one_by_one = moments.astype("object").where(moments.notna(), None)
    names = [column.name for column in FORM.columns].index("ordered_at")
    read = [
        [row[1 + 2 * names : 3 + 2 * names] for row in outcome(side, None, reference)] for side in (moments, one_by_one)
    ]
    assert read[0] == read[1]


@pytest.mark.parametrize("text", ["2025-02-29 10:00", "2025-13-01 10:00", "2025-01-01 24:00", "2025-01-01T10:00"])
def test_what_is_no_moment_is_none_at_once_either(reference: Reference, text: str) -> None:
    rows = outcome(pd.Series([text, "2025-01-31 23:59"], dtype="str"), FORMATS[0], reference)
    assert [row[7] for row in rows[:2]] == [None, pd.Timestamp("2025-01-31 23:59")]
    assert [row[8] for row in rows[:2]] == ["unreadable", None]
