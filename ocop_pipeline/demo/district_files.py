"""The workbooks and one-form CSV files that the 13 districts send.

Belongs here: which period reports what, and how officials word it. Stays out: bytes of a workbook.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ocop_pipeline.contracts import Form
from ocop_pipeline.demo.inbox_file import InboxFile, Mistake, Sheets, morning_after
from ocop_pipeline.demo.months import (
    FIRST_KEPT_MONTH,
    FIRST_VALUE_MONTH,
    LAST_MONTH,
    UNEVEN_MONTH,
    add_months,
    months,
)
from ocop_pipeline.demo.names import PARTNERS
from ocop_pipeline.demo.records import Value, World
from ocop_pipeline.demo.workbook import Row, Rows, csv_file, xlsx
from ocop_pipeline.sources import district_forms as forms

SOURCE = "district_submissions"
SIMULATED = "Dữ liệu mô phỏng"
_ANNUAL = (forms.ENTITIES, forms.PRODUCT_EVENTS, forms.SALES_POINTS)
_MONTHLY = (
    forms.ENTITIES,
    forms.PRODUCT_EVENTS,
    forms.PRODUCT_VALUES,
    forms.LINKAGE_CONTRACTS,
    forms.SALES_POINTS,
    forms.PROMOTION_EVENTS,
    forms.SUPPORT_DISBURSEMENTS,
)
_YEARS = (2020, 2021, 2022)
_FIRST_WORKBOOK = date(2023, 1, 1)
_RESENT_REGISTER = frozenset({6, 12})
"""In June and December a district sends the year's events again, as registers do."""
_TRUNCATED_MONTH = date(2023, 8, 1)
_SENT_AFTER_DAYS, _SENT_LATE_AFTER_DAYS, _CORRECTED_AFTER_DAYS = 5, 18, 8
_WORDS = {"new": "mới", "upgrade": "nâng hạng", "reassess": "đánh giá lại", "revoke": "thu hồi", "register": "đăng ký"}


@dataclass(frozen=True)
class Report:
    """What one district reports for `[start, end)`; `is_wrong` for the version that is corrected later."""

    world: World
    district: str
    start: date
    end: date
    is_wrong: bool = False
    sent_after_days: int = _SENT_AFTER_DAYS

    @property
    def sent(self) -> datetime:
        """When it lies in the inbox."""
        return morning_after(self.end, self.sent_after_days)

    @property
    def events_from(self) -> date:
        """First day whose events the report holds."""
        is_month = add_months(self.start, 1) == self.end
        return date(self.start.year, 1, 1) if is_month and self.start.month in _RESENT_REGISTER else self.start

    @property
    def period(self) -> str:
        """The period as the office writes it: not every office writes it alike."""
        if add_months(self.start, 1) != self.end:
            return f"năm {self.start.year}"
        return f"{self.start:%Y-%m}" if self.start.month % 2 else f"tháng {self.start.month}/{self.start.year}"


def district_files(world: World, mistakes: Sequence[Mistake]) -> Iterator[InboxFile]:
    """Every district's registers of 2020 to 2022, revenues of late 2022 or earlier, and workbooks from 2023 on."""
    for district in world.districts:
        for year in _YEARS:
            yield _workbook(
                Report(world, district, date(year, 1, 1), date(year + 1, 1, 1)),
                f"bao-cao-nam-{year}",
                _ANNUAL,
                mistakes,
            )
        for month in months(FIRST_KEPT_MONTH, add_months(_FIRST_WORKBOOK, -1)):
            report = Report(world, district, month, add_months(month, 1))
            rows = _values(report)
            if rows or month >= FIRST_VALUE_MONTH:
                sheets = Sheets(f"{SOURCE}/{district}/product_values_{month:%Y-%m}.csv", mistakes)
                yield sheets.file(csv_file(sheets.sheet(forms.PRODUCT_VALUES, rows)), arrived=report.sent)
        for month in months(_FIRST_WORKBOOK, LAST_MONTH):
            yield from _month(world, district, month, mistakes)
    yield from _uneven_month(world)


