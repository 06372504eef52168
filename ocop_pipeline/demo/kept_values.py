"""Monthly values from before a certificate: what a few districts had kept, and sent in afterwards.

Belongs here: revenues and prices before November 2022 of products first recognised in summer 2022, so that
the growth of value after certification can be measured. Stays out: later months (`flows`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from ocop_pipeline.demo.flows import SEASON
from ocop_pipeline.demo.months import FIRST_KEPT_MONTH, FIRST_VALUE_MONTH, add_months, month_start, months
from ocop_pipeline.demo.records import RECOGNISED_STARS, Event, Product, Value

_DISTRICTS = 4
_WINDOW = 12
_GROWTH_OF_ALL = (0.118, 0.132)
"""The mean that growth is shifted to: inside the band of 10 to 15 % that the directive asks for."""
_GROWTH_OF_ONE = (-0.12, 0.5, -0.02)
"""Lowest, highest and most frequent before the shift: a few grow much, so mean and median differ."""


def invent_kept_values(rng: Random, values: Sequence[Value], events: Sequence[Event], valid: set[str]) -> list[Value]:
    """Values from July 2021 to October 2022 in the four districts with most products of that summer.

    `values` are the later months, `valid` the codes valid on the directive's day. Three products are special:
    one lacks a month, one sold nothing before its certificate, one lacks a price; the first two cannot be
    measured at all.
    """
    first = _first_recognised(events)
    later: dict[str, dict[date, int]] = defaultdict(dict)
    for value in values:
        later[value.product.code][value.month] = value.revenue
    chosen = _chosen(first)
    complete = [p for p in chosen if p.code in valid and _after(first[p], later[p.code]) is not None]
    gap, unsold, *counted = rng.sample(complete, len(complete))
    growth = _growth(rng, chosen, counted)
    kept = []
    for product in chosen:
        of_product = _kept(rng, product, first[product], later[product.code], growth[product.code])
        if product == gap:
            del of_product[rng.randrange(_WINDOW)]
        if product == unsold:
            start = month_start(first[product])
            of_product = [Value(product, v.month, 0, 0, 0) if v.month < start else v for v in of_product]
        if product == counted[0]:
            v = of_product[3]
            of_product[3] = Value(product, v.month, v.revenue, v.online, v.quantity)
        kept += of_product
    return kept


def _first_recognised(events: Sequence[Event]) -> dict[Product, date]:
    """Products whose first decision of 3 stars or more fell into the months that were kept, and its day."""
    first: dict[Product, date] = {}
    for event in sorted(events, key=lambda event: event.day):
        if event.kind != "register" and event.stars in RECOGNISED_STARS:
            first.setdefault(event.product, event.day)
    return {p: day for p, day in first.items() if add_months(FIRST_KEPT_MONTH, _WINDOW) <= day < FIRST_VALUE_MONTH}


def _chosen(first: Mapping[Product, date]) -> list[Product]:
    """The products of the four districts that have most of them."""
    of_district: dict[str, list[Product]] = defaultdict(list)
    for product in first:
        of_district[product.commune.district].append(product)
    most = sorted(of_district, key=lambda district: (-len(of_district[district]), district))[:_DISTRICTS]
    return [product for district in most for product in of_district[district]]


def _after(first_day: date, later: Mapping[date, int]) -> dict[date, int] | None:
    """The later months that lie in the twelve after the certificate; None when one was not reported."""
    window = months(FIRST_VALUE_MONTH, add_months(month_start(first_day), _WINDOW))
    return {month: later[month] for month in window} if all(month in later for month in window) else None


def _growth(rng: Random, products: Sequence[Product], counted: Sequence[Product]) -> dict[str, float]:
    """Of every product by code; the mean of the counted ones lies where it should."""
    growth = {product.code: rng.triangular(*_GROWTH_OF_ONE) for product in products}
    shift = rng.uniform(*_GROWTH_OF_ALL) - sum(growth[p.code] for p in counted) / len(counted)
    return {code: share + shift for code, share in growth.items()}


def _kept(rng: Random, product: Product, first_day: date, later: Mapping[date, int], growth: float) -> list[Value]:
    """The product's kept months: the size of later ones, and before the certificate less by its growth."""
    month_of_first = month_start(first_day)
    level = sum(later.values()) / sum(SEASON[month.month - 1] for month in later)
    raw = {
        month: level * SEASON[month.month - 1] * rng.uniform(0.85, 1.15)
        for month in months(FIRST_KEPT_MONTH, add_months(FIRST_VALUE_MONTH, -1))
    }
    last_month = add_months(month_of_first, _WINDOW)
    after = sum(amount for month, amount in {**raw, **later}.items() if month_of_first < month <= last_month)
    before = sum(amount for month, amount in raw.items() if month < month_of_first)
    old_price = round(product.price / rng.uniform(1.02, 1.12) / 100) * 100
    kept = []
    for month, amount in raw.items():
        is_before = month < month_of_first
        scale, price = (after / before / (1 + growth), old_price) if is_before else (1, product.price)
        revenue = round(amount * scale / 1000) * 1000
        online = round(revenue * rng.uniform(0, 0.05) / 1000) * 1000
        kept.append(Value(product, month, revenue, online, max(1, revenue // price), price))
    return kept
