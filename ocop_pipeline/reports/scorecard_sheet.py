"""The scorecard in words: a table for the province, a short one for each district, and what the columns mean.

Belongs here: which cell says what, in English or Vietnamese. Stays out: where the figures come from (`scorecard`),
how a table is drawn (`layout`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ocop_pipeline.reports.scorecard import Basis
from ocop_pipeline.reports.scorecard_words import WORDS, Words
from ocop_pipeline.reports.wording import (
    STATUSES,
    Language,
    counted,
    percent,
    without_unit,
    worded,
    worded_difference,
    worded_target,
)
from ocop_pipeline.settings import VIETNAM

LONGEST_CODE = len("participating_communes_share")
_SMALLEST_TENTH = Decimal("0.05")
"""Below it one digit would say that nothing is needed."""
_BEHIND = ("missed", "at_risk")
_MONEY_AND_SHARES = {"share", "vnd", "vnd_per_month"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A table for people and what stands below it.

    A cell may have several lines; `first_width` is the least width of the first column.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | None]]
    first_width: int | None = None
    notes: Sequence[str] = ()


def province_sheet(rows: Sequence[Row], basis: Basis, language: Language) -> Sheet:
    """The twelve KPIs with target, gap, pace, forecast, status and completeness; at most 120 characters wide."""
    words = WORDS[language]
    title = words.title.format(unit=rows[0]["unit_name"] if rows else "", day=_day(basis.as_of))
    return Sheet(title, words.province_columns, [_province_row(row, language) for row in rows], LONGEST_CODE)


def district_sheets(rows: Sequence[Row], basis: Basis, language: Language) -> list[Sheet]:
    """One short table per district: value, target, what is still to add, status; who is most behind comes first."""
    words = WORDS[language]
    by_unit: dict[str, list[Row]] = {}
    for row in rows:
        by_unit.setdefault(row["unit_code"], []).append(row)
    units = sorted(by_unit.values(), key=lambda unit: -sum(row["status"] in _BEHIND for row in unit))
    return [
        Sheet(
            f"{unit[0]['unit_name']} ({unit[0]['unit_code']}), {_day(basis.as_of)}: {_summary(unit, language)}",
            words.district_columns,
            [_district_row(row, language) for row in unit],
            LONGEST_CODE,
        )
        for unit in units
    ]


def notes(rows: Sequence[Row], basis: Basis, by: str, language: Language) -> list[str]:
    """What stands below: the day and what was known, what the columns mean, and what to beware of."""
    words = WORDS[language]
    found = [_basis_note(rows, basis, words)]
    if basis.as_of > (basis.known_at or datetime.now(tz=VIETNAM)).date():
        found.append(words.future.format(day=_day(basis.as_of)))
    breaks = sorted({row["unit_generation_date"] for row in rows if row["has_series_break"]})
    found += [words.series_break.format(day=_day(day)) for day in breaks]
    found.append(words.province_legend if by == "province" else words.district_legend)
    rules = {row["target_rule"] for row in rows}
    if by == "district":
        told = [text for rule, text in words.rules.items() if rule in rules]
        found += [words.rules_title.format(rules="; ".join(told))] if told else []
        found.append(words.plan.format(day=basis.as_of.isoformat()))
    return found


def _basis_note(rows: Sequence[Row], basis: Basis, words: Words) -> str:
    targets = {(row["target_date"], row["target_version"]) for row in rows if row["target_value"] is not None}
    ordered = sorted(targets, key=lambda target: (str(target[0]), str(target[1])))
    due = "; ".join(words.target.format(day=_day(day), document=document) for day, document in ordered)
    position = max((row["build_id"] for row in rows if row["build_id"] is not None), default=0)
    if basis.published_at is not None and basis.known_at is not None:
        known = words.published.format(
            number=basis.publication_id, published=_moment(basis.published_at), known=_moment(basis.known_at)
        )
    elif basis.known_at is not None:
        known = words.known_then.format(known=_moment(basis.known_at))
    else:
        known = words.known_now
    parts = [due, words.basis.format(day=_day(basis.as_of), known=known, position=position)]
    return " ".join(part for part in parts if part)


def _province_row(row: Row, language: Language) -> list[str | None]:
    words = WORDS[language]
    return [
        f"{row[words.name_column]}\n{row['kpi_code']}",
        value_of(row, language, "\n"),
        worded_target(row, language),
        _gap(row, language),
        percent(row["progress_share"], language),
        _needed(row, language),
        _forecast(row, language),
        _status(row, language, "\n"),
        percent(row["completeness"], language),
    ]


def _district_row(row: Row, language: Language) -> list[str | None]:
    return [
        row[WORDS[language].name_column],
        value_of(row, language, "  "),
        worded_target(row, language),
        _still_to_add(row, language),
        _status(row, language, " "),
    ]


def value_of(row: Row, language: Language, between: str) -> str | None:
    """The figure; of a ratio also the numerator over the denominator."""
    value = worded(row["value"], row["measure_unit"], language)
    if value is None or row["denominator"] is None:
        return value
    mark = " *" if row["has_series_break"] else ""
    if row["measure_unit"] not in _MONEY_AND_SHARES and row["numerator"] == row["value"]:
        return f"{value} / {counted(row['denominator'], language)}{mark}"
    count = counted(row["denominator"], language)
    if row["numerator"] % 1 or row["measure_unit"] == "vnd_per_month":
        # What a mean adds up says nothing to anybody; over how many it is taken does.
        return f"{value}{mark}{between}{WORDS[language].mean_of.format(count=count)}"
    return f"{value}{mark}{between}{counted(row['numerator'], language)} / {count}"


def _gap(row: Row, language: Language) -> str | None:
    """What is missing, and for shares how many things that is; with a plus what is beyond the target."""
    gap, unit = row["gap"], row["measure_unit"]
    if gap is None:
        return None
    if gap < 0:
        return f"+{worded_difference(-gap, unit, language)}"
    worded_gap = worded_difference(gap, unit, language)
    # 40 of "more than 40" lacks nothing but one.
    if not row["shortfall_count"] or (unit != "share" and gap > 0):
        return worded_gap
    return f"{worded_gap}\n({WORDS[language].more.format(count=counted(row['shortfall_count'], language))})"


def _needed(row: Row, language: Language) -> str | None:
    """What must be added every month until the target date; 0 when the target is met."""
    needed, unit = row["required_per_month"], row["measure_unit"]
    if needed is None or needed == 0:
        return None if needed is None else "0"
    if unit in _MONEY_AND_SHARES:
        return worded_difference(needed, unit, language)
    return counted(needed, language, 1 if needed >= _SMALLEST_TENTH else 2)


def _still_to_add(row: Row, language: Language) -> str | None:
    """How many things, where they are counted; else by how much the value falls short. Nothing when it is met."""
    if row["status"] == "met":
        return None
    if row["shortfall_count"] is not None:
        return counted(row["shortfall_count"], language)
    return None if row["gap"] is None else worded_difference(row["gap"], row["measure_unit"], language)


def _forecast(row: Row, language: Language) -> str | None:
    """The forecast over its range; why there is none, where there could be one."""
    unit, due = row["measure_unit"], row["target_date"]
    if row["value"] is None or due is None or row["as_of_date"] >= due:
        return None
    if row["forecast_value"] is None:
        is_anew = row["forecast_method"] == "none_restarts_yearly"
        return WORDS[language].starts_anew if is_anew else WORDS[language].too_few_points
    numbers = [row[name] for name in ("forecast_value", "forecast_low", "forecast_high")]
    # The range is written without its unit: all three are in the same.
    size = max(abs(number) for number in numbers if number is not None)
    value, low, high = (
        worded(number, unit, language, size) if unit in _MONEY_AND_SHARES else _about(number, row, language)
        for number in numbers
    )
    # Held within what can be, a range may be nothing but the forecast itself.
    return value if low is None or low == high else f"{value}\n({without_unit(low)}–{without_unit(high)})"


def _status(row: Row, language: Language, between: str) -> str:
    """The status; of what is not measured in one word why, and a warning above the band."""
    words, status = WORDS[language], STATUSES[language][row["status"]]
    if row["status"] == "not_measured":
        why = words.hidden if row["is_suppressed"] else words.too_little if row["row_count"] else words.no_data
        return f"{status}:{between}{why}"
    return f"{status}{between}({words.above_band})" if row["is_above_band"] else status


def _summary(rows: Sequence[Row], language: Language) -> str:
    """How many KPIs have which status, in the order of the statuses."""
    statuses = Counter(row["status"] for row in rows)
    return ", ".join(f"{statuses[status]} {word}" for status, word in STATUSES[language].items() if statuses[status])


def _about(value: Decimal | None, row: Row, language: Language) -> str | None:
    """So many things, rounded, but not to the target."""
    if value is None:
        return None
    digits = 1 if round(value) == row["target_value"] != value else 0
    return counted(round(value, digits), language, digits)


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}"


def _moment(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M}"
