"""Where the sources of the simulated province disagree, worked out from its records.

Belongs here: the rules between sources in plain Python, with their tolerances. Stays out: which of these disagreements
were made on purpose (`demo.disagreements`).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from statistics import geometric_mean, median

from ocop_pipeline.demo.disagreements import EXPORTS_MADE, key_of, sold_online
from ocop_pipeline.demo.months import add_months
from ocop_pipeline.demo.records import Entity, Event, Product, Value, World, stars_at
from ocop_pipeline.demo.shops import SOLD_STATUSES

_MILLION = 1_000_000
_JUMP_OF_NOTE, _FIVEFOLD = 50 * _MILLION, 0.8
_THOUSAND, _REPORTS_BEFORE, _FEWEST_INCOMES = 1_000, 8, 4
_MONTHS_BEFORE, _SLIPPED = 12, 0.996
_LAST_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Disagreement:
    """Two sides that disagree: by which rule, who must answer, about what, first day of the period.

    `right` is None where the right side was not told.
    """

    rule: str
    unit_code: str
    subject: str
    start: date
    left: int
    right: int | None


def disagreements(world: World) -> list[Disagreement]:
    """All of them, by rule."""
    found = [*_online(world), *_uncertified(world), *_workers(world), *_unreported(world)]
    found += [*_jumps(world), *_slips(world), *_incomes(world), *_parts(world)]
    return sorted(found, key=lambda one: (one.rule, one.subject, one.start))


def _differ(left: int, right: int, absolute: int, relative: float) -> bool:
    return abs(left - right) > max(absolute, relative * max(left, right))


def _online(world: World) -> Iterator[Disagreement]:
    sold = sold_online(world.orders)
    for value in world.values:
        product = value.product
        amount = sold.get((product.code, value.month))
        if amount is None:
            continue
        place = product.commune.district, product.code, value.month
        if value.online is not None and _differ(value.online, amount, _MILLION, 0.1):
            yield Disagreement("declared_online_sales", *place, value.online, amount)
        if amount > value.revenue:
            yield Disagreement("online_share_above_one", *place, amount, value.revenue)


def _uncertified(world: World) -> Iterator[Disagreement]:
    """Sales on days without a valid certificate, by product and month."""
    events = _events(world)
    districts = {product.code: product.commune.district for product in world.products}
    valid: dict[tuple[str, date], int] = defaultdict(int)
    for order in world.orders:
        if order.status_at(EXPORTS_MADE) in SOLD_STATUSES:
            day = order.ordered.date()
            for line in order.lines:
                product = line.listing.product
                if product and stars_at(events[product.code], day):
                    valid[product.code, day.replace(day=1)] += line.net
    for (code, month), amount in sold_online(world.orders).items():
        if amount > valid[code, month]:
            yield Disagreement("sold_without_certificate", districts[code], code, month, amount, valid[code, month])


def _workers(world: World) -> Iterator[Disagreement]:
    for stated in world.misstated:
        for report in world.labour:
            is_last_month = report.end == add_months(stated.month, 1)
            if report.entity == stated.entity and is_last_month and _differ(stated.workers, report.regular, 2, 0.1):
                place = stated.entity.commune.district, key_of(stated.entity), report.start
                yield Disagreement("workers_disagree", *place, stated.workers, report.regular)


def _unreported(world: World) -> Iterator[Disagreement]:
    """Entities with a valid product at the end of a period of which their district sent labour reports, not theirs."""
    told: dict[tuple[str, date, date], set[Entity]] = defaultdict(set)
    for report in world.labour:
        told[report.entity.commune.district, report.start, report.end].add(report.entity)
    events = _events(world)
    for (district, start, end), reporting in told.items():
        held: dict[Entity, int] = defaultdict(int)
        for product in world.products:
            if product.entity and stars_at(events[product.code], end - _LAST_DAY):
                held[product.entity] += 1
        for entity, count in held.items():
            if entity.commune.district == district and entity not in reporting:
                yield Disagreement("labour_report_missing", district, key_of(entity), start, count, None)


def _jumps(world: World) -> Iterator[Disagreement]:
    """Against the same month of the year before; what is told of the uneven month is that of the month before it."""
    told: dict[tuple[Product, date], Value] = {(v.product, v.month): v for v in world.values}
    for (product, month), value in list(told.items()):
        before = told.get((product, add_months(month, -12)))
        if before and before.revenue and _differ(value.revenue, before.revenue, _JUMP_OF_NOTE, _FIVEFOLD):
            place = product.commune.district, product.code, month
            yield Disagreement("revenue_jump", *place, value.revenue, before.revenue)


def _slips(world: World) -> Iterator[Disagreement]:
    """Against the product's months before that brought anything."""
    told: dict[Product, list[Value]] = defaultdict(list)
    for value in sorted(world.values, key=lambda value: value.month):
        before = told[value.product][-_MONTHS_BEFORE:]
        if value.revenue and before:
            usual = _whole_thousands(geometric_mean(one.revenue for one in before))
            if _differ(value.revenue, usual, 0, _SLIPPED):
                place = value.product.commune.district, value.product.code, value.month
                yield Disagreement("revenue_unit_slip", *place, value.revenue, usual)
        if value.revenue:
            told[value.product].append(value)


def _incomes(world: World) -> Iterator[Disagreement]:
    """Against the entity's reports before, and against its district's of the period."""
    incomes = [(report, _THOUSAND * report.income) for report in world.labour if report.income]
    for report, income in incomes:
        place = report.entity.commune.district, key_of(report.entity), report.start
        before = sorted((r.end, vnd) for r, vnd in incomes if r.entity == report.entity and r.end < report.end)
        if before:
            usual = _whole_thousands(geometric_mean(vnd for _, vnd in before[-_REPORTS_BEFORE:]))
            if _differ(income, usual, 0, _FIVEFOLD):
                yield Disagreement("income_unlike_before", *place, income, usual)
        district = [vnd for r, vnd in incomes if (r.entity.commune.district, r.label) == (place[0], report.label)]
        middle = _whole_thousands(median(district))
        if len(district) >= _FEWEST_INCOMES and _differ(income, middle, 0, _FIVEFOLD):
            yield Disagreement("income_unlike_unit", *place, income, middle)


def _whole_thousands(amount: float) -> int:
    return floor(amount / _THOUSAND + 0.5) * _THOUSAND


def _parts(world: World) -> Iterator[Disagreement]:
    for report in world.labour:
        counted = report.regular + report.seasonal
        if counted != report.total:
            place = report.entity.commune.district, key_of(report.entity), report.start
            yield Disagreement("workers_do_not_add_up", *place, counted, report.total)


def _events(world: World) -> dict[str, list[Event]]:
    events: dict[str, list[Event]] = defaultdict(list)
    for event in world.events:
        events[event.product.code].append(event)
    return events
