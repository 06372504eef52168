"""Where the next steps can come from: what is missing in each KPI, and the candidates to close it.

Belongs here: choosing from the marts, and laying out for people. Stays out: finding and ranking candidates (dbt).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.units import unit_of
from ocop_pipeline.reports.wording import Language, counted, worded, worded_target
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Warehouse

_PLAN = """
select
    c.as_of_date as as_of, c.unit_code, u.unit_name, c.kpi_code as kpi, c.candidate_kind, c.rank_in_unit,
    c.product_key, c.commune_code, c.sales_point_code, c.candidate_name, c.hint_vi, c.hint_en, c.days_left,
    c.points_missing
from marts.kpi_next_candidates_at as c
inner join (
    select unit_code, min(unit_name) as unit_name, min(sort_order) as sort_order
    from marts.dim_unit where is_in_scorecard group by unit_code
) as u on c.unit_code = u.unit_code
inner join (
    select distinct kpi_code, kpi_sort_order from marts.kpi_scorecard_at
) as k on c.kpi_code = k.kpi_code
where :is_everywhere or :unit in (c.unit_code, c.commune_code)
order by
    k.kpi_sort_order, array_position(cast(:kinds as text[]), c.candidate_kind), abs(c.days_left), c.points_missing,
    c.rank_in_unit, u.sort_order
"""
_STANDING = """
select
    kpi_code, kpi_name_en, kpi_name_vi, measure_unit, value, target_value, target_upper_value, comparison,
    shortfall_count
from marts.kpi_scorecard_at where unit_code = :unit order by kpi_sort_order
"""
_KINDS = {
    "renewal_due": ("certificates to renew", "giấy chứng nhận cần gia hạn"),
    "renewal_overdue": ("certificates that have ended", "giấy chứng nhận đã hết hạn"),
    "undated_certificate": ("certified, but without a day", "đã công nhận, thiếu ngày quyết định"),
    "below_three_stars": (
        "products without 3 stars in force, nearest first",
        "sản phẩm không có 3 sao còn hiệu lực, gần nhất trước",
    ),
    "contract_ended": ("products whose contract has ended", "sản phẩm có hợp đồng đã kết thúc"),
    "never_linked": ("products never linked", "sản phẩm chưa từng liên kết"),
    "stopped_sales_point": ("points that could open again", "điểm bán có thể mở lại"),
    "withdrawn_product": ("communes with a withdrawn product", "xã có sản phẩm bị thu hồi"),
    "entity_in_commune": ("communes where an entity is known", "xã đã có chủ thể"),
    "no_candidate_known": ("places where nobody is known yet", "nơi chưa biết ai"),
}
"""What a kind of candidate is called in English and Vietnamese, in the order of a plan."""
PLAN_HEADINGS = {"en": ("Candidate", "Where it stands", "District"), "vi": ("Ứng viên", "Tình trạng", "Địa bàn")}
_MISSING = {
    "en": "{name}: {value}, target {target}, {missing} to add",
    "vi": "{name}: {value}, mục tiêu {target}, còn thiếu {missing}",
}
_REACHED = {"en": "{name}: {value}, target {target}, reached", "vi": "{name}: {value}, mục tiêu {target}, đã đạt"}
_NO_TARGET = {"en": "{name}: {value}, no target of its own", "vi": "{name}: {value}, không có mục tiêu riêng"}
_NOT_MEASURED = {"en": "not measured", "vi": "chưa đo"}
_MORE = {"en": "and {count} more", "vi": "và {count} nữa"}


@dataclass(frozen=True)
class Step:
    """The candidates of one kind: `heading` names them, `rows` stand under PLAN_HEADINGS, `more` were left out."""

    heading: str
    rows: Sequence[Sequence[str]]
    more: str | None


@dataclass(frozen=True)
class KpiPlan:
    """One KPI: where it stands against its target, and the steps that could raise or keep it."""

    standing: str
    steps: Sequence[Step]


def plan_of(warehouse: Warehouse, as_of: date, unit_code: str | None = None) -> Answer:
    """One row per KPI and candidate, the nearest of each kind first.

    `unit_code` is a district or a commune of that day, None or the province means all. An UnknownUnitError names the
    units there are.
    """
    unit = unit_of(warehouse, as_of, unit_code)
    chosen = {"unit": unit.code, "is_everywhere": unit.kind == "province", "kinds": list(_KINDS)}
    return fetch(warehouse, _PLAN, chosen, as_of=as_of)


def plan_for_people(
    warehouse: Warehouse, as_of: date, unit_code: str | None, lang: str, shown: int
) -> Sequence[KpiPlan]:
    """The plan of a unit in words: every KPI with candidates, at most `shown` of each kind, or with something missing.

    A commune has no figures of its own, its plan is the candidates alone.
    """
    unit = unit_of(warehouse, as_of, unit_code)
    standing = objects(fetch(warehouse, _STANDING, {"unit": unit.code}, as_of=as_of))
    rows = objects(plan_of(warehouse, as_of, unit_code))
    steps = {kpi: _steps(list(found), lang, shown) for kpi, found in groupby(rows, key=lambda row: row["kpi"])}
    if not standing:
        return [KpiPlan(kpi, of_kpi) for kpi, of_kpi in steps.items()]
    return [
        KpiPlan(_standing(row, lang), steps.get(row["kpi_code"], []))
        for row in standing
        if row["kpi_code"] in steps or (row["shortfall_count"] or 0) > 0
    ]


def _steps(candidates: list[dict[str, Any]], lang: str, shown: int) -> list[Step]:
    position = ("en", "vi").index(lang)
    steps = []
    for kind, found in groupby(candidates, key=lambda row: row["candidate_kind"]):
        rows = [(row["candidate_name"], row[f"hint_{lang}"], row["unit_name"]) for row in found]
        more = len(rows) - shown
        text = _MORE[lang].format(count=counted(more, Language(lang))) if more > 0 else None
        steps.append(Step(f"{_KINDS[kind][position]} ({counted(len(rows), Language(lang))})", rows[:shown], text))
    return steps


def _standing(row: dict[str, Any], lang: str) -> str:
    language = Language(lang)
    name, value = row[f"kpi_name_{lang}"], worded(row["value"], row["measure_unit"], language) or _NOT_MEASURED[lang]
    if row["target_value"] is None or row["shortfall_count"] is None:
        return _NO_TARGET[lang].format(name=name, value=value)
    words, target = _MISSING if row["shortfall_count"] > 0 else _REACHED, worded_target(row, language)
    return words[lang].format(name=name, value=value, target=target, missing=counted(row["shortfall_count"], language))
