"""Money and people: monthly revenue of products, labour of producers, points, contracts, fairs, support.

Belongs here: what is reported period by period, scaled so that the published totals come out for every seed.
Stays out: certificates (`certificates`), orders (`shops`), files.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil
from random import Random

from ocop_pipeline.demo.certificates import DIRECTIVE_DAY
from ocop_pipeline.demo.months import FIRST_VALUE_MONTH, LAST_MONTH, add_months, months, year_before
from ocop_pipeline.demo.names import FUNDING, LINKAGE_KINDS, PARTNERS, PROMOTIONS
from ocop_pipeline.demo.records import (
    Commune,
    Disbursement,
    Entity,
    Event,
    LabourReport,
    Linkage,
    Product,
    Promotion,
    SalesPoint,
    Value,
)

SEASON = (1.5, 0.8, 0.85, 0.9, 0.95, 0.9, 0.9, 0.95, 1.05, 1.05, 1.1, 1.3)
"""January to December: the weeks before Tết sell most."""
_MISSING_MONTHS = 0.012
_QUARTER_LEVELS = {"2022": 0.93, "2023-Q1": 0.95, "2023-Q2": 0.98, "2023-Q3": 1.0, "2023-Q4": 1.03}
"""Labour in each report period against that of the third quarter of 2023."""
_MISSING_QUARTERS = 0.04
_NEVER_REPORT = 3
_BLANK_INCOMES = 40
"""Every so many labour reports leave their incomes out."""
_FAIR_OF_THREE = 3
_DAYS_UNTIL_DIRECTIVE = (date(2023, 11, 1), DIRECTIVE_DAY)
"""What happens in these days is told after the directive's day: as with decisions, nothing falls on them."""


