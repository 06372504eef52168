"""The scorecard: the KPIs at a date, for the province or each district.

Belongs here: the queries on the marts, the columns that other tools rely on, and how a figure is worded.
Stays out: any arithmetic on a KPI.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ocop_pipeline.reports.layout import grouped, show
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Warehouse

_SCORECARD = """
select
    kpi_code as kpi, '' as variant, '' as breakdown, '' as member, as_of_date as as_of, cast(null as text) as known_at,
    unit_code, unit_name, value, numerator, denominator, measure_unit, target_value as target, comparison,
    baseline_value as baseline, gap, progress_share, required_per_month, forecast_value as forecast, status,
    completeness, is_suppressed, row_count, submission_count, definition_version, build_id
from marts.kpi_scorecard_at
where unit_code in (select unit_code from marts.dim_unit where unit_kind = :unit_kind)
order by unit_sort_order, kpi_sort_order
"""
_BREAKDOWNS = """
select
    kpi_code as kpi, variant, breakdown, member, as_of_date as as_of, cast(null as text) as known_at, unit_code,
    (select min(unit_name) from marts.dim_unit as u where u.unit_code = v.unit_code and u.is_in_scorecard) as unit_name,
    value, numerator, denominator, measure_unit, cast(null as numeric) as target, 'tracked' as comparison,
    cast(null as numeric) as baseline, cast(null as numeric) as gap, cast(null as numeric) as progress_share,
    cast(null as numeric) as required_per_month, cast(null as numeric) as forecast,
    case when value is null then 'not_measured' else 'tracked' end as status, cast(null as numeric) as completeness,
    is_suppressed, row_count, submission_count, definition_version, build_id
from marts.kpi_values_at as v
where unit_code in (select unit_code from marts.dim_unit where unit_kind = :unit_kind)
    and (variant <> '' or breakdown <> '')
order by kpi_code, unit_code, variant, breakdown, member
"""
TABLE_COLUMNS = {
    "province": ("Chỉ tiêu", "Kết quả", "Mục tiêu", "Còn thiếu", "Trạng thái"),
    "district": ("Đơn vị", "Chỉ tiêu", "Kết quả", "Trạng thái"),
}
LONGEST_CODE = len("participating_communes_share")
SMALL_VND = 100_000_000
"""Below it an amount is worded in đồng: 345.001 đ would be 0,0 tỷ."""
STATUS_VI = {
    "met": "đạt",
    "on_track": "đúng tiến độ",
    "at_risk": "có nguy cơ",
    "missed": "không đạt",
    "tracked": "theo dõi",
    "not_measured": "chưa đo\nnot measured",
}
_COMPARISON_SIGN = {"strictly_more": "> ", "at_least": "≥ ", "every_unit": "đủ ", "band": ""}


_TABLE = """
select kpi_name_vi, kpi_code, unit_name, value, measure_unit, numerator, denominator, target_value,
    target_upper_value, comparison, gap, status
from marts.kpi_scorecard_at
where unit_code in (select unit_code from marts.dim_unit where unit_kind = :unit_kind)
order by unit_sort_order, kpi_sort_order
"""


def scorecard_of(warehouse: Warehouse, as_of: date, by: str) -> Answer:
    """One row per KPI (all twelve) and unit, computed for the date; `by` is "province" or "district"."""
    return fetch(warehouse, _SCORECARD, {"unit_kind": by}, as_of=as_of)


def breakdowns_of(warehouse: Warehouse, as_of: date, by: str) -> Answer:
    """One row per KPI, unit, variant, breakdown and member: what stands below and beside the figures."""
    return fetch(warehouse, _BREAKDOWNS, {"unit_kind": by}, as_of=as_of)


def scorecard_table(warehouse: Warehouse, as_of: date, by: str) -> list[Sequence[Any]]:
    """The scorecard worded for people, under TABLE_COLUMNS[by]; districts show what is measured for them."""
    answer = fetch(warehouse, _TABLE, {"unit_kind": by}, as_of=as_of)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if by == "province":
        return [_province_row(row) for row in rows]
    return [_district_row(row) for row in rows if row["status"] != "not_measured"]


def _province_row(row: dict[str, Any]) -> Sequence[Any]:
    unit = row["measure_unit"]
    missing = None if row["gap"] is None or row["gap"] <= 0 else worded(row["gap"], unit)
    return (
        f"{row['kpi_name_vi']}\n{row['kpi_code']}",
        _value(row),
        worded_target(row),
        missing,
        STATUS_VI[row["status"]],
    )


def _district_row(row: dict[str, Any]) -> Sequence[Any]:
    return row["unit_name"], row["kpi_code"], _value(row), STATUS_VI[row["status"]]


def _value(row: dict[str, Any]) -> str | None:
    """The figure, for a share also what it is the share of."""
    value = worded(row["value"], row["measure_unit"])
    if value is None or row["denominator"] is None or row["measure_unit"] != "share":
        return value
    return f"{value}\n{show(row['numerator'])} / {show(row['denominator'])}"


def worded(value: Any, measure_unit: str) -> str | None:  # noqa: ANN401 - a number of any kind
    """A figure with its unit: 45,3 %, 361,2 tỷ (billion đồng), 6,05 triệu (million đồng a month), 194."""
    if value is None:
        return None
    match measure_unit:
        case "share":
            return grouped(float(value) * 100, 1) + " %"
        case "vnd" if abs(value) < SMALL_VND:
            return f"{show(round(value))} đ"
        case "vnd":
            return grouped(float(value) / 1e9, 1) + " tỷ"
        case "vnd_per_month":
            return grouped(float(value) / 1e6, 2) + " triệu"
        case _:
            return show(value)


def worded_target(row: Mapping[str, Any]) -> str | None:
    """The target with its sign and unit, for a band both ends; None without one."""
    if row["target_value"] is None:
        return None
    sign = _COMPARISON_SIGN[row["comparison"]]
    upper = "" if row["target_upper_value"] is None else f"\n– {worded(row['target_upper_value'], row['measure_unit'])}"
    return f"{sign}{worded(row['target_value'], row['measure_unit'])}{upper}"
