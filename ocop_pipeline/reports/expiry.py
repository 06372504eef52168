"""Which certificates end soon, and what is left of the certified products if nobody renews.

Belongs here: choosing from the marts, and laying out for people. Stays out: any arithmetic on a certificate.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.units import unit_of
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Warehouse

_EXPIRIES = """
select
    as_of_date as as_of, product_key, product_name, product_group, stars, decision_number, valid_to, days_left,
    horizon_days, territory_code, commune_code, commune_name, entity_name, reporting_unit_code, reporting_unit_name
from marts.kpi_expiring_certificates_at
where days_left <= coalesce(:within_days, days_left)
    and (:is_everywhere or :unit in (territory_code, commune_code))
order by valid_to, reporting_unit_name, product_name, product_key
"""
_RUNOFF = """
select as_of_date as as_of, unit_code, month_end_date as month_end, certified_count, ending_count, remaining_count
from marts.kpi_certified_products_runoff_at
where unit_code = :unit
order by month_end_date
"""
EXPIRY_HEADINGS = {
    "en": ("Ends on", "Days", "Product", "Stars", "Entity", "Commune", "To be reminded"),
    "vi": ("Hết hạn", "Còn ngày", "Sản phẩm", "Sao", "Chủ thể", "Xã", "Đơn vị phụ trách"),
}
RUNOFF_HEADINGS = {"en": ("Month end", "End", "Left", ""), "vi": ("Cuối tháng", "Hết hạn", "Còn lại", "")}
_NO_EXPIRIES = {
    "en": "No certificate of 3 stars or more that is in force on {day} ends {within}{unit}.",
    "vi": "Không có giấy chứng nhận từ 3 sao nào còn hiệu lực ngày {day} hết hạn {within}{unit}.",
}
_NO_RUNOFF = {
    "en": "No run-off from {day}{unit}: it is of the province or a district that has certified products.",
    "vi": "Không có số liệu hết hạn từ ngày {day}{unit}: chỉ tính cho tỉnh và cho huyện có sản phẩm từ 3 sao.",
}
_WITHIN = {"en": "by {day}", "vi": "đến hết ngày {day}"}
_SOON = {"en": "soon", "vi": "sắp tới"}
_OF_UNIT = {"en": " in unit {code}", "vi": " ở đơn vị {code}"}
_POTENTIAL_5 = {"en": "pot. 5", "vi": "TN 5"}
_BAR_WIDTH = 60


def expiries_of(
    warehouse: Warehouse, as_of: date, unit_code: str | None = None, within_days: int | None = None
) -> Answer:
    """One row per certificate of 3 stars or more that is in force and ends soon, the next one first.

    `unit_code` is a district or a commune of that day, None or the province means all; `within_days` None means as far
    as the mart looks ahead (parameter expiry_horizon_days). An UnknownUnitError names the units there are.
    """
    unit = unit_of(warehouse, as_of, unit_code)
    chosen = {"unit": unit.code, "is_everywhere": unit.kind == "province", "within_days": within_days}
    return fetch(warehouse, _EXPIRIES, chosen, as_of=as_of)


def runoff_of(warehouse: Warehouse, as_of: date, unit_code: str | None = None) -> Answer:
    """One row per month end ahead: how many of the products certified on the day end in the month and are left.

    `unit_code` is the province (None) or a district; there are no rows for a commune.
    """
    return fetch(warehouse, _RUNOFF, {"unit": unit_of(warehouse, as_of, unit_code).code}, as_of=as_of)


def expiry_table(answer: Answer, lang: str) -> list[Sequence[Any]]:
    """The rows of `expiries_of` worded for people, under EXPIRY_HEADINGS[lang]."""
    return [_expiry_row(row, lang) for row in objects(answer)]


def no_expiries(as_of: date, unit_code: str | None, within_days: int | None, lang: str) -> str:
    """The sentence that stands for an empty answer of `expiries_of`."""
    last = None if within_days is None else as_of + timedelta(days=within_days)
    within = _SOON[lang] if last is None else _WITHIN[lang].format(day=f"{last:%d/%m/%Y}")
    return _NO_EXPIRIES[lang].format(day=f"{as_of:%d/%m/%Y}", within=within, unit=_of_unit(unit_code, lang))


def no_runoff(as_of: date, unit_code: str | None, lang: str) -> str:
    """The sentence that stands for an empty answer of `runoff_of`."""
    return _NO_RUNOFF[lang].format(day=f"{as_of:%d/%m/%Y}", unit=_of_unit(unit_code, lang))


def runoff_table(answer: Answer) -> list[Sequence[Any]]:
    """The rows of `runoff_of` worded for people, under RUNOFF_HEADINGS[lang]; the bar shows what is left."""
    return [_runoff_row(row) for row in objects(answer)]


def _of_unit(unit_code: str | None, lang: str) -> str:
    return "" if unit_code is None else _OF_UNIT[lang].format(code=unit_code)


def _expiry_row(row: Mapping[str, Any], lang: str) -> Sequence[Any]:
    return (
        f"{row['valid_to']:%d/%m/%Y}",
        row["days_left"],
        row["product_name"],
        _POTENTIAL_5[lang] if row["stars"] == "potential_5" else row["stars"],
        row["entity_name"],
        row["commune_name"],
        row["reporting_unit_name"],
    )


def _runoff_row(row: Mapping[str, Any]) -> Sequence[Any]:
    share = row["remaining_count"] / row["certified_count"] if row["certified_count"] else 0
    return f"{row['month_end']:%d/%m/%Y}", row["ending_count"], row["remaining_count"], "█" * round(share * _BAR_WIDTH)
