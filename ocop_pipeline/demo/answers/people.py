"""Workers of the producers of valid products, and what they earn.

Belongs here: the KPIs over the newest labour reports. Stays out: what a single producer reports.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from ocop_pipeline.demo.answers.figure import PROVINCE, Figure, Measure, Part
from ocop_pipeline.demo.answers.moment import Moment
from ocop_pipeline.demo.months import add_months
from ocop_pipeline.demo.records import Entity, LabourReport

_THOUSAND = 1000
"""Incomes are told in nghìn đồng."""
_LAST_DAY = timedelta(days=1)


def figures(moment: Moment) -> Iterator[Figure]:
    """All figures about people at that moment."""
    producers = {product.entity for product in moment.valid_products if product.entity}
    newest = _newest_reports(moment, producers)
    workers = {
        "": [report.regular for report in newest],
        "local": [report.local for report in newest],
        "female": [report.women for report in newest],
        "seasonal": [report.seasonal for report in newest],
        "insured": [report.insured for report in newest],
    }
    for variant, numbers in workers.items():
        parts = [Part(_district(report.entity), number) for report, number in zip(newest, numbers, strict=True)]
        yield from Measure("rural_workers", variant, people="numerator").figures(moment, parts)
    silent = producers - {report.entity for report in newest}
    missing = (Part(_district(entity), 1) for entity in silent)
    yield from Measure("rural_workers", "entities_missing_report").figures(moment, missing)
    told = [report for report in newest if report.income is not None and report.regular]
    incomes = [
        Part(_district(report.entity), (report.income or 0) * _THOUSAND * report.regular, report.regular)
        for report in told
    ]
    yield from Measure("worker_income", is_ratio=True, people="denominator").figures(moment, incomes)
    yield _extreme(moment, "lowest", min, (report.lowest_income for report in told))
    yield _extreme(moment, "highest", max, (report.highest_income for report in told))


def _district(entity: Entity) -> str:
    return entity.commune.district


def _newest_reports(moment: Moment, producers: set[Entity]) -> list[LabourReport]:
    """Of each producer the newest report whose last day lies in (day - 12 months, day]."""
    newest: dict[Entity, LabourReport] = {}
    for report in moment.world.labour:
        last_day: date = report.end - _LAST_DAY
        if report.entity in producers and add_months(moment.day, -12) < last_day <= moment.day:
            known = newest.get(report.entity)
            if known is None or known.end < report.end:
                newest[report.entity] = report
    return list(newest.values())


def _extreme(moment: Moment, variant: str, choose: Callable[[list[int]], int], incomes: Iterable[int | None]) -> Figure:
    """The lowest or highest income; for the province only."""
    told = [income for income in incomes if income is not None]
    value = choose(told) * _THOUSAND if told else None
    return Figure("worker_income", f"{moment.day}", PROVINCE, value, value, variant=variant)