def uneven_districts(world: World) -> dict[str, str]:
    """The district whose report of UNEVEN_MONTH is restated, missing, late, rejected."""
    restated = max(value.product.commune.district for value in world.values if value.month == LAST_MONTH)
    others = [district for district in world.districts if district != restated]
    return {"restated": restated, "missing": others[1], "late": others[3], "rejected": others[5]}


def _uneven_month(world: World) -> Iterator[InboxFile]:
    """Workbooks that lie after all figures of the key, so that none depends on who sent what when."""
    what = {district: fate for fate, district in uneven_districts(world).items()}
    stem = f"bao-cao-{UNEVEN_MONTH:%Y-%m}"
    for district in world.districts:
        fate = what.get(district)
        days = _SENT_LATE_AFTER_DAYS if fate == "late" else _SENT_AFTER_DAYS
        report = Report(world, district, UNEVEN_MONTH, add_months(UNEVEN_MONTH, 1), sent_after_days=days)
        if fate == "restated":
            yield from _restated(report, stem, ())
        elif fate != "missing":
            workbook = _workbook(report, stem, _MONTHLY, ())
            yield _truncated(workbook) if fate == "rejected" else workbook


def _month(world: World, district: str, month: date, mistakes: Sequence[Mistake]) -> Iterator[InboxFile]:
    """The month's workbook; for one district a wrong one first, for one also a file cut off on its way."""
    stem = f"bao-cao-{month:%Y-%m}"
    report = Report(world, district, month, add_months(month, 1))
    if (world.correction.district, world.correction.month) == (district, month):
        yield from _restated(report, stem, mistakes)
        return
    workbook = _workbook(report, stem, _MONTHLY, mistakes)
    yield workbook
    if district == world.districts[-1] and month == _TRUNCATED_MONTH:
        yield _truncated(workbook)


def _restated(report: Report, stem: str, mistakes: Sequence[Mistake]) -> Iterator[InboxFile]:
    """A workbook with wrong revenues, and days later its correction."""
    superseded = tuple(form.name for form in _MONTHLY)
    yield _workbook(replace(report, is_wrong=True), stem, _MONTHLY, mistakes, superseded)
    corrected = replace(report, sent_after_days=_CORRECTED_AFTER_DAYS)
    yield _workbook(corrected, f"{stem}_dinh-chinh", _MONTHLY, mistakes)