def invent_values(rng: Random, products: Sequence[Product], events: Sequence[Event], valid: set[str]) -> list[Value]:
    """Revenue of every product from the month of its first certificate on; a few months are not reported.

    `valid` are the codes valid on the directive's day: together they exceed 360 billion VND in the twelve
    months before it.
    """
    first: dict[str, date] = {}
    for event in events:
        if event.kind != "register":
            first[event.product.code] = min(event.day, first.get(event.product.code, event.day))
    raw: list[tuple[Product, date, float]] = []
    for product in products:
        size = rng.uniform(0.35, 1.6) ** 2
        for month in months(FIRST_VALUE_MONTH, LAST_MONTH):
            amount = size * SEASON[month.month - 1] * rng.uniform(0.85, 1.15)
            is_reported = rng.random() >= _MISSING_MONTHS
            if is_reported and product.code in first and first[product.code] < add_months(month, 1):
                raw.append((product, month, amount))
    start, end = year_before(DIRECTIVE_DAY)
    counted = sum(amount for p, month, amount in raw if p.code in valid and start <= month < end)
    scale = rng.uniform(363e9, 392e9) / counted
    values = []
    for product, month, amount in raw:
        revenue = ceil(amount * scale / 1000) * 1000
        online = round(revenue * rng.uniform(0, 0.12) / 1000) * 1000
        values.append(Value(product, month, revenue, online, max(1, revenue // product.price), product.price))
    return values


def invent_labour(rng: Random, entities: Sequence[Entity], counted: set[str]) -> list[LabourReport]:
    """Labour of every producer for 2022 and the quarters of 2023; a few never report.

    `counted` are the codes of producers with a product valid on the directive's day: together they have more
    than 4,000 and fewer than 6,000 regular workers. Mean incomes lie between 5 and 7 million VND; a
    few are left blank.
    """
    silent = {entity.code for entity in rng.sample(list(entities), _NEVER_REPORT)}
    total = rng.uniform(4250, 4650)
    weight = sum(entity.weight for entity in entities if entity.code in counted - silent)
    reports = []
    for entity in entities:
        level = max(3, round(entity.weight * total / weight))
        income = rng.randint(5050, 6600)
        for label, factor in _QUARTER_LEVELS.items():
            _, end = _labour_period(label)
            is_reported = rng.random() >= _MISSING_QUARTERS
            if entity.joined < end and entity.code not in silent and is_reported:
                regular = max(2, round(level * factor))
                reports.append(_labour_report(rng, entity, label, regular, round(income + 350 * (factor - 0.95))))
    blank = set(rng.sample(range(len(reports)), len(reports) // _BLANK_INCOMES))
    return [replace(report, income=None) if n in blank else report for n, report in enumerate(reports)]


def _labour_period(label: str) -> tuple[date, date]:
    year, _, quarter = label.partition("-Q")
    start = date(int(year), 3 * int(quarter) - 2 if quarter else 1, 1)
    return start, add_months(start, 3 if quarter else 12)


def _labour_report(rng: Random, entity: Entity, label: str, regular: int, income: int) -> LabourReport:
    start, end = _labour_period(label)
    seasonal = rng.randint(0, regular // 2)
    total = regular + seasonal
    women, local = round(total * rng.uniform(0.4, 0.8)), round(total * rng.uniform(0.7, 1))
    insured = round(regular * rng.uniform(0.1, 0.7))
    return LabourReport(entity, label, start, end, regular, seasonal, women, local, insured, income)


def invent_points(rng: Random, districts: Sequence[str], communes: Sequence[Commune]) -> list[SalesPoint]:
    """Points of 8 to 10 districts, so that not every district has one; three boundary days among them.

    One district's only point closed in summer 2023, one opened on 31/01/2023, one is closed from 31/12/2023
    on. Nothing opens or closes between 01/11 and 24/11/2023.
    """
    chosen = rng.sample(list(districts), rng.randint(8, 10))
    days = [date(2020, 8, 14), date(2020, 12, 31), date(2021, 5, 10), date(2022, 4, 28), date(2022, 9, 2)]
    days += [date(2023, 1, 31), date(2023, 4, 20), date(2023, 9, 15), date(2023, 12, 8), date(2023, 3, 3)]
    stops = {2: date(2023, 7, 1), 3: date(2023, 12, 31)}
    points = []
    for number, district in enumerate(chosen):
        places = [commune for commune in communes if commune.district == district]
        points.append(_point(f"DB-{district}-01", rng.choice(places), days[number], stops.get(number)))
        if number > max(stops) and rng.random() < 1 / 3:
            points.append(_point(f"DB-{district}-02", rng.choice(places), date(2023, 6, 16)))
    return points


def _point(code: str, commune: Commune, opened: date, stopped: date | None = None) -> SalesPoint:
    return SalesPoint(code, f"Điểm giới thiệu và bán sản phẩm OCOP {commune.place}", commune, opened, stopped)


def invent_linkages(rng: Random, products: Sequence[Product]) -> list[Linkage]:
    """Contracts for about a third of the certified products, one of which has two; some end."""
    linkages = []
    for number, product in enumerate(rng.sample(list(products), len(products) * 35 // 100), start=1):
        start = date(2023, 1, 5) + timedelta(days=rng.randrange(290))
        end = add_months(start, rng.choice((6, 12, 24))) if rng.random() < 1 / 2 else None
        contract = f"MP-{number:03d}/HĐLK"
        linkages.append(Linkage(product, rng.choice(PARTNERS), rng.choice(LINKAGE_KINDS), contract, start, end))
    return [*linkages, replace(next(one for one in linkages if one.end is None), number="MP-000/HĐLK")]


def invent_promotions(rng: Random, districts: Sequence[str]) -> list[Promotion]:
    """A dozen events of 2023; those of several districts carry one code, and the fair of April is of three."""
    promotions = []
    for number in range(12):
        name, form = rng.choice(PROMOTIONS)
        start = _told_in_time(date(2023, number + 1, rng.randint(2, 22)))
        end = start + timedelta(days=rng.randint(1, 5))
        taking_part = rng.sample(list(districts), rng.randint(1, 4))
        if number == _FAIR_OF_THREE:
            taking_part = rng.sample(list(districts), 3)
        for district in taking_part:
            shown, signed = rng.randint(3, 25), rng.randint(0, 4)
            sales = rng.randint(20, 400) * 1_000_000
            code = f"XT-2023-{number + 1:02d}"
            promotions.append(
                Promotion(code, f"{name} 2023", form, district, start, end, "Việt Trì", shown, signed, sales)
            )
    return promotions


def invent_disbursements(rng: Random, entities: Sequence[Entity], districts: Sequence[str]) -> list[Disbursement]:
    """Support paid in 2023; one voucher of another district than the producer's, one refund a month later."""
    disbursements = []
    for number, entity in enumerate(rng.sample(list(entities), 50), start=1):
        source, purpose = rng.choice(FUNDING)
        amount = rng.randint(5, 120) * 1_000_000
        day = _told_in_time(date(2023, 1, 10) + timedelta(days=rng.randrange(350)))
        voucher = f"MP-PC-{number:03d}"
        disbursements.append(Disbursement(voucher, source, purpose, entity.commune.district, entity.code, amount, day))
    early = [number for number, payment in enumerate(disbursements) if payment.day < date(2023, 9, 1)]
    paid_back, of_neighbour = disbursements[early[0]], disbursements[early[1]]
    neighbour = next(district for district in districts if district != of_neighbour.district)
    disbursements[early[1]] = replace(of_neighbour, district=neighbour)
    refund = replace(
        paid_back,
        number="MP-PT-001",
        purpose="Hoàn trả kinh phí",
        amount=-(paid_back.amount // 2),
        day=paid_back.day + timedelta(days=30),
    )
    return [*disbursements, refund]


def _told_in_time(day: date) -> date:
    """The day, or a later one where nothing may happen on it."""
    start, last = _DAYS_UNTIL_DIRECTIVE
    return day + timedelta(days=(last - start).days + 1) if start <= day <= last else day
