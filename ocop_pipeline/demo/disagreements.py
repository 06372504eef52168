"""What the sources of the simulated province say differently, on purpose.

Belongs here: making the rest agree, and the few places where it does not. Stays out: finding them (`answers`), and
files.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import TypeAlias

from ocop_pipeline.demo.months import FIRST_VALUE_MONTH, LAST_MONTH, add_months
from ocop_pipeline.demo.records import Entity, Event, LabourReport, Misstatement, Order, Planted, Product, Value
from ocop_pipeline.demo.shops import SOLD_STATUSES

EXPORTS_MADE = add_months(LAST_MONTH, 1)
"""Day on which the last exports of the shops were made."""
_JUMP_MONTH = date(2023, 11, 1)
"""A year before it every district reported; what is told for the month after it is told for January 2024 too."""
_SOLD_ENOUGH = 3_000_000
_SMALL, _LARGE = (12_000_000, 60_000_000), (150_000_000, 900_000_000)
_JUMP = 8
_FEWEST_SOLD = 100
_SLIPPED_MONTH, _UNIT_SLIP, _MONTHS_BEFORE = date(2023, 5, 1), 1000, 4
_SLIPPED_QUARTER, _UNEVEN_QUARTER = "2023-Q2", "2023-Q1"
_SLIP, _LOW_INCOME, _FEWEST_INCOMES, _SMALLEST = 6, 5500, 4, 5
_MISSTATED_QUARTERS = {"2023-Q2": date(2023, 6, 1), "2023-Q3": date(2023, 9, 1)}

_LATE_TONE = re.compile("(o(?=[ae])|(?<!q)u(?=y))([aey])([\u0300\u0301\u0303\u0309\u0323])(?![a-z])")
"""hoá is hóa, thuỷ is thủy: a name is the same wherever its tone mark sits."""

Place: TypeAlias = tuple[str, date]
"""Code of a product, and first day of a month."""


def sold_online(orders: Sequence[Order]) -> dict[Place, int]:
    """What the shops' last exports say was sold of each product in each month, VND."""
    sold: dict[Place, int] = defaultdict(int)
    for order in orders:
        if order.status_at(EXPORTS_MADE) in SOLD_STATUSES:
            for line in order.lines:
                if line.listing.product:
                    sold[line.listing.product.code, order.ordered.date().replace(day=1)] += line.net
    return dict(sold)


def on_offer(products: Sequence[Product], events: Sequence[Event], values: Sequence[Value]) -> list[Product]:
    """The products that shops list: certified before the first orders; what ends later they go on selling.

    Dear ones of which hardly any are sold are left out: by chance more of them could be ordered than sold in all.
    """
    early = {e.product.code for e in events if e.kind != "register" and e.day < FIRST_VALUE_MONTH}
    few = {v.product.code for v in values if v.revenue < _FEWEST_SOLD * v.product.price}
    return [product for product in products if product.code in early - few]


