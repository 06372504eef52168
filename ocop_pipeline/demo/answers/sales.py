"""Online sales, as the shops' last exports know them.

Belongs here: the KPI over order lines. Stays out: revenue that producers report (`values`), except as what
online sales are a share of.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from ocop_pipeline.demo.answers.figure import Figure, Measure, Part
from ocop_pipeline.demo.answers.moment import Moment
from ocop_pipeline.demo.months import LAST_MONTH, add_months
from ocop_pipeline.demo.records import OrderLine, Product, stars_at
from ocop_pipeline.demo.shops import RETURNED, SOLD_STATUSES

EXPORTS_MADE = add_months(LAST_MONTH, 1)
"""Day on which the last exports of the shops were made."""


def figures(moment: Moment) -> Iterator[Figure]:
    """All figures about online sales at that moment."""
    by_variant: dict[str, list[Part]] = {"": [], "outside_validity": [], "uncertified_days": [], "unmapped": []}
    sold: dict[Product, int] = defaultdict(int)
    for ordered, line, net in _sold_lines(moment):
        product = line.listing.product
        variant = "unmapped" if product is None else "" if product.code in moment.valid else "outside_validity"
        district = product.commune.district if product else None
        part = Part(district, net, members={"marketplace": line.listing.marketplace})
        by_variant[variant].append(part)
        if product and not variant:
            sold[product] += net
        if product and not stars_at(moment.events.get(product.code, []), ordered):
            by_variant["uncertified_days"].append(part)
    for variant, parts in by_variant.items():
        yield from Measure("online_sales", variant).figures(moment, parts)
    products_sold = [Part(product.commune.district, 1) for product, net in sold.items() if net > 0]
    yield from Measure("online_sales", "products_sold").figures(moment, products_sold)
    shares = [Part(part.district, part.numerator) for part in by_variant[""]]
    shares += [
        Part(value.product.commune.district, None, value.revenue)
        for value in moment.world.values
        if value.product.code in moment.valid and moment.is_in_window(value.month)
    ]
    yield from Measure("online_sales", "share_of_product_value", is_ratio=True).figures(moment, shares)


def _sold_lines(moment: Moment) -> Iterator[tuple[date, OrderLine, int]]:
    """Lines ordered in the window and delivered, with their day and net value; 0 where all of it came back."""
    for order in moment.world.orders:
        ordered: date = order.ordered.date()
        status = order.status_at(EXPORTS_MADE)
        if moment.is_in_window(ordered) and status in SOLD_STATUSES | {RETURNED}:
            for line in order.lines:
                yield ordered, line, 0 if status == RETURNED else line.net
