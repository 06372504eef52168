"""Reminders to renew: for each unit and month a workbook of the certificates that end in it.

Belongs here: which workbooks lie in the outbox, and what they say. Stays out: when they are written (`defs`), and
telling which certificate ends and who has to act on it (dbt).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.outbox import Outbox
from ocop_pipeline.reports.reminder_workbook import Reminder, reminder_workbook
from ocop_pipeline.reports.units import unit_of
from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

FOLDER = "nhac-gia-han"
"""In the folder of each unit."""
_MONTH_FILE = re.compile(r"(\d{4}-\d{2})\.xlsx")
_PARAMETERS = """
select distinct on (parameter) parameter, cast(value as int) as value from seeds.kpi_parameters
where parameter in ('expiry_notice_days', 'expiry_notice_least_days')
order by parameter, valid_from desc
"""
# A certificate that ended without a new decision stays on the list until its month is over.
_ENDING = """
select distinct on (c.product_key)
    c.product_key, c.candidate_name as product_name, s.name_vi as stars, f.decision_number, e.entity_name,
    communes.unit_name as commune_name, f.term_to as ends_on,
    coalesce(districts.unit_code, communes.unit_code) as unit_code,
    coalesce(districts.unit_name, communes.unit_name) as unit_name
from marts.kpi_next_candidates_at as c
inner join marts.fct_certificates as f
    on c.product_key = f.product_key and f.is_certified and f.term_to = c.as_of_date + c.days_left
left join seeds.star_ratings as s on f.stars = s.stars
left join marts.dim_entity as e on coalesce(f.entity_key, c.entity_key) = e.entity_key
left join marts.dim_unit as communes
    on c.commune_code = communes.unit_code and communes.unit_kind = 'commune'
    and c.as_of_date >= communes.valid_from and c.as_of_date < coalesce(communes.valid_to, 'infinity')
left join marts.dim_unit as districts
    on c.unit_code = districts.unit_code and districts.unit_kind = 'district'
    and c.as_of_date >= districts.valid_from and c.as_of_date < coalesce(districts.valid_to, 'infinity')
where c.kpi_code = 'certified_products' and c.candidate_kind in ('renewal_due', 'renewal_overdue')
    and f.term_to >= :first_day and f.term_to < :end
order by c.product_key, f.valid_from desc
"""


def write_reminders(warehouse: Warehouse, settings: Settings, today: date) -> Outbox:
    """Bring the reminders of this month and those that begin soon up to the warehouse; past months stay as they are.

    A month is due when its first day lies within expiry_notice_days of `today` (Vietnam's). A file is written only when
    what it says changes, and removed when nothing is left to renew in its month. What cannot be written stops nothing.
    """
    parameters = dict(fetch(warehouse, _PARAMETERS, role=Role.TRANSFORMER).rows)
    months = _due_months(today, parameters["expiry_notice_days"])
    span = {"first_day": months[0], "end": _next_month(months[-1])}
    rows = objects(fetch(warehouse, _ENDING, span, role=Role.TRANSFORMER, as_of=today))
    province = unit_of(warehouse, today, None)
    outbox = Outbox(settings.outbox)
    wanted = _reminders(rows, province.code, province.name, parameters["expiry_notice_least_days"])
    for path, reminder in sorted(wanted.items()):
        outbox.keep(path, reminder_workbook, (reminder,), len(reminder.rows))
    _remove_others(outbox, set(wanted), f"{months[0]:%Y-%m}")
    return outbox


def _reminders(
    rows: Sequence[Mapping[str, Any]], province_code: str, province_name: str, notice_days: int
) -> dict[str, Reminder]:
    """The workbooks by path: one per unit and month, and one per month for the province with the rows of all units."""
    grouped: dict[tuple[str, str, date], list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row["ends_on"], row["unit_name"] or "", row["product_name"])):
        month = row["ends_on"].replace(day=1)
        grouped.setdefault((province_code, province_name, month), []).append(row)
        if row["unit_code"] is not None:
            grouped.setdefault((row["unit_code"], row["unit_name"], month), []).append(row)
    return {
        f"{code}/{FOLDER}/{month:%Y-%m}.xlsx": Reminder(name, month, code == province_code, notice_days, tuple(found))
        for (code, name, month), found in grouped.items()
    }


def _remove_others(outbox: Outbox, wanted: set[str], first_month: str) -> None:
    for target in sorted(outbox.root.glob(f"*/{FOLDER}/*.xlsx")):
        path, month = target.relative_to(outbox.root).as_posix(), _MONTH_FILE.fullmatch(target.name)
        if path in wanted or month is None or month[1] < first_month:
            continue
        outbox.remove(path)


def _due_months(today: date, notice_days: int) -> Sequence[date]:
    """First days of this month and of those that begin within the days of notice."""
    months = [today.replace(day=1)]
    while (following := _next_month(months[-1])) <= today + timedelta(days=notice_days):
        months.append(following)
    return months


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
