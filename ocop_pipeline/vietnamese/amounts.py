"""Numbers with words around them: "12,5 triệu đồng", "trên 360 tỉ", "5-7".

Belongs here: units behind a number, and telling apart what names no single number (ranges, qualifiers).
Stays out: plain numbers (`numbers`), and which units a column takes.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from ocop_pipeline.vietnamese.numbers import NotANumberError, NumberStyle, parse_number
from ocop_pipeline.vietnamese.text import heading_key

_DONG = ("đồng", "đ", "₫", "vnđ", "vnd", "việt nam đồng")
_POWERS = {1_000: ("nghìn", "ngàn"), 1_000_000: ("triệu", "tr"), 1_000_000_000: ("tỷ", "tỉ")}
MONEY: Mapping[str, int] = dict.fromkeys(_DONG, 1) | {
    unit: power
    for power, words in _POWERS.items()
    for word in words
    for unit in (word, *(f"{word} {dong}" for dong in _DONG))
}
"""Words for amounts of money, each with its worth in đồng."""
PEOPLE: Mapping[str, int] = dict.fromkeys(("người", "lao động", "lđ"), 1)
"""Words behind a number of people."""

_NUMBER = r"[-\u2212]?\d[\d.,]*"
_UNIT = r"(?:[^\W\d_][^\d]*|₫)"
_SHAPE = re.compile(rf"^(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})?$")
_RANGE = re.compile(rf"^(?:từ )?{_NUMBER} ?{_UNIT}? ?(?:[-–—÷~]|đến|tới) ?{_NUMBER} ?{_UNIT}?$")
_BEFORE = ("trên", "hơn", "dưới", "gần", "khoảng", "chừng", "ước", "xấp xỉ", "tối thiểu", "tối đa", "ít nhất")
_QUALIFIER = re.compile(rf"^(?:(?:{'|'.join(_BEFORE)})\b|[~≈<>≤≥±]).*\d|^\d.*(?:\btrở (?:lên|xuống)|\+)$")


def parse_amount(text: str, style: NumberStyle = "vi", units: Mapping[str, int] = MONEY) -> tuple[float, int | None]:
    """The number in `text` and the worth of the unit behind it, None where there is no unit.

    ("12,5 triệu", MONEY) is (12.5, 1,000,000); the caller multiplies (`times`). NotANumberError says with
    `problem` "range" or "qualifier" what names no single number, "unit" what has a unit that is not among
    `units`, and else what `parse_number` says.
    """
    try:
        return parse_number(text, style), None
    except NotANumberError as error:
        plain = error
    key = heading_key(text)
    if _RANGE.match(key):
        raise NotANumberError(text, "range")
    if _QUALIFIER.match(key):
        raise NotANumberError(text, "qualifier")
    match = _SHAPE.match(key)
    if match is None or match["unit"] is None:
        raise plain
    number = parse_number(match["number"], style)
    unit = match["unit"].rstrip(" .")
    if unit not in units:
        raise NotANumberError(text, "unit", unit)
    return number, units[unit]


def times(number: float, worth: int) -> float:
    """`number` of a unit in the unit it is stored in, to the last digit: 4.35 million is 4,350,000."""
    return float(Decimal(repr(number)) * worth)
