"""Numbers with words around them: "12,5 triệu đồng", "trên 360 tỉ", "5-7".

Belongs here: units behind a number or said of a whole table, and telling apart what names no single number (ranges,
qualifiers). Stays out: plain numbers (`numbers`), and which units a column takes.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from ocop_pipeline.vietnamese.numbers import NotANumberError, NumberStyle, parse_number
from ocop_pipeline.vietnamese.text import heading_key
from ocop_pipeline.vietnamese.unclear import UnclearError

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

MONEY_WORDS: Mapping[int, str] = {1: "đồng", 1_000: "nghìn đồng", 1_000_000: "triệu đồng", 1_000_000_000: "tỷ đồng"}
"""What each worth in đồng is called."""

_NUMBER = r"[-\u2212]?\d[\d.,]*"
_UNIT = r"(?:[^\W\d_][^\d]*|₫)"
_SHAPE = re.compile(rf"^(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})?$")
_PLAIN = re.compile(rf"^{_NUMBER}$")
_THREE_DECIMALS = re.compile(r"^-?\d+,\d{3}$")
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


_BETWEEN = re.compile(r"[^\w₫]|_")
_COMPACT = {_BETWEEN.sub("", unit): worth for unit, worth in MONEY.items()} | {
    f"{word}{dong}": worth
    for word, worth in {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}.items()
    for dong in ("", "vnd", "dong")
}
_MANY_DONG = re.compile(r"^1(?P<zeros>(?:000){1,3})(?:đồng|đ|vnđ|vnd)$")
_SURE = r"đvt|đơn vị (?:tính|tiền(?: tệ)?)|đồng tiền|tính (?:bằng|theo)|unit"
_BEHIND_LABEL = re.compile(
    rf"\b(?:(?P<sure>{_SURE})|đơn vị|số liệu)\b[\s:.–-]*(?P<said>(?:(?!(?:{_SURE}|đơn vị)\b)[^()])*)"
)
UNIT_LABEL = re.compile(rf"\W*(?:{_SURE}|đơn vị|số liệu)\b")
"""How a line begins that may state a unit of money, by its `heading_key`."""
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_FOREIGN = re.compile(r"\b(?:usd|us\$|eur|euro|đô la|đô la mỹ|cny|nhân dân tệ|ndt)\b|[$€¥]")
_POWER = re.compile(r"(?:[^\W\d]+ )?(?:nghìn|ngàn|triệu|tỷ|tỉ)(?: [^\W\d]+)?")
_LIKE_MONEY = re.compile(rf"{_FOREIGN.pattern}|\b(?:đồng|vnđ|vnd|nghìn|ngàn|triệu|tỷ|tỉ)\b")


def money_unit(text: str) -> int | None:
    """The worth in đồng of a unit of money ("triệu đồng", "1.000 đ", "tr.đ", "nghìn đồng/kg"), None for other text."""
    unit = _BETWEEN.sub("", heading_key(text).partition("/")[0])
    if match := _MANY_DONG.match(unit):
        return int("1" + match["zeros"])
    return _COMPACT.get(unit)


def stated_unit(text: str) -> int | None:
    """The worth of the unit of money that a heading or a title states for the numbers below it, None where it does not.

    In brackets ("Doanh thu (triệu đồng)") or behind "Đơn vị tính:". UnclearError when it says several, or one that is
    not known (USD).
    """
    key = heading_key(text)
    labels = [*_BEHIND_LABEL.finditer(key)]
    brackets = _IN_BRACKETS.findall(key)
    said = [*brackets, *(label["said"] for label in labels)]
    pieces = [piece for one in said for piece in re.split(r"[,;:]|\bvà\b", one)]
    worths = {worth for piece in pieces if (worth := money_unit(piece))}
    is_unknown = not worths and (
        any(label["sure"] and _LIKE_MONEY.search(label["said"]) for label in labels)
        or any(_POWER.fullmatch(one.strip()) for one in brackets)
    )
    is_foreign = any(map(_FOREIGN.search, said))
    if is_unknown or is_foreign or len(worths) > 1:
        raise UnclearError(text, "unit", text)
    return worths.pop() if worths else None


def with_unit(cell: object, worth: int) -> object:
    """A cell of nothing but a number with the unit that is stated for its column: 12.5 is "12,5 triệu đồng"."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return cell
    text = cell
    if not isinstance(text, str):
        text = f"{Decimal(repr(cell)):f}".removesuffix(".0").replace(".", ",")
        # Three digits behind a comma would be read as thousands by half of those who see them.
        text += "0" if _THREE_DECIMALS.match(text) else ""
    return f"{text} {MONEY_WORDS[worth]}" if _PLAIN.match(text) else cell
