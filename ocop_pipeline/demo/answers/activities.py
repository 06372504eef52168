"""What was done for the products in the year: trade promotion and support.

Belongs here: the KPIs that start again with each calendar year. Stays out: what came of it.
"""

from collections.abc import Iterator

from ocop_pipeline.demo.answers.figure import PROVINCE, Figure, Measure, Part, units
from ocop_pipeline.demo.answers.moment import Moment
from ocop_pipeline.demo.records import Promotion

FUNDING_SOURCES = {
    "Ngân sách trung ương": "central_budget",
    "Ngân sách tỉnh": "province_budget",
    "Ngân sách huyện": "district_budget",
    "Lồng ghép": "merged_programme",
    "Xã hội hóa": "private",
}


def figures(moment: Moment) -> Iterator[Figure]:
    """All figures about promotion and support at that moment."""
    attended = [promotion for promotion in moment.world.promotions if moment.is_this_year(promotion.start)]
    is_known = any(promotion.start <= moment.day for promotion in moment.world.promotions)
    yield from _events(moment, attended, is_known=is_known)
    parts = {
        "products_shown": [promotion.products for promotion in attended],
        "sales": [promotion.sales for promotion in attended],
        "contracts": [promotion.contracts for promotion in attended],
    }
    for variant, numbers in parts.items():
        own = [Part(promotion.district, number) for promotion, number in zip(attended, numbers, strict=True)]
        yield from Measure("trade_promotion_events", variant).figures(moment, own)
    is_paid = any(payment.day <= moment.day for payment in moment.world.disbursements)
    funding = Measure("support_funding", is_zero_without_parts=is_paid)
    yield from funding.figures(moment, _payments(moment))


def _events(moment: Moment, attended: list[Promotion], *, is_known: bool) -> Iterator[Figure]:
    """Events by their code: one of several districts is one of each, and one of the province."""
    for unit in units(moment.world):
        codes = {promotion.code for promotion in attended if unit in (PROVINCE, promotion.district)}
        number = len(codes) if is_known else None
        yield Figure("trade_promotion_events", f"{moment.day}", unit, number, number)


def _payments(moment: Moment) -> Iterator[Part]:
    """Payments and refunds, for the district of the producer or else of the office that reports."""
    homes = {entity.code: entity.commune.district for entity in moment.world.entities}
    for payment in moment.world.disbursements:
        if moment.is_this_year(payment.day):
            district = homes.get(payment.entity_code, payment.district)
            yield Part(district, payment.amount, members={"funding_source": FUNDING_SOURCES[payment.source]})
