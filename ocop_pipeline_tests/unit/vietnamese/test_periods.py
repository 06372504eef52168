"""Periods are whole months, quarters, half-years and years, however they are written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_pipeline.vietnamese.periods import Period, find_period, parse_period


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2023-06", "2023-06"),
        ("2023-6", "2023-06"),
        ("06/2023", "2023-06"),
        ("tháng 6/2023", "2023-06"),
        ("Tháng 06 năm 2023", "2023-06"),
        ("THA\u0301NG 6/2023", "2023-06"),
        ("2023-Q2", "2023-Q2"),
        ("quý II/2023", "2023-Q2"),
        ("Quý 2 năm 2023", "2023-Q2"),
        ("quý iv/2023", "2023-Q4"),
        ("2023-H1", "2023-H1"),
        ("6 tháng đầu năm 2023", "2023-H1"),
        ("6 tháng cuối năm 2023", "2023-H2"),
        ("2023", "2023"),
        ("năm 2023", "2023"),
        ("cả năm 2023", "2023"),
        ("T6/2023", "2023-06"),
        ("t.6/2023", "2023-06"),
        ("06.2023", "2023-06"),
        ("tháng 6, năm 2023", "2023-06"),
        ("2023-06-01", "2023-06"),
        ("Q2/2023", "2023-Q2"),
        ("H2/2023", "2023-H2"),
        ("sáu tháng đầu năm 2023", "2023-H1"),
        ("nửa cuối năm 2023", "2023-H2"),
    ],
)
def test_a_period_is_read(text: str, label: str) -> None:
    assert parse_period(text).label == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tháng 13/2023",
        "2023-00",
        "2023-13",
        "quý V/2023",
        "quý 5/2023",
        "2023-Q5",
        "2023-H3",
        "6/23",
        "tháng này",
        "1823",
        "2023-06-09",
        "2023-06-02",
        "T13/2023",
        "q5/2023",
        "nửa năm 2023",
        "20233",
        "tháng 6",
        "2023.0",
        "9 tháng đầu năm 2023",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a report period"):
        parse_period(text)


def test_a_period_ends_where_the_next_begins() -> None:
    assert parse_period("2023-Q4") == Period(date(2023, 10, 1), date(2024, 1, 1))
    assert parse_period("2024-02").last_day == date(2024, 2, 29)
    assert parse_period("2023-Q1").end == parse_period("2023-04").start


def test_any_other_stretch_of_days_is_labelled_by_its_days() -> None:
    assert Period(date(2023, 6, 1), date(2023, 6, 16)).label == "2023-06-01/2023-06-15"
    assert Period(date(2023, 6, 1), date(2023, 6, 2)).label == "2023-06-01"
    assert Period(date(2023, 2, 1), date(2023, 5, 1)).label == "2023-02-01/2023-04-30"


ROMAN = ("I", "II", "III", "IV")
SHAPES = {
    1: ("{year}-{n:02}", "{n:02}/{year}", "tháng {n}/{year}", "Tháng {n:02} năm {year}", "T{n}/{year}", "t{n}-{year}"),
    3: ("{year}-Q{n}", "quý {n}/{year}", "QUÝ {roman}/{year}", "Quý {n} năm {year}", "quý {roman} năm {year}"),
    6: ("{year}-H{n}", "6 tháng {half} năm {year}", "6 THÁNG {half} NĂM {year}", "H{n}/{year}"),
    12: ("{year}", "năm {year}", "Năm {year}"),
}


@given(year=st.integers(1900, 2099), months=st.sampled_from([1, 3, 6, 12]), data=st.data())
def test_a_period_is_read_back_from_every_way_of_writing_it(year: int, months: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 12 // months))
    shape = data.draw(st.sampled_from(SHAPES[months]))
    written = shape.format(year=year, n=n, roman=ROMAN[(n - 1) % 4], half=("đầu", "cuối")[(n - 1) % 2])
    period = Period.of_months(year, (n - 1) * months + 1, months)
    assert parse_period(written) == period
    assert parse_period(period.label) == period


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("bao-cao-2023-06_lan 2.xlsx", "2023-06"),
        ("BC_thang_08_nam_2023.xlsx", "2023-08"),
        ("Báo_cáo_quý_II năm 2023.csv", "2023-Q2"),
        ("lao-dong-2023-Q2.csv", "2023-Q2"),
        ("bao-cao-nam-2020.xlsx", "2020"),
        ("2023-06 (gui lai 2023-06).xlsx", "2023-06"),
        ("bao-cao-2024-03-v2.ods", "2024-03"),
    ],
)
def test_a_files_name_tells_its_period(name: str, label: str) -> None:
    period = find_period(name)
    assert period is not None
    assert period.label == label


@pytest.mark.parametrize(
    "name",
    [
        "bao-cao.xlsx",
        "bao-cao-2023-06_2023-07.xlsx",
        "bc-2023-06-15.xlsx",
        "Order.all.20230601_20230630.xlsx",
        "thang 13-2023.xlsx",
        "Việt Nam 2023.xlsx",
    ],
)
def test_a_name_that_tells_none_or_several_or_a_day_tells_no_period(name: str) -> None:
    assert find_period(name) is None
