"""The template of a unit and period: which forms it gets, and what the warehouse knows of it already.

Belongs here: choosing what is filled in beforehand. Stays out: what the workbook looks like (`template_workbook`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ocop_pipeline.contracts import Source
from ocop_pipeline.errors import OcopError
from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.template_workbook import Template, template_workbook, word_for
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_VALUES, SALES_POINTS
from ocop_pipeline.sources.labour_forms import LABOUR_REPORTS
from ocop_pipeline.sources.reference import Reference, Unit
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.vietnamese.unclear import UnclearError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

_HAS_MARTS = "select to_regclass('marts.fct_sales_points') is not null"
# Where a commune of another time lies now, as far as it is one commune.
_PLACED = """
with placed as (
    select distinct on (commune_code, valid_from) commune_code, valid_from, in_commune_code
    from intermediate.int_communes_mapped
    where in_commune_code = any(:communes) and in_valid_from = any(:generations)
    order by commune_code, valid_from, in_commune_code
)
"""
_ENTITIES = f"""{_PLACED}
select
    e.entity_code, e.entity_name, e.entity_type, placed.in_commune_code as commune_code, e.joined_date, e.is_woman_led
from intermediate.int_entities as e
left join placed on e.commune_code = placed.commune_code and e.commune_valid_from = placed.valid_from
where e.territory_code = :unit or (:is_commune and placed.in_commune_code = :unit)
order by e.entity_name, e.entity_key
"""  # noqa: S608 - our own text
_PRODUCTS = f"""{_PLACED}
select p.product_code, p.product_name, bool_or(coalesce(f.is_certified, false)) as is_certified
from marts.dim_product as p
left join placed on p.commune_code = placed.commune_code and p.commune_valid_from = placed.valid_from
left join marts.fct_certificates as f
    on p.product_key = f.product_key and f.valid_from < :end and coalesce(f.valid_to, 'infinity') > :start
where p.product_code is not null and (p.territory_code = :unit or (:is_commune and placed.in_commune_code = :unit))
group by p.product_code, p.product_name
order by p.product_code
"""  # noqa: S608 - our own text
_SALES_POINTS = f"""{_PLACED}
select
    s.sales_point_code, s.sales_point_name, s.address, placed.in_commune_code as commune_code, s.managed_by,
    s.opened_date, s.stopped_date
from marts.fct_sales_points as s
left join placed on s.commune_code = placed.commune_code and s.commune_valid_from = placed.valid_from
where (s.territory_code = :unit or (:is_commune and placed.in_commune_code = :unit))
    and s.opened_date < :end and coalesce(s.stopped_date, 'infinity') > :start
order by s.sales_point_code
"""  # noqa: S608 - our own text


class TemplateError(OcopError):
    """No template can be made for this unit and period."""


def reporting_unit(reference: Reference, code: str, period: Period) -> Unit:
    """The unit that reports under this code in the period; a TemplateError when there is none."""
    unit = reference.unit(code, period.last_day)
    if unit is None or not reference.may_report(unit, period.last_day):
        message = f"no unit {code!r} reports for {period.label}; until 2025-06 districts report, from 2025-07 communes"
        raise TemplateError(message)
    return unit


def template_of(
    source: Source, reference: Reference, unit: Unit, period: Period, warehouse: Warehouse | None
) -> tuple[bytes, bool]:
    """The workbook, and whether it holds what is known of the unit: not without a warehouse that has figures."""
    communes = reference.communes_of(unit, period.last_day)
    names = {commune.code: _name(reference, commune, unit, period.last_day) for commune in communes}
    has_marts = warehouse is not None and bool(fetch(warehouse, _HAS_MARTS, role=Role.TRANSFORMER).rows[0][0])
    known = _known(warehouse, unit, period, communes) if warehouse is not None and has_marts else {}
    products = [row for row in known.get("products", ()) if row["is_certified"]]
    entity_type = ENTITIES.column("entity_type")
    entities: list[Mapping[str, Any]] = [
        {
            **row,
            "commune_code": names.get(row["commune_code"]),
            "entity_type": row["entity_type"] and word_for(entity_type, row["entity_type"]),
        }
        for row in known.get("entities", ())
    ]
    rows: dict[str, list[Mapping[str, Any]]] = {
        ENTITIES.name: entities,
        LABOUR_REPORTS.name: [{"report_period": period.label, **row} for row in entities],
        PRODUCT_VALUES.name: [{"product_code": row["product_code"]} for row in products],
        SALES_POINTS.name: [
            {**row, "commune_code": names.get(row["commune_code"])} for row in known.get("sales_points", ())
        ],
    }
    name = unit.name if reference.find_unit(unit.name, period.last_day) == unit else unit.code
    template = Template(
        {"Kỳ báo cáo": period.label, "Đơn vị báo cáo": name, "Số văn bản": "", "Ngày lập": ""},
        tuple(form for form in source.filled_in if period.is_month or not form.is_monthly),
        tuple(names.values()),
        rows,
        {PRODUCT_VALUES.name: [row["product_name"] for row in products]},
        {
            "product_code": [row["product_code"] for row in known.get("products", ())],
            "entity_code": [row["entity_code"] for row in entities if row["entity_code"]],
        },
        source.notes,
        has_marts,
    )
    return template_workbook(template), has_marts


def _known(
    warehouse: Warehouse, unit: Unit, period: Period, communes: list[Unit]
) -> Mapping[str, list[dict[str, Any]]]:
    parameters = {
        "unit": unit.code,
        "is_commune": unit.kind == "commune",
        "communes": [commune.code for commune in communes],
        "generations": sorted({commune.valid_from for commune in communes}),
        "start": period.start,
        "end": period.end,
    }
    queries = {"entities": _ENTITIES, "products": _PRODUCTS, "sales_points": _SALES_POINTS}
    return {name: objects(fetch(warehouse, sql, parameters, role=Role.TRANSFORMER)) for name, sql in queries.items()}


def _name(reference: Reference, commune: Unit, unit: Unit, day: date) -> str:
    """A commune's name, or its code where the name could mean another one."""
    try:
        found, _ = reference.find_commune(commune.name, unit.code, day)
    except UnclearError:
        return commune.code
    return commune.name if found == commune.code else commune.code
