"""Numbers are read when there is one way to read them, and refused otherwise."""

import pytest

from ocop_pipeline.vietnamese.numbers import NotANumberError, NumberStyle, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234.567,89", 1234567.89),
        ("1,234,567.89", 1234567.89),
        ("90.000", 90_000),
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("0,500", 0.5),
        ("0.500", 0.5),
        ("1234.567", 1234.567),
        ("-1.000", -1000),
        ("−5", -5),
        (" 007 ", 7),
        ("1 234 567", 1_234_567),
        ("12\u00a0345\u00a0678,5", 12_345_678.5),
        ("0", 0),
    ],
)
def test_a_number_in_vietnamese_style_is_read(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("1,234", 1234), ("1.234", 1.234), ("2.1", 2.1), ("-12", -12), ("1,234,567.89", 1234567.89)]
)
def test_a_number_in_english_style_is_read(text: str, number: float) -> None:
    assert parse_number(text, "en") == number


@pytest.mark.parametrize("style", ["vi", "en"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".",
        "5,",
        "5.",
        ",5",
        "5-7",
        "1 234",
        "0 123 456",
        "1 234 56",
        "1.234.56",
        "12.34.567",
        "1,23,456",
        "1..2",
        "1e9",
        "nan",
        "inf",
        "-inf",
        "NaN",
        "na",
        "519.4sb",
        "..",
        "5.000 đ",
        "năm",
        "٣",
        "½",
        "9" * 400,
        "1" + ".111" * 10,
        "1." * 16_383,
        "0x10",
        "1_000",
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused(text: str, style: NumberStyle) -> None:
    with pytest.raises(NotANumberError):
        parse_number(text, style)


@pytest.mark.parametrize("text", ["1,234", "-90,000"])
def test_a_thousand_or_a_decimal_in_a_vietnamese_file_is_not_guessed(text: str) -> None:
    with pytest.raises(NotANumberError):
        parse_number(text)
