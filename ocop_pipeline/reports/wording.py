"""Figures in words: numbers, units, statuses and headings, in English or Vietnamese.

Belongs here: what depends on the language. Stays out: which figures are shown, and how they are laid out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from ocop_pipeline.reports.layout import grouped, show

SMALL_VND = 100_000_000
"""Below it an amount is worded in đồng: 345.001 đ would be 0,0 tỷ."""


class Language(StrEnum):
    """The language of what people read."""

    EN = "en"
    VI = "vi"


@dataclass(frozen=True)
class _Units:
    billion: str
    million: str
    points: str


_UNITS = MappingProxyType({Language.EN: _Units("bn đ", "m đ", "pp"), Language.VI: _Units("tỷ", "triệu", "điểm %")})
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


def worded(value: Any, measure_unit: str, language: Language = Language.VI) -> str | None:  # noqa: ANN401 - any number
    """A figure with its unit: 45,3 %, 361,2 tỷ (billion đồng), 6,05 triệu (million đồng a month), 194."""
    if value is None:
        return None
    units = _UNITS[language]
    match measure_unit:
        case "share":
            return _digits(float(value) * 100, 1, language) + " %"
        case "vnd" if abs(value) < SMALL_VND:
            return f"{counted(round(value), language)} đ"
        case "vnd":
            return f"{_digits(float(value) / 1e9, 1, language)} {units.billion}"
        case "vnd_per_month":
            return f"{_digits(float(value) / 1e6, 2, language)} {units.million}"
        case _:
            return counted(value, language)


def worded_difference(value: Any, measure_unit: str, language: Language) -> str | None:  # noqa: ANN401 - any number
    """A difference of two figures: between shares in percentage points, else as `worded`."""
    if value is None or measure_unit != "share":
        return worded(value, measure_unit, language)
    return f"{_digits(float(value) * 100, 1, language)} {_UNITS[language].points}"


def worded_range(low: Any, high: Any, measure_unit: str, language: Language) -> str:  # noqa: ANN401 - any numbers
    """Two figures with their unit once: 5,00–7,00 triệu."""
    first, last = worded(low, measure_unit, language) or "", worded(high, measure_unit, language) or ""
    number, _, unit = first.partition(" ")
    return f"{number}–{last}" if unit == last.partition(" ")[2] else f"{first} – {last}"


def worded_target(row: Mapping[str, Any], language: Language) -> str | None:
    """The target of a scorecard row with its comparison: ≥ 228, > 40,0 %, 10,0–15,0 %, all 13."""
    low, high, unit = row["target_value"], row["target_upper_value"], row["measure_unit"]
    if low is None:
        return None
    if high is not None:
        return worded_range(low, high, unit, language)
    return _COMPARISONS[language].get(row["comparison"], "") + (worded(low, unit, language) or "")


def counted(value: Any, language: Language) -> str:  # noqa: ANN401 - a number of any kind
    """A number without a unit, with no more digits than it needs."""
    return _in_style(show(value), language)


def percent(share: Decimal | None, language: Language) -> str | None:
    """A share as whole per cent: 98 %, and 99.9 never as 100."""
    if share is None:
        return None
    whole = int(share * 100) if share < 1 else round(share * 100)
    return f"{counted(whole, language)} %"


def _digits(number: float, digits: int, language: Language) -> str:
    return _in_style(grouped(number, digits), language)


def _in_style(text: str, language: Language) -> str:
    """From the Vietnamese style, which is the project's own, to that of the language."""
    return text.translate(str.maketrans(",.", ".,")) if language is Language.EN else text
