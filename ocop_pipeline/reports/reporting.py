"""Who owes a report, who sent it in time, and who did not.

Belongs here: choosing and wording the reports that are due, for a terminal and for Dagster. Stays out: what is owed
(`reporting_obligations`) and what a status means (`fct_reporting`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any

from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.scorecard_sheet import Sheet
from ocop_pipeline.reports.wording import Language, percent
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Warehouse

STATUSES_VI = MappingProxyType(
    {
        "rejected": "bị trả lại",
        "missing": "thiếu",
        "late": "muộn",
        "not_yet_due": "chưa đến hạn",
        "on_time": "đúng hạn",
    }
)
"""The worst first: a unit stands where the worst of its forms does."""
RESTATED_VI = "đã báo cáo lại"
MARKS = MappingProxyType({"rejected": "✗", "missing": "–", "late": "✓ muộn", "not_yet_due": "…", "on_time": "✓"})
GRID_PERIODS = 12
_SOURCES = MappingProxyType({source.name: source for source in ALL_SOURCES})
_SHEETS = MappingProxyType({form.name: form.sheet for source in ALL_SOURCES for form in source.forms})
_UNITS_NAMED = 10

_REPORTS = """
with newest as (
    select source, period_kind, max(period_from) as period_from
    from marts.fct_reporting
    where first_arrived_at is not null
    group by source, period_kind
)
select
    reports.source, reports.period_from, reports.period_to, max(reports.due_date) as due_date,
    reports.unit_code, units.unit_name,
    (array_agg(reports.status order by array_position(cast(:statuses as text[]), reports.status)))[1] as status,
    bool_or(reports.is_restated) as is_restated,
    count(*) filter (where reports.status <> 'not_yet_due') as expected,
    count(*) filter (where reports.status in ('on_time', 'late')) as received,
    count(*) filter (where reports.status = 'on_time') as on_time,
    max(reports.accepted_at) as accepted_at,
    max(reports.submission_id) as submission_id,
    cast(sum(reports.rows_rejected) as bigint) as rows_rejected,
    string_agg(reports.form, ', ' order by reports.form) filter (
        where reports.status in ('missing', 'rejected')
    ) as forms_missing
from marts.fct_reporting as reports
inner join marts.dim_unit as units
    on reports.unit_code = units.unit_code and reports.unit_valid_from = units.valid_from
