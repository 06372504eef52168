"""Numbers as people write them, read only when there is one way to read them.

Belongs here: plain numbers in the Vietnamese and the English style. Stays out: what stands
around a number (`amounts`).
"""

import math
import re
from typing import Literal

from babel.numbers import NumberFormatError, format_decimal, parse_decimal

from ocop_pipeline.vietnamese.unclear import UnclearError

NumberStyle = Literal["vi", "en"]

_LOCALES: dict[str, str] = {"vi": "vi_VN", "en": "en_US"}
_OTHER: dict[str, NumberStyle] = {"vi": "en", "en": "vi"}
_LONGEST = 28
_SHAPE = re.compile(r"^-?\d(?:[\d.,]*\d)?$", re.ASCII)
_SINGLE_DOT = re.compile(r"^-?\d+\.\d+$")
_SINGLE_COMMA = re.compile(r"^-?\d+,\d+$")
_MONEY_SIGN = re.compile(r"^(?:₫|đ|vnd|vnđ)\s*|\s*(?:₫|đ|vnd|vnđ)$", re.IGNORECASE)
_WHOLE_MONEY = re.compile(r"^-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$", re.ASCII)
_SPACED = re.compile(r"^-?[1-9]\d{0,2}(?: \d{3}){2,}(?:[.,]\d{1,2})?$", re.ASCII)
_THOUSANDS = re.compile(r"^-?[1-9]\d{0,2}[.,]\d{3}$")


class NotANumberError(UnclearError):
    """The text is no number, or could be two (`problem` "ambiguous")."""


def written(number: float) -> str:
    """The number as an official reads it: 1.234,5."""
    return str(format_decimal(number, locale=_LOCALES["vi"]))


def parse_number(text: str, style: NumberStyle = "vi") -> float:
    """The number that `text` says, always finite; NotANumberError when it says none or could mean two.

    `style` is the style of the source: "vi" writes 1.234.567,89 and "en" 1,234,567.89. In "vi" a lone dot
    before three digits marks thousands ("90.000" đồng) and a lone comma there is refused ("1,234"). In both, spaces may
    mark thousands, where they do it more than once: "1 234 567"; "1 234" could be two numbers.
    """
    text = text.strip().replace("\u2212", "-").replace("\u00a0", " ")
    if _SPACED.match(text):
        return float(text.replace(" ", "").replace(",", "."))
    if style == "vi" and _SINGLE_COMMA.match(text) and _THOUSANDS.match(text):
        raise NotANumberError(text, "ambiguous")
    # Of 29 digits and more babel's parser raises what is no ValueError (decimal.InvalidOperation).
    number = _read(text, style) if len(text) <= _LONGEST and _SHAPE.match(text) else None
    if number is None or not math.isfinite(number):
        raise NotANumberError(text)
    return number


def parse_money(text: str) -> float:
    """The amount in VND that `text` says, with or without ₫; NotANumberError when it says none.

    VND has no thousandths, so that one separator before three digits marks thousands whichever it is: "90.000" and
    "1,234" are whole; "165000.00" is plain.
    """
    bare = _MONEY_SIGN.sub("", text.strip())
    if _WHOLE_MONEY.match(bare):
        return float(re.sub("[.,]", "", bare))
    return parse_number(bare, "en")


def _read(text: str, style: NumberStyle) -> float | None:
    own, foreign = (_SINGLE_COMMA, _SINGLE_DOT) if style == "vi" else (_SINGLE_DOT, _SINGLE_COMMA)
    is_thousands = _THOUSANDS.match(text) is not None
    if own.match(text) or (foreign.match(text) and not is_thousands):
        return float(text.replace(",", "."))
    for locale_style in (style, _OTHER[style]):
        try:
            return float(parse_decimal(text, locale=_LOCALES[locale_style], strict=True))
        except NumberFormatError:
            continue
    return None
