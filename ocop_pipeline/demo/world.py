"""A whole simulated province from one number.

Belongs here: the order in which the parts are invented. Each part draws from its own stream of random
numbers, so that a change to one leaves the others as they were. Stays out: files and figures.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

from ocop_pipeline.demo import certificates, disagreements, flows, kept_values, shops
from ocop_pipeline.demo.records import Correction, Value, World
from ocop_pipeline.demo.roster import Roster, load_communes, load_recognitions
from ocop_pipeline.errors import OcopError


class ForeignSeedsError(OcopError):
    """The units are those of a province that the demo does not know."""


def invent(seed: int, seeds_dir: Path) -> World:
    """The province of that seed, among the communes of the seed `units`; a ForeignSeedsError where they are others."""
    communes = load_communes(seeds_dir)
    districts = tuple(sorted({commune.district for commune in communes}))
    real = load_recognitions()
    if not {row.commune_code for row in real} <= {commune.code for commune in communes}:
        message = (
            f"the demo simulates Phú Thọ, but {seeds_dir} describes another province; use `ocop run` with its files"
        )
        raise ForeignSeedsError(message)
    roster = Roster(_stream(seed, "certificates"), {commune.code: commune for commune in communes})
    early, late = certificates.choose_communes(roster.rng, communes, {row.commune_code for row in real})
    certificates.certify(roster, real, early, late)
    # What is drawn among the producers and products stays as it is, however many newcomers there are.
    entities = tuple(roster.entities)
    certified = [p for p in roster.products if any(e.kind != "register" for e in roster.events[p.code])]
    valid = roster.recognised_at(certificates.DIRECTIVE_DAY)
    producers = {product.entity.code for product in valid if product.entity}
    roster.rng = _stream(seed, "newcomers")
    certificates.register_newcomers(roster)
    events = [event for of_product in roster.events.values() for event in of_product]
    codes = {product.code for product in valid}
    values = flows.invent_values(_stream(seed, "values"), certified, events, codes)
    kept = kept_values.invent_kept_values(_stream(seed, "kept values"), values, events, codes)
    listings = shops.invent_listings(_stream(seed, "listings"), disagreements.on_offer(certified, events, values))
    orders = shops.invent_orders(_stream(seed, "orders"), listings)
    of_kept = {value.product.code for value in kept}
    told, differing = disagreements.plant_values(_stream(seed, "disagreements"), (*kept, *values), of_kept, orders)
    labour = flows.invent_labour(_stream(seed, "labour"), entities, producers)
    labour, differing_labour = disagreements.plant_labour(_stream(seed, "labour disagreements"), labour)
    misstated, differing_workers = disagreements.plant_workers(_stream(seed, "workers"), labour)
    return World(
        seed=seed,
        districts=districts,
        communes=communes,
        entities=tuple(roster.entities),
        products=tuple(roster.products),
        events=tuple(sorted(events, key=lambda event: (event.day, event.product.code, event.kind))),
        points=tuple(flows.invent_points(_stream(seed, "points"), districts, communes)),
        values=tuple(told),
        labour=tuple(labour),
        misstated=tuple(misstated),
        listings=tuple(listings),
        orders=tuple(orders),
        linkages=tuple(flows.invent_linkages(_stream(seed, "linkages"), certified)),
        promotions=tuple(flows.invent_promotions(_stream(seed, "promotions"), districts)),
        disbursements=tuple(flows.invent_disbursements(_stream(seed, "support"), entities, districts)),
        correction=_correction(_stream(seed, "correction"), values),
        planted=(*differing, *differing_labour, *differing_workers),
    )


def _correction(rng: Random, values: Sequence[Value]) -> Correction:
    """A district that has revenues to get wrong in May 2023."""
    month = date(2023, 5, 1)
    return Correction(rng.choice(sorted({v.product.commune.district for v in values if v.month == month})), month)


def _stream(seed: int, part: str) -> Random:
    return Random(f"{seed}/{part}")  # noqa: S311 - invented data, nothing secret
