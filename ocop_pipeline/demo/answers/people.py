"""Workers of the producers of valid products, and what they earn.

Belongs here: the KPIs over the newest labour reports. Stays out: what a single producer reports.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from ocop_pipeline.demo.answers.disclosure import hidden_units
from ocop_pipeline.demo.answers.figure import PROVINCE, Figure, Measure, Part
from ocop_pipeline.demo.answers.moment import Moment
from ocop_pipeline.demo.months import add_months
from ocop_pipeline.demo.records import Entity, LabourReport

_THOUSAND = 1000
"""Incomes are told in nghìn đồng."""
_STEP = 10_000
"""A mean income is shown rounded down to a multiple of it, in VND."""
_FEWEST_OF_INCOME_IN_PART = 100
"""Regular workers below which no mean is shown of a unit where an entity told no income."""
_LAST_DAY = timedelta(days=1)


def figures(moment: Moment) -> Iterator[Figure]:
    """All figures about people at that moment."""
    producers = {product.entity for product in moment.valid_products if product.entity}
    newest = _newest_reports(moment, producers)
    told = [report for report in newest if report.income is not None and report.regular]
    workers = {
        "regular": [report.regular for report in newest],
        "local": [report.local for report in newest],
        "female": [report.women for report in newest],
        "seasonal": [report.seasonal for report in newest],
        "insured": [report.insured for report in newest],
    }
    hidden = hidden_units(
        {
            **{name: _by_district(newest, numbers) for name, numbers in workers.items()},
            "income": _by_district(told, [report.regular for report in told]),
        }
    )
    for name, numbers in workers.items():
        parts = [Part(_district(report.entity), number) for report, number in zip(newest, numbers, strict=True)]
        measure = Measure("rural_workers", "" if name == "regular" else name)
        yield from _as_shown(measure.figures(moment, parts), hidden[name])
    silent = producers - {report.entity for report in newest}
    missing = (Part(_district(entity), 1) for entity in silent)
    yield from Measure("rural_workers", "entities_missing_report").figures(moment, missing)
    incomes = [
        Part(_district(report.entity), (report.income or 0) * _THOUSAND * report.regular, report.regular)
        for report in told
    ]
    in_part = _incomes_in_part(newest)
    of_few = {unit for unit, regular in in_part.items() if regular < _FEWEST_OF_INCOME_IN_PART}
    measured = map(_rounded, Measure("worker_income", is_ratio=True).figures(moment, incomes))
    yield from _as_shown(measured, hidden["income"] | of_few, in_part)
    extremes = (
        _extreme(moment, "lowest", min, (report.lowest_income for report in told)),
        _extreme(moment, "highest", max, (report.highest_income for report in told)),
    )
    yield from _as_shown(extremes, hidden["extremes"])


def _as_shown(figures: Iterable[Figure], hidden: set[str], mean_only: Container[str] = ()) -> Iterator[Figure]:
    """The figures, marked where they are hidden; of a mean alone nothing that tells how many it is of."""
    for figure in figures:
        if figure.numerator is not None and figure.unit_code in hidden:
            yield replace(figure, is_suppressed=True)
        elif figure.unit_code in mean_only:
            yield replace(figure, numerator=None, denominator=None)
        else:
            yield figure


def _incomes_in_part(newest: Sequence[LabourReport]) -> dict[str, int]:
    """The regular workers of each unit of which an entity told no income."""
    workers: Counter[str] = Counter()
    silent: set[str] = set()
    for report in newest:
        units = {PROVINCE, _district(report.entity)}
        workers.update(dict.fromkeys(units, report.regular))
        if report.income is None or not report.regular:
            silent |= units
    return {unit: workers[unit] for unit in silent}


def _rounded(figure: Figure) -> Figure:
    return figure if figure.value is None else replace(figure, value=figure.value // _STEP * _STEP)


def _by_district(reports: Sequence[LabourReport], numbers: Sequence[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for report, number in zip(reports, numbers, strict=True):
        found.setdefault(_district(report.entity), []).append(number)
    return found


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
