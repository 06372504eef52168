"""What the products are worth, and how much more after their certificate than before.

Belongs here: the KPIs over monthly values. Stays out: single orders.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import TypeAlias

from ocop_pipeline.demo.answers.figure import PROVINCE, UNKNOWN, Figure, Measure, Part, units
from ocop_pipeline.demo.answers.moment import Moment
from ocop_pipeline.demo.months import add_months, month_start, months
from ocop_pipeline.demo.records import RECOGNISED_STARS, Event, Product, Value, stars_at

FEWEST_PRODUCTS = 5
"""A mean over fewer is no measurement."""
_YEAR = 12

Windows: TypeAlias = tuple[int, int]
"""What a product came to in the twelve months before and in the twelve after."""


def figures(moment: Moment) -> Iterator[Figure]:
    """All figures about values at that moment."""
    in_window = [value for value in moment.world.values if moment.is_in_window(value.month)]
    of_valid = [_revenue(value) for value in in_window if value.product.code in moment.valid]
    yield from Measure("product_value").figures(moment, of_valid)
    while_valid = [
        _revenue(value)
        for value in in_window
        if stars_at(moment.events.get(value.product.code, []), _last_day(value.month))
    ]
    yield from Measure("product_value", "while_valid").figures(moment, while_valid)
    reported = {(value.product.code, value.month) for value in in_window}
    yield from Measure("product_value", "months_reported", is_ratio=True).figures(moment, _months(moment, reported))
    yield from _growth(moment)


def _revenue(value: Value) -> Part:
    members = {"product_group": value.product.group or UNKNOWN}
    return Part(value.product.commune.district, value.revenue, members=members)


def _last_day(month: date) -> date:
    return add_months(month, 1) - timedelta(days=1)


def _months(moment: Moment, reported: set[tuple[str, date]]) -> Iterator[Part]:
    """Of each valid product the months of the window from its first decision on, and those reported."""
    start, end = moment.window
    for product in moment.valid_products:
        first = min(event.day for event in moment.events[product.code] if event.kind != "register")
        expected = [month for month in months(start, add_months(end, -1)) if month >= month_start(first)]
        if expected:
            told = sum((product.code, month) in reported for month in expected)
            yield Part(product.commune.district, told, len(expected), {"product_group": product.group or UNKNOWN})


def _growth(moment: Moment) -> Iterator[Figure]:
    """The mean over products, what stands beside it, and nothing where there are fewer than five of them."""
    by_revenue = _compared(moment, lambda value: value.revenue)
    yield from _mean(moment, "", by_revenue)
    yield from _mean(moment, "price", _compared(moment, lambda value: value.price))
    for unit in units(moment.world):
        of_unit = [w for product, w in by_revenue.items() if unit in (PROVINCE, product.commune.district)]
        is_measured = len(of_unit) >= FEWEST_PRODUCTS
        middle = float(median(map(_share, of_unit))) if is_measured else None
        yield Figure("value_growth", f"{moment.day}", unit, middle, middle, variant="median")
        more = sum(after - before for before, after in of_unit) if of_unit else None
        before = sum(before for before, _ in of_unit) if of_unit else None
        share = float(Fraction(more or 0) / before) if is_measured and before else None
        yield Figure("value_growth", f"{moment.day}", unit, share, more, before, "sum_over_sum")


def _mean(moment: Moment, variant: str, compared: Mapping[Product, Windows]) -> Iterator[Figure]:
    parts = [Part(product.commune.district, _share(windows), 1) for product, windows in compared.items()]
    yield from Measure("value_growth", variant, is_ratio=True, least=FEWEST_PRODUCTS).figures(moment, parts)


def _share(windows: Windows) -> Fraction:
    before, after = windows
    return Fraction(after, before) - 1


def _compared(moment: Moment, what: Callable[[Value], int | None]) -> dict[Product, Windows]:
    """The valid products whose 24 months are all told and ended by the day, with anything before."""
    told: dict[Product, dict[date, int]] = {}
    for value in moment.world.values:
        number = what(value)
        if number is not None:
            told.setdefault(value.product, {})[value.month] = number
    compared = {}
    for product in moment.valid_products:
        first = _first_recognised(moment.events[product.code])
        if first is None or moment.day < _last_day(add_months(first, _YEAR)):
            continue
        windows = _windows(told.get(product, {}), first)
        if windows and windows[0] > 0:
            compared[product] = windows
    return compared


def _first_recognised(events: list[Event]) -> date | None:
    """Month of the first decision of 3 stars or more."""
    days = [event.day for event in events if event.kind != "register" and event.stars in RECOGNISED_STARS]
    return month_start(min(days)) if days else None


def _windows(told: Mapping[date, int], month: date) -> Windows | None:
    """Sums over the twelve months before `month` and the twelve after; None when one of them is missing."""
    before = months(add_months(month, -_YEAR), add_months(month, -1))
    after = months(add_months(month, 1), add_months(month, _YEAR))
    if not all(one in told for one in (*before, *after)):
        return None
    return sum(told[one] for one in before), sum(told[one] for one in after)
