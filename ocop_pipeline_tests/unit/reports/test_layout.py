import json
from datetime import date
from decimal import Decimal

import pytest

from ocop_pipeline.reports.layout import as_csv, as_json, show
from ocop_pipeline.reports.wording import worded
from ocop_pipeline.warehouse.query import Answer


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (194, "194"),
        (Decimal(361250000000), "361.250.000.000"),
        (Decimal("0.4756"), "0,4756"),
        (Decimal("1234.56"), "1.234,6"),
        (True, "có"),
        ("07900", "07900"),
    ],
)
def test_a_value_is_shown_in_the_vietnamese_style(value: object, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("0.475555"), "share", "47,6 %"),
        (Decimal(361_249_999_999), "vnd", "361,2 tỷ"),
        (6_050_000, "vnd_per_month", "6,05 triệu"),
        (4307, "worker", "4.307"),
        (None, "share", None),
    ],
)
def test_a_figure_is_worded_with_its_unit(value: object, unit: str, text: str | None) -> None:
    assert worded(value, unit) == text


def test_json_keeps_numbers_as_numbers_and_dates_as_iso_text() -> None:
    answer = Answer(
        ("value", "share", "as_of", "name"), ((Decimal("194.0"), Decimal("0.5"), date(2023, 11, 24), None),)
    )
    assert json.loads(as_json(answer)) == [{"value": 194, "share": 0.5, "as_of": "2023-11-24", "name": None}]


def test_csv_quotes_what_needs_it_and_leaves_null_empty() -> None:
    assert as_csv(Answer(("a", "b"), (("x,y", None),))) == 'a,b\n"x,y",\n'
