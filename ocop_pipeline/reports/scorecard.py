"""The figures of a day, as known now, as known at an earlier moment, or as published.

Belongs here: the queries on the marts, and the columns that other tools rely on. Stays out: computing (dbt), and
wording the figures for people (`scorecard_sheet`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ocop_pipeline.reports.layout import objects
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

_ROW = """
    kpi_code as kpi, variant, breakdown, member, as_of_date as as_of, known_then as known_at, unit_code, unit_name,
    value, numerator, denominator, measure_unit, target_value as target, comparison, baseline_value as baseline, gap,
    progress_share, required_per_month, forecast_value as forecast, status, completeness, is_suppressed, row_count,
    submission_count, definition_version, build_id, forecast_low, forecast_high, target_rule, shortfall_count,
    has_series_break
"""
_SCORECARD = "select *, '' as variant, '' as breakdown, '' as member, {known} from {scorecard}"
_BREAKDOWNS = """
select
    v.*, {known}, u.unit_name, u.unit_sort_order, 'tracked' as comparison,
    case when v.value is null then 'not_measured' else 'tracked' end as status,
    cast(null as numeric) as target_value, cast(null as numeric) as baseline_value, cast(null as numeric) as gap,
    cast(null as numeric) as progress_share, cast(null as numeric) as required_per_month,
    cast(null as numeric) as forecast_value, cast(null as numeric) as forecast_low,
    cast(null as numeric) as forecast_high, cast(null as numeric) as completeness, cast(null as text) as target_rule,
    cast(null as numeric) as shortfall_count, false as has_series_break
from {values} as v
inner join (
    select unit_code, min(unit_name) as unit_name, min(sort_order) as unit_sort_order
    from marts.dim_unit where is_in_scorecard group by unit_code
) as u using (unit_code)
where v.variant <> '' or v.breakdown <> ''
"""
_FROZEN = "select *, {known} from marts.kpi_published where publication_id = :publication_id and variant || breakdown "
_PUBLISHED = {_SCORECARD: _FROZEN + "= ''", _BREAKDOWNS: _FROZEN + "<> ''"}
_BY_KPI = "unit_sort_order, kpi_sort_order"
_KNOWN = "cast(:known_then as text) as known_then"


@dataclass(frozen=True)
class Basis:
    """What figures rest on: their day, and what is known now, was known at a moment, or was known when published."""

    as_of: date
    known_at: datetime | None = None
    publication_id: int | None = None
    published_at: datetime | None = None


def scorecard_of(warehouse: Warehouse, as_of: date, by: str, known_at: datetime | None = None) -> Answer:
    """One row per KPI (all twelve) and unit, computed for the day; `by` is "province" or "district"."""
    return figures_of(warehouse, Basis(as_of, known_at), by)


def breakdowns_of(warehouse: Warehouse, as_of: date, by: str, known_at: datetime | None = None) -> Answer:
    """One row per KPI, unit, variant, breakdown and member: what stands below and beside the figures."""
    return figures_of(warehouse, Basis(as_of, known_at), by, breakdown=True)


def figures_of(warehouse: Warehouse, basis: Basis, by: str, *, breakdown: bool = False) -> Answer:
    """The rows of `scorecard_of`, or with `breakdown` those of `breakdowns_of`, on any basis."""
    order = "kpi_code, unit_code, variant, breakdown, member" if breakdown else _BY_KPI
    return _read(warehouse, basis, by, _ROW, order, _BREAKDOWNS if breakdown else _SCORECARD)


def scorecard_rows(warehouse: Warehouse, basis: Basis, by: str) -> list[dict[str, Any]]:
    """The scorecard with every column of marts.kpi_scorecard_at, to be worded for people."""
    return objects(_read(warehouse, basis, by, "*", _BY_KPI, _SCORECARD))


def mart(name: str, known_at: datetime | None) -> str:
    """What to read of a mart in SQL: as known now, or as known at the session's moment."""
    return f"marts.{name}" if known_at is None else f"as_known.{name}()"


def _read(warehouse: Warehouse, basis: Basis, by: str, *text: str) -> Answer:
    """`text`: the columns, their order, and which of the queries when the figures are computed."""
    columns, order, query = text
    is_published = basis.publication_id is not None
    # A published figure is stored; nothing of it is computed as known then.
    computed_at = None if is_published else basis.known_at
    scorecard, values = (mart(name, computed_at) for name in ("kpi_scorecard_at", "kpi_values_at"))
    rows = (_PUBLISHED[query] if is_published else query).format(scorecard=scorecard, values=values, known=_KNOWN)
    sql = f"""
        select {columns} from ({rows}) as figures
        where unit_code in (select unit_code from marts.dim_unit where unit_kind = :unit_kind) order by {order}
    """  # noqa: S608 - our own text
    parameters = {
        "unit_kind": by,
        "known_then": basis.known_at.isoformat() if basis.known_at else None,
        "publication_id": basis.publication_id,
    }
    # What was known then is computed from the rows as sent, which may take longer than a reader may.
    role = Role.READER if computed_at is None else Role.TRANSFORMER
    return fetch(warehouse, sql, parameters, role=role, as_of=basis.as_of, known_at=computed_at)