where {chosen}
group by reports.source, reports.period_from, reports.period_to, reports.unit_code, units.unit_name, units.sort_order
order by reports.source, reports.period_from, reports.period_to, units.sort_order
"""
_IN_PERIOD = "reports.period_from >= :period_from and reports.period_to <= :period_to"
# A kind of period that has ended for good, such as the years before the months began, is not the latest of anything.
_LATEST = """
exists (
    select from newest
    where newest.source = reports.source and newest.period_kind = reports.period_kind
        and newest.period_from = reports.period_from
        and not exists (
            select from newest as later
            where later.source = newest.source and later.period_from > newest.period_from
        )
)
"""
_LAST_DUE = """
select distinct on (source) source, period_from, period_to from marts.fct_reporting
where status <> 'not_yet_due' order by source, period_to desc, period_from desc
"""


@dataclass(frozen=True)
class UnitReport:
    """What one unit owes a source for one period, all forms together; `forms_missing` are their sheets."""

    source: str
    period: Period
    due_date: date
    unit_code: str
    unit_name: str
    status: str
    is_restated: bool
    expected: int
    received: int
    on_time: int
    accepted_at: datetime | None
    submission_id: int | None
    rows_rejected: int
    forms_missing: tuple[str, ...]

    @property
    def key(self) -> str:
        """What it is called among all: 2023-06|231|district_submissions."""
        return f"{self.period.label}|{self.unit_code}|{self.source}"

    @property
    def mark(self) -> str:
        """The status in a cell of the grid; a restated report is starred."""
        return MARKS[self.status] + ("*" if self.is_restated else "")


def reports_of(warehouse: Warehouse, period: Period | None) -> list[UnitReport]:
    """The reports due within `period`; without, per source those of the newest period that anybody reported on."""
    if period is None:
        return _reports(warehouse, _LATEST, {})
    return _reports(warehouse, _IN_PERIOD, {"period_from": period.start, "period_to": period.end})


def all_reports(warehouse: Warehouse) -> list[UnitReport]:
    """Every report of a period that has ended, by source and period."""
    return _reports(warehouse, "true", {})


def last_due(warehouse: Warehouse) -> dict[str, Period]:
    """The newest period that is due, by source, whether anybody has reported on it or not."""
    return {source: Period(start, end) for source, start, end in fetch(warehouse, _LAST_DUE).rows}


def as_answer(reports: Sequence[UnitReport]) -> Answer:
    """The reports as rows, a period by its label."""
    columns = tuple(field.name for field in fields(UnitReport))
    rows = tuple(
        tuple(
            report.period.label if name == "period" else ", ".join(value) if name == "forms_missing" else value
            for name, value in ((name, getattr(report, name)) for name in columns)
        )
        for report in reports
    )
    return Answer(columns, rows)


def reporting_sheets(reports: Sequence[UnitReport], due: Mapping[str, Period]) -> list[Sheet]:
    """A table per source and period, the worst units first; its title gives the reporting rate and the on-time rate."""
    ordered = sorted(reports, key=lambda report: (report.source, report.period))
    return [
        _sheet(source, period, list(group), due.get(source))
        for (source, period), group in groupby(ordered, lambda report: (report.source, report.period))
    ]


def _sheet(source: str, period: Period, reports: Sequence[UnitReport], last: Period | None) -> Sheet:
    rank = list(STATUSES_VI)
    rows = [_row(report) for report in sorted(reports, key=lambda report: rank.index(report.status))]
    silent = f". Sau kỳ này chưa đơn vị nào gửi; kỳ gần nhất đã đến hạn: {last.label}" if last and last > period else ""
    due = max(report.due_date for report in reports)
    title = f"{_SOURCES[source].title}, kỳ {period.label}, hạn {due:%d/%m/%Y}: {rates(reports)}"
    return Sheet(title + silent, SHEET_COLUMNS, rows)


SHEET_COLUMNS = ("Đơn vị", "Tình trạng", "Đến lúc", "Biểu đã nhận", "Tệp số", "Ghi chú")


def rates(reports: Sequence[UnitReport]) -> str:
    """Received and on time, of the reports that are due."""
    expected = sum(report.expected for report in reports)
    if not expected:
        return "chưa báo cáo nào đến hạn"
    received, on_time = sum(report.received for report in reports), sum(report.on_time for report in reports)
    return (
        f"nhận {received}/{expected} ({percent(Decimal(received) / expected, Language.VI)}), "
        f"đúng hạn {on_time}/{expected} ({percent(Decimal(on_time) / expected, Language.VI)})"
    )


def _row(report: UnitReport) -> tuple[str, ...]:
    notes = [f"thiếu biểu: {', '.join(report.forms_missing)}"] if report.forms_missing and report.received else []
    notes += [f"{report.rows_rejected} dòng bị trả lại"] if report.rows_rejected else []
    status = STATUSES_VI[report.status] + (f"; {RESTATED_VI}" if report.is_restated else "")
    arrived = report.accepted_at.astimezone(VIETNAM) if report.accepted_at else None
    return (
        f"{report.unit_code} {report.unit_name}",
        status,
        f"{arrived:%d/%m/%Y %H:%M}" if arrived else "",
        f"{report.received} / {report.received + len(report.forms_missing)}",
        str(report.submission_id or ""),
        "; ".join(notes),
    )


def grid(reports: Sequence[UnitReport]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Columns and rows of a grid of unit x period: the GRID_PERIODS periods up to the newest that anybody reported on.

    A cell is empty where a unit owes nothing.
    """
    heard = max((report.period.end for report in reports if report.submission_id), default=date.max)
    ended = {report.period for report in reports if report.period.end <= heard}
    periods = sorted(ended, key=lambda period: (period.end, period.start))[-GRID_PERIODS:]
    units = dict.fromkeys((report.unit_code, report.unit_name) for report in reports if report.period in periods)
    marks = {(report.unit_code, report.unit_name, report.period): report.mark for report in reports}
    rows = [(f"{code} {name}", *(marks.get((code, name, period), "") for period in periods)) for code, name in units]
    return ("Đơn vị", *(period.label for period in periods)), rows


def newest_due(reports: Sequence[UnitReport]) -> list[UnitReport]:
    """Those of the newest period of which anything is due."""
    newest = max((report.period.end for report in reports if report.expected), default=None)
    return [report for report in reports if report.period.end == newest and report.expected]


def behind(reports: Sequence[UnitReport]) -> str | None:
    """The units that are missing, rejected or late, by name; None when there is none."""
    told = []
    for status in ("missing", "rejected", "late"):
        names = [report.unit_name for report in reports if report.status == status]
        if names:
            more = f" (+{len(names) - _UNITS_NAMED})" if len(names) > _UNITS_NAMED else ""
            told.append(f"{STATUSES_VI[status]}: {', '.join(names[:_UNITS_NAMED])}{more}")
    return "; ".join(told) or None


def _reports(warehouse: Warehouse, chosen: str, parameters: dict[str, Any]) -> list[UnitReport]:
    found = fetch(warehouse, _REPORTS.format(chosen=chosen), {**parameters, "statuses": list(STATUSES_VI)})
    return [_report(row) for row in objects(found)]


def _report(row: dict[str, Any]) -> UnitReport:
    period = Period(row.pop("period_from"), row.pop("period_to"))
    forms = (row.pop("forms_missing") or "").split(", ")
    sheets = tuple(_SHEETS.get(form, form) for form in forms if form)
    return UnitReport(period=period, forms_missing=sheets, **row)
