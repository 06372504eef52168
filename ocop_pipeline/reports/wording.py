"""Figures in words: numbers, units, statuses and headings, in English or Vietnamese.

Belongs here: what depends on the language. Stays out: which figures are shown, and how they are laid out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from ocop_pipeline.reports.layout import grouped, show

_MILLION, _BILLION = 1_000_000, 1_000_000_000
_LARGE_VND = 1_000 * _BILLION
"""From there on a billion's decimals say nothing."""


class Language(StrEnum):
    """The language of what people read."""

    EN = "en"
    VI = "vi"


@dataclass(frozen=True)
class _Units:
    billion: str
    million: str
    points: str


_UNITS = MappingProxyType({Language.EN: _Units("bn đ", "m đ", "pp"), Language.VI: _Units("tỷ", "triệu", "điểm")})
STATUSES = MappingProxyType(
    {
        Language.EN: {
            "met": "met",
            "on_track": "on track",
            "at_risk": "at risk",
            "missed": "missed",
            "tracked": "tracked",
            "not_measured": "not measured",
        },
        Language.VI: {
            "met": "đạt",
            "on_track": "đúng tiến độ",
            "at_risk": "có nguy cơ",
            "missed": "không đạt",
            "tracked": "theo dõi",
            "not_measured": "chưa đo",
        },
    }
)
_COMPARISONS = MappingProxyType(
    {
        Language.EN: {"strictly_more": "> ", "at_least": "≥ ", "every_unit": "all "},
        Language.VI: {"strictly_more": "> ", "at_least": "≥ ", "every_unit": "đủ "},
    }
)


def worded(
    value: Any,  # noqa: ANN401 - any number
    measure_unit: str,
    language: Language = Language.VI,
    size: Any = None,  # noqa: ANN401 - any number
) -> str | None:
    """A figure with its unit: 45,3 %, 361,2 tỷ (billion đồng), 6,05 triệu (million đồng a month), 194.

    An amount is worded in đồng, millions or billions as fits `size`, which is its own when left out.
    """
    if value is None:
        return None
    match measure_unit:
        case "share":
            return _digits(float(value) * 100, 1, language) + " %"
        case "vnd":
            return _amount(value, abs(value if size is None else size), language)
        case "vnd_per_month":
            return f"{_digits(float(value) / _MILLION, 2, language)} {_UNITS[language].million}"
        case _:
            return _in_style(show(value), language)


def worded_difference(value: Any, measure_unit: str, language: Language) -> str | None:  # noqa: ANN401 - any number
    """A difference of two figures: between shares in percentage points, else as `worded`."""
    if value is None or measure_unit != "share":
        return worded(value, measure_unit, language)
    return f"{_digits(float(value) * 100, 1, language)} {_UNITS[language].points}"


def worded_target(row: Mapping[str, Any], language: Language) -> str | None:
    """The target of a scorecard row with its comparison: ≥ 228, > 40 %, 10–15 %, all 13."""
    low, high, unit = row["target_value"], row["target_upper_value"], row["measure_unit"]
    if low is None:
        return None
    first = _round_number(worded(low, unit, language) or "")
    if high is not None:
        return f"{first.partition(' ')[0]}–{_round_number(worded(high, unit, language) or '')}"
    return _COMPARISONS[language].get(row["comparison"], "") + first


def without_unit(text: str | None) -> str:
    """The number of a worded figure."""
    return (text or "").partition(" ")[0]


def counted(value: Any, language: Language, digits: int = 4) -> str:  # noqa: ANN401 - a number of any kind
    """A number without a unit; a whole one without decimals."""
    return _digits(value, 0 if value == round(value) else digits, language)


def percent(share: Decimal | None, language: Language) -> str | None:
    """A share as whole per cent: 98 %, and 99.9 never as 100."""
    if share is None:
        return None
    whole = int(share * 100) if share < 1 else round(share * 100)
    return f"{counted(whole, language)} %"


def _amount(value: Any, size: Any, language: Language) -> str:  # noqa: ANN401 - any numbers
    units = _UNITS[language]
    if round(size) < _MILLION:
        return f"{counted(round(value), language)} đ"
    # As it will be read: 999,96 million is 1,0 billion.
    if round(float(size) / _MILLION, 1) < _BILLION / _MILLION:
        return f"{_digits(float(value) / _MILLION, 1, language)} {units.million}"
    return f"{_digits(float(value) / _BILLION, 1 if size < _LARGE_VND else 0, language)} {units.billion}"


def _round_number(text: str) -> str:
    """10 % for 10,0 %: a target is as exact as it was written."""
    return re.sub(r"[.,]0+(?= )", "", text)


def _digits(number: float | Decimal, digits: int, language: Language) -> str:
    return _in_style(grouped(number, digits), language)


def _in_style(text: str, language: Language) -> str:
    """From the Vietnamese style, which is the project's own, to that of the language."""
    return text.translate(str.maketrans(",.", ".,")) if language is Language.EN else text