def plant_values(
    rng: Random, values: Sequence[Value], kept: Collection[str], orders: Sequence[Order]
) -> tuple[list[Value], list[Planted]]:
    """The values with online revenues as the orders have them, but for a few; and where those are.

    `kept` are products whose values are known from before November 2022: those are left alone.
    """
    sold = sold_online(orders)
    told = {(v.product.code, v.month): _declared(v, sold) for v in values}
    planted: list[Planted] = []
    listed = {code for code, _ in sold}
    free = [p for p, v in told.items() if p[0] not in kept and date(2023, 2, 1) <= v.month <= date(2023, 10, 1)]
    # Of each product one month, so that no two of them meet.
    well_sold = {p[0]: p for p in sorted(free) if sold.get(p, 0) >= _SOLD_ENOUGH and told[p].revenue > 4 * sold[p]}
    threefold, silent, small = rng.sample(sorted(well_sold.values()), 3)
    told[threefold] = replace(told[threefold], online=3 * sold[threefold])
    told[silent] = replace(told[silent], online=0)
    told[small] = replace(told[small], revenue=sold[small] // 2, online=None)
    planted += [Planted("declared_online_sales", *place) for place in (threefold, silent)]
    planted.append(Planted("online_share_above_one", *small))
    for (low, high), factor in ((_SMALL, _JUMP), (_LARGE, 1 / _JUMP)):
        place = rng.choice(_jumping(told, low, high, listed | set(kept)))
        value = told[place]
        told[place] = replace(value, revenue=round(value.revenue * factor / 1000) * 1000)
        planted.append(Planted("revenue_jump", *place))
    place = rng.choice([p for p in free if p[0] not in listed and p[1] == _SLIPPED_MONTH and _often(told, *p)])
    told[place] = replace(told[place], revenue=told[place].revenue // _UNIT_SLIP, online=None)
    planted.append(Planted("revenue_unit_slip", *place))
    return list(told.values()), planted


def _often(told: Mapping[Place, Value], code: str, month: date) -> bool:
    """Whether the product brought enough, also in the months before, for a slip of the unit to be one."""
    months = (add_months(month, -back) for back in range(_MONTHS_BEFORE))
    return all((value := told.get((code, one))) and value.revenue >= _SOLD_ENOUGH for one in months)


def key_of(entity: Entity) -> str:
    """What the figures know it by: a household business by district and name, any other by its code."""
    if entity.kind != "Hộ kinh doanh":
        return entity.code
    name = _LATE_TONE.sub(r"\1\3\2", unicodedata.normalize("NFD", entity.name.lower()))
    return f"{entity.commune.district}/{unicodedata.normalize('NFC', name)}"


def plant_workers(rng: Random, labour: Sequence[LabourReport]) -> tuple[list[Misstatement], list[Planted]]:
    """What two entity sheets, the last of their quarters, say of workers against the labour report."""
    misstated, planted = [], []
    for label, month in _MISSTATED_QUARTERS.items():
        report = rng.choice([r for r in labour if r.label == label])
        misstated.append(Misstatement(report.entity, month, report.regular * 2 + 5))
        planted.append(Planted("workers_disagree", key_of(report.entity), report.start))
    return misstated, planted


def plant_labour(rng: Random, labour: Sequence[LabourReport]) -> tuple[list[LabourReport], list[Planted]]:
    """The reports with an income that is far from its entity's others and its district's, and a total that is none.

    The income is one of few workers, told between others, so that no calibrated figure moves.
    """
    before = {report.entity for report in labour if report.income and report.label < _SLIPPED_QUARTER}
    told = [report for report in labour if report.income and report.label == _SLIPPED_QUARTER]
    incomes = Counter(report.entity.commune.district for report in told)
    low = [
        report
        for report in told
        if report.entity in before
        and (report.income or 0) <= _LOW_INCOME
        and incomes[report.entity.commune.district] >= _FEWEST_INCOMES
    ]
    slipped = rng.choice(sorted(low, key=lambda report: (report.regular, report.entity.code))[:_SMALLEST])
    uneven = rng.choice([report for report in labour if report.label == _UNEVEN_QUARTER])
    changed = {
        slipped: replace(slipped, income=(slipped.income or 0) // _SLIP),
        uneven: replace(uneven, others=2),
    }
    planted = [
        Planted("income_unlike_before", key_of(slipped.entity), slipped.start),
        Planted("income_unlike_unit", key_of(slipped.entity), slipped.start),
        Planted("workers_do_not_add_up", key_of(uneven.entity), uneven.start),
    ]
    return [changed.get(report, report) for report in labour], planted


def _declared(value: Value, sold: Mapping[Place, int]) -> Value:
    """The value with its online revenue rounded to what was sold; what no shop lists is sold by other ways."""
    amount = sold.get((value.product.code, value.month))
    return value if amount is None else replace(value, online=min(value.revenue, round(amount, -3)))


def _jumping(told: Mapping[Place, Value], low: int, high: int, without: Collection[str]) -> list[Place]:
    """Places of that size in the month of the jump, and about as large a year before."""
    before = add_months(_JUMP_MONTH, -12)
    return sorted(
        (code, month)
        for (code, month), value in told.items()
        if month == _JUMP_MONTH and low <= value.revenue <= high and (code, before) in told and code not in without
    )
