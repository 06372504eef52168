"""Numbers with units are read by what the unit is worth; what names no single number says why it does not."""

import math
import re

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from ocop_pipeline.vietnamese.amounts import MONEY, PEOPLE, parse_amount, times
from ocop_pipeline.vietnamese.numbers import NotANumberError, NumberStyle, parse_number

LOCALES: dict[NumberStyle, str] = {"vi": "vi_VN", "en": "en_US"}


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("12,5 triệu", 12_500_000),
        ("12.5 triệu đồng", 12_500_000),
        ("1.234 đ", 1234),
        ("90.000 đồng", 90_000),
        ("15 nghìn", 15_000),
        ("15 ngàn đồng", 15_000),
        ("1,2 tỷ", 1_200_000_000),
        ("1,2 TỈ ĐỒNG", 1_200_000_000),
        ("5tr", 5_000_000),
        ("-3 triệu", -3_000_000),
        ("82.912₫", 82_912),
        ("1.000 VNĐ.", 1000),
        ("4,35 triệu", 4_350_000),
    ],
)
def test_an_amount_is_read_with_its_unit(text: str, dong: int) -> None:
    number, worth = parse_amount(text)
    assert worth is not None
    assert times(number, worth) == dong


def test_a_number_without_a_unit_says_so() -> None:
    assert parse_amount("1.234") == (1234, None)
    assert parse_amount("12 người", units=PEOPLE) == (12, 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("5-7", "range"),
        ("5 – 7 triệu", "range"),
        ("5 triệu - 7 triệu", "range"),
        ("từ 5 đến 7 triệu", "range"),
        ("trên 360 tỉ", "qualifier"),
        ("hơn 5", "qualifier"),
        ("khoảng 5 triệu", "qualifier"),
        ("ước đạt 5 tỷ", "qualifier"),
        ("~5", "qualifier"),
        ("> 5", "qualifier"),
        ("5 triệu trở lên", "qualifier"),
        ("5+", "qualifier"),
        ("1,234", "ambiguous"),
        ("1,234 tỷ", "ambiguous"),
        ("120 kg", "unit"),
        ("1.000 đồng/kg", "unit"),
        ("5 USD", "unit"),
        ("5 000", "unreadable"),
        ("1 tỷ 200 triệu", "unreadable"),
        ("năm triệu", "unreadable"),
        ("triệu", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_what_is_no_single_number_says_why(text: str, problem: str) -> None:
    with pytest.raises(NotANumberError) as refusal:
        parse_amount(text)
    assert refusal.value.problem == problem


def test_a_unit_is_taken_only_where_the_column_knows_it() -> None:
    with pytest.raises(NotANumberError) as refusal:
        parse_amount("5 triệu", units=PEOPLE)
    assert (refusal.value.problem, refusal.value.detail) == ("unit", "triệu")


@given(
    number=st.decimals(-(10**12), 10**12, places=4).map(float),
    style=st.sampled_from(["vi", "en"]),
    pattern=st.sampled_from(["#,##0.####", "0.####"]),
)
def test_a_formatted_number_is_read_back_or_refused_and_never_taken_for_another(
    number: float, style: NumberStyle, pattern: str
) -> None:
    written = format_decimal(number, pattern, locale=LOCALES[style])
    if style == "vi" and re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", written):
        with pytest.raises(NotANumberError) as refusal:
            parse_number(written, style)
        assert refusal.value.problem == "ambiguous"
    else:
        assert math.isclose(parse_number(written, style), number, rel_tol=1e-12)


@given(number=st.integers(-(10**9), 10**9), unit=st.sampled_from(sorted(MONEY)), space=st.sampled_from(["", " "]))
def test_a_formatted_amount_is_read_back(number: int, unit: str, space: str) -> None:
    written = f"{format_decimal(number, locale='vi_VN')}{space}{unit}"
    assert parse_amount(written) == (number, MONEY[unit])
