"""Certified products, where they come from, who makes them, what links them, and where they are sold.

Belongs here: the KPIs that count products, producers, communes and points. Stays out: money and people.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from ocop_pipeline.demo.answers.figure import UNKNOWN, Figure, Measure, Part
from ocop_pipeline.demo.answers.moment import Moment
from ocop_pipeline.demo.records import RECOGNISED_STARS, Entity, Event

BASELINE = date(2023, 11, 24)
"""Producers that come in after this day are new."""
ENTITY_TYPES = {
    "Hợp tác xã": "cooperative",
    "Hộ kinh doanh": "household_business",
    "Doanh nghiệp": "enterprise",
    "Tổ hợp tác": "cooperative_group",
    "Trang trại": "farm",
}


def figures(moment: Moment) -> Iterator[Figure]:
    """All figures about products at that moment."""
    counted = moment.is_after_first_event
    certified = Measure("certified_products", is_zero_without_parts=counted)
    yield from certified.figures(moment, _certified(moment))
    ever = Measure("certified_products", "ever_recognised", is_zero_without_parts=counted)
    yield from ever.figures(moment, _ever_recognised(moment))
    since_baseline = moment.day >= BASELINE
    for variant, is_first in (("", _is_participation), ("first_certified", _is_recognition)):
        first = _first_days(event for event in moment.world.events if is_first(event))
        new = [entity for entity, day in first.items() if BASELINE < day <= moment.day]
        measure = Measure("new_entities", variant, is_zero_without_parts=since_baseline)
        yield from measure.figures(moment, map(_entity, new))
    yield from Measure("linked_products_share", is_ratio=True).figures(moment, _linked(moment))
    yield from _points(moment)
    for variant in ("", "certified"):
        measure = Measure("participating_communes_share", variant, is_ratio=True)
        yield from measure.figures(moment, _communes(moment, variant) if counted else ())


def _is_participation(event: Event) -> bool:
    return event.kind != "revoke"


def _is_recognition(event: Event) -> bool:
    """Whether the event gives 3 stars or more, or potential 5 stars."""
    return event.kind not in ("revoke", "register") and event.stars in RECOGNISED_STARS


def _certified(moment: Moment) -> Iterator[Part]:
    """Products whose newest decision gives 3 stars or more and is in force."""
    for product in moment.valid_products:
        stars = moment.valid[product.code]
        if stars in RECOGNISED_STARS:
            members = {"star": stars, "product_group": product.group or UNKNOWN, "commune": product.commune.code}
            yield Part(product.commune.district, 1, members=members)


def _ever_recognised(moment: Moment) -> Iterator[Part]:
    """Products that had 3 stars or more at any time; they stay under the rating that they got first."""
    for events in moment.events.values():
        recognitions = [event for event in events if event.day <= moment.day and _is_recognition(event)]
        if recognitions:
            first = min(recognitions, key=lambda event: event.day)
            members = {"star": first.stars or "", "product_group": first.product.group or UNKNOWN}
            yield Part(first.product.commune.district, 1, members=members)


def _first_days(events: Iterable[Event]) -> dict[Entity, date]:
    """Of each producer the day of the earliest of those events."""
    first: dict[Entity, date] = {}
    for event in events:
        if entity := event.product.entity:
            first[entity] = min(event.day, first.get(entity, event.day))
    return first


def _entity(entity: Entity) -> Part:
    return Part(entity.commune.district, 1, members={"entity_type": ENTITY_TYPES[entity.kind]})


def _linked(moment: Moment) -> Iterator[Part]:
    """Valid products; those with any contract in force are linked. Nothing before the first contract."""
    if moment.day < min(linkage.start for linkage in moment.world.linkages):
        return
    linked = {
        linkage.product.code
        for linkage in moment.world.linkages
        if linkage.start <= moment.day and (linkage.end is None or moment.day < linkage.end)
    }
    for product in moment.valid_products:
        yield Part(product.commune.district, int(product.code in linked), 1)


def _points(moment: Moment) -> Iterator[Figure]:
    """Districts with a point open on that day, out of all, and the points; nothing before the first opened."""
    is_known = any(point.opened <= moment.day for point in moment.world.points)
    open_points = [
        point
        for point in moment.world.points
        if point.opened <= moment.day and not (point.stopped and point.stopped <= moment.day)
    ]
    served = {point.commune.district for point in open_points}
    districts = [Part(district, int(district in served), 1) for district in moment.world.districts if is_known]
    yield from Measure("units_with_sales_point").figures(moment, districts)
    points = Measure("units_with_sales_point", "points", is_zero_without_parts=is_known)
    yield from points.figures(moment, (Part(point.commune.district, 1) for point in open_points))


def _communes(moment: Moment, variant: str) -> Iterator[Part]:
    """All communes; those take part that have a product that counts."""
    taking_part = {
        product.commune
        for product in moment.world.products
        if (product.code in moment.valid if variant else _has_taken_part(moment, product.code))
    }
    for commune in moment.world.communes:
        yield Part(commune.district, int(commune in taking_part), 1, {"commune": commune.code})


def _has_taken_part(moment: Moment, code: str) -> bool:
    """A registration or certificate at or before the day that was not withdrawn by then."""
    past = [event for event in moment.events.get(code, ()) if event.day <= moment.day]
    return bool(past) and max(past, key=lambda event: event.day).kind != "revoke"
