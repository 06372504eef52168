"""Days are read day first or as ISO, and only days that a report can mean."""

from datetime import date

import pytest

from ocop_pipeline.vietnamese.dates import parse_date, read_date
from ocop_pipeline.vietnamese.unclear import UnclearError

DAY = date(2023, 11, 24)


@pytest.mark.parametrize("text", ["24/11/2023", "24-11-2023", "24.11.2023", "2023-11-24", " 24/11/2023 "])
def test_a_day_is_read(text: str) -> None:
    assert parse_date(text) == date(2023, 11, 24)


def test_the_day_comes_first() -> None:
    assert parse_date("3/4/2023") == date(2023, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hôm qua",
        "31/02/2023",
        "11/24/2023",
        "24/11/23",
        "24/11/0023",
        "24/11/1823",
        "05/01/1900",
        "24/11/2199",
        "20231124",
        "2023-11-24T00:00",
        "24/11/2023 10:00",
        "45254",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month|year"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("24/11/2023", None),
        ("24.11.2023", None),
        ("ngày 24/11/2023", None),
        ("Ngày 24 tháng 11 năm 2023", None),
        ("24 tháng 11, năm 2023", None),
        ("Phú Thọ, ngày 24 tháng 11 năm 2023", None),
        ("2023-11-24 00:00:00", None),
        ("2023-11-24T10:30:00", "time_dropped"),
        ("24/11/2023 07:30", "time_dropped"),
        ("24/11/23", "two_digit_year"),
        ("24.11.23", "two_digit_year"),
        ("45254", "excel_serial"),
        ("45254.0", "excel_serial"),
    ],
)
def test_a_cell_s_day_is_read_and_the_rule_told_where_it_is_not_plain(text: str, rule: str | None) -> None:
    assert read_date(text) == (DAY, rule)


def test_a_short_year_behind_dashes_is_read_only_where_it_cannot_come_first() -> None:
    assert read_date("24-11-32") == (date(2032, 11, 24), "two_digit_year")
    with pytest.raises(UnclearError) as refusal:
        read_date("24-11-23")
    assert refusal.value.problem == "two_digit_year"


@pytest.mark.parametrize(("text", "day"), [("36526", date(2000, 1, 1)), ("73050", date(2099, 12, 31))])
def test_a_spreadsheet_s_day_number_is_one_of_this_century(text: str, day: date) -> None:
    assert read_date(text)[0] == day


@pytest.mark.parametrize("text", ["36525", "73051", "4525", "452540", "45254.5", "20231124", "2023-11-24T25:00"])
def test_another_number_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|clear"):
        read_date(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tháng 11 năm 2023", "no_day"),
        ("11/2023", "no_day"),
        ("quý IV/2023", "no_day"),
        ("2023", "no_day"),
        ("24/11/50", "two_digit_year"),
    ],
)
def test_what_lacks_its_day_or_century_is_told_apart_from_no_date(text: str, problem: str) -> None:
    with pytest.raises(UnclearError) as refusal:
        read_date(text)
    assert refusal.value.problem == problem