def _truncated(workbook: InboxFile) -> InboxFile:
    """The workbook cut off on its way."""
    path, half = workbook.path.replace(".xlsx", "_gui-loi.xlsx"), workbook.content[: len(workbook.content) // 2]
    return InboxFile(path, half, {}, rejected_by="file_unreadable", arrived=workbook.arrived)


def _workbook(
    report: Report, stem: str, used: tuple[Form, ...], mistakes: Sequence[Mistake], superseded: tuple[str, ...] = ()
) -> InboxFile:
    sheets = Sheets(f"{SOURCE}/{report.district}/{stem}.xlsx", mistakes)
    content: dict[str, Rows] = {"Thông tin": _header(report)}
    for form in used:
        content[form.sheet] = sheets.sheet(form, _ROWS[form.name](report))
    return sheets.file(xlsx(content), superseded, report.sent)


def _header(report: Report) -> Rows:
    return [
        ["Kỳ báo cáo", report.period],
        ["Đơn vị báo cáo", report.district],
        ["Số văn bản", f"MP-{report.start:%y%m}/BC-UBND"],
        ["Người lập", "Phòng Nông nghiệp và Phát triển nông thôn"],
        ["Ngày lập", report.end + timedelta(days=4)],
        ["Ghi chú", SIMULATED],
    ]


def _entities(report: Report) -> list[Row]:
    workers = {labour.entity.code: labour.regular for labour in report.world.labour if labour.start <= report.start}
    workers |= {one.entity.code: one.workers for one in report.world.misstated if one.month == report.start}
    return [
        {
            "entity_code": entity.code,
            "entity_name": entity.name,
            "entity_type": entity.kind,
            "commune_code": entity.commune.name,
            "joined_date": entity.joined,
            "is_woman_led": "có" if entity.is_woman_led else "không",
            "regular_workers": workers.get(entity.code),
        }
        for entity in report.world.entities
        if entity.commune.district == report.district and entity.joined < report.end
    ]


def _product_events(report: Report) -> list[Row]:
    return [
        {
            "product_code": event.product.code,
            "product_name": event.product.name,
            "product_group": event.product.group or None,
            "entity_code": event.product.entity.code if event.product.entity else None,
            "commune_code": event.product.commune.name,
            "event_kind": _WORDS[event.kind],
            "stars": "Tiềm năng 5 sao" if event.stars == "potential_5" else event.stars,
            "score": event.score,
            "decision_number": event.decision,
            "decision_date": event.day,
            "expiry_date": event.expiry,
        }
        for event in report.world.events
        if event.product.commune.district == report.district and report.events_from <= event.day < report.end
    ]


def _values(report: Report) -> list[Row]:
    # The uneven month sold what the one before it did.
    month, district = min(report.start, LAST_MONTH), report.district
    values = [v for v in report.world.values if v.product.commune.district == district and v.month == month]
    # In the version that is corrected later every other revenue was doubled by mistake.
    return [value_row(v, v.revenue * (2 if report.is_wrong and n % 2 == 0 else 1)) for n, v in enumerate(values)]


def value_row(value: Value, revenue: int) -> Row:
    """The value as a row of its form, with the revenue that is stated."""
    return {
        "product_code": value.product.code,
        "quantity": value.quantity,
        "quantity_unit": value.product.unit,
        "mean_price_vnd": value.price,
        "revenue_vnd": revenue,
        "declared_online_revenue_vnd": value.online,
    }


def _linkages(report: Report) -> list[Row]:
    return [
        {
            "product_code": linkage.product.code,
            "partner_name": linkage.partner,
            "linkage_kind": linkage.kind,
            "contract_number": linkage.number,
            "start_date": linkage.start,
            "end_date": linkage.end,
        }
        for linkage in report.world.linkages
        if linkage.product.commune.district == report.district and report.start <= linkage.start < report.end
    ]


def _points(report: Report) -> list[Row]:
    """All points opened so far, with the day on which they stopped once that day has come."""
    return [
        {
            "sales_point_code": point.code,
            "sales_point_name": point.name,
            "address": f"Khu trung tâm, {point.commune.name}",
            "commune_code": point.commune.name,
            "managed_by": PARTNERS[0],
            "opened_date": point.opened,
            "stopped_date": point.stopped if point.stopped and point.stopped < report.end else None,
        }
        for point in report.world.points
        if point.commune.district == report.district and point.opened < report.end
    ]


def _promotions(report: Report) -> list[Row]:
    return [
        {
            "event_code": event.code,
            "event_name": event.name,
            "event_form": event.form,
            "start_date": event.start,
            "end_date": event.end,
            "place": event.place,
            "product_count": event.products,
            "contract_count": event.contracts,
            "sales_vnd": event.sales,
        }
        for event in report.world.promotions
        if event.district == report.district and report.start <= event.start < report.end
    ]


def _disbursements(report: Report) -> list[Row]:
    return [
        {
            "voucher_number": payment.number,
            "funding_source": payment.source,
            "purpose": payment.purpose,
            "entity_code": payment.entity_code,
            "amount_vnd": payment.amount,
            "disbursed_date": payment.day,
        }
        for payment in report.world.disbursements
        if payment.district == report.district and report.start <= payment.day < report.end
    ]


_ROWS: dict[str, Callable[[Report], list[Row]]] = {
    forms.ENTITIES.name: _entities,
    forms.PRODUCT_EVENTS.name: _product_events,
    forms.PRODUCT_VALUES.name: _values,
    forms.LINKAGE_CONTRACTS.name: _linkages,
    forms.SALES_POINTS.name: _points,
    forms.PROMOTION_EVENTS.name: _promotions,
    forms.SUPPORT_DISBURSEMENTS.name: _disbursements,
}
