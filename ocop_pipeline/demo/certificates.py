"""When which decision falls, so that the published figures come out for every seed.

Belongs here: the calendar of certifications and what became of each certificate. Stays out: names, money,
people. Published and met exactly: 28 valid products at the end of 2020 (8 of 4 stars, 20 of 3), 50 new ones
in 2021, 61 in 2022, hence 139 early in 2023; 194 at 24/11/2023; 235 at the end of 2023.

Between 01/11 and 24/11/2023 nothing is decided, only certificates end: a workbook of November is due after
its last day, so a figure for 24/11/2023 rests on what was known at the end of October.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from ocop_pipeline.demo.records import RECOGNISED_STARS, Commune, Product, stars_at
from ocop_pipeline.demo.roster import Recognition, Roster

DIRECTIVE_DAY = date(2023, 11, 24)
END_OF_2023 = date(2023, 12, 31)
PRODUCTS_AT = {DIRECTIVE_DAY: 194, END_OF_2023: 235}
NEW_IN = {2020: 28, 2021: 50, 2022: 61}
FOUR_STARS_OF_2020 = 8

_DAYS = {
    2021: (date(2021, 6, 25), date(2021, 11, 30)),
    2022: (date(2022, 7, 15), date(2022, 11, 18)),
}
_AUTUMN_BATCH, _DIRECTIVE_BATCH, _WINTER_BATCH = date(2020, 9, 15), date(2020, 11, 24), date(2020, 12, 18)
_DAYS_BEFORE_DIRECTIVE = (date(2023, 5, 19), date(2023, 8, 30), date(2023, 9, 29), date(2023, 10, 27))
_DAYS_AFTER_DIRECTIVE = (date(2023, 12, 15),)
_REAL_REASSESSED = date(2023, 10, 27)
_SHARE_OF_FOUR_STARS = 0.22


def choose_communes(rng: Random, communes: tuple[Commune, ...], real: set[str]) -> tuple[list[Commune], list[Commune]]:
    """The communes that take part until autumn 2023, and those that join only in the end.

    Both together stay under the 125 communes of 225 that were reported for the end of 2023. How a district
    does differs from seed to seed; communes of real products always take part.
    """
    districts = sorted({commune.district for commune in communes})
    zeal = {district: rng.uniform(0.55, 1.7) for district in districts}
    order = sorted(communes, key=lambda c: (c.code not in real, -(rng.random() ** (1 / zeal[c.district]))))
    early = rng.randint(112, 118)
    return order[:early], order[early : early + rng.randint(4, 6)]


def certify(roster: Roster, real: tuple[Recognition, ...], early: list[Commune], late: list[Commune]) -> None:
    """Fill the roster with products and their decisions from 2020 to 2023, and with some only registered."""
    batches = _year_2020(roster, [r for r in real if r.year == _AUTUMN_BATCH.year], early)
    for year, days in _DAYS.items():
        new = _new_products(roster, [r for r in real if r.year == year], NEW_IN[year], early, days)
    _special_cases_of_2022(roster, new, early)
    _certificates_of_2020_in_2023(roster, *batches)
    _changes_in_2023(roster)
    for _ in range(14):
        day = date(2021, 3, 1) + timedelta(days=roster.rng.randrange(960))
        roster.register(roster.invent(roster.rng.choice(early + late), day), day)
    of_2023 = [r for r in real if r.year == DIRECTIVE_DAY.year]
    missing = PRODUCTS_AT[DIRECTIVE_DAY] - len(roster.recognised_at(DIRECTIVE_DAY))
    _new_products(roster, of_2023, missing, early, _DAYS_BEFORE_DIRECTIVE, registered=True)
    missing = PRODUCTS_AT[END_OF_2023] - len(roster.recognised_at(END_OF_2023))
    _new_products(roster, [], missing, early + late, _DAYS_AFTER_DIRECTIVE, registered=True)


def register_newcomers(roster: Roster) -> None:
    """Producers that nobody knew before the directive's day register a product in the weeks behind it.

    Each does so in a commune that takes part already, so that no published figure moves.
    """
    communes = sorted({product.commune for product in roster.products}, key=lambda commune: commune.code)
    for commune in roster.rng.sample(communes, roster.rng.randint(3, 6)):
        day = DIRECTIVE_DAY + timedelta(days=roster.rng.randint(1, 30))
        roster.register(roster.invent(commune, day, is_newcomer=True), day)


def _new_products(
    roster: Roster,
    real: list[Recognition],
    count: int,
    places: list[Commune],
    days: Sequence[date],
    *,
    registered: bool = False,
) -> list[Product]:
    """Certify `count` new products, the real ones first; `registered` ones entered the programme months before."""
    rng, new = roster.rng, []
    for number in range(count):
        day = rng.choice(days)
        first_day = day - timedelta(days=rng.randint(60, 120)) if registered else day
        stars = "4" if rng.random() < _SHARE_OF_FOUR_STARS else "3"
        if number < len(real):
            stars = real[number].stars
            product = roster.adopt(real[number], first_day)
        else:
            product = roster.invent(rng.choice(places), first_day)
        if registered:
            roster.register(product, first_day)
        roster.decide(product, "new", day, stars)
        new.append(product)
    return new


def _year_2020(
    roster: Roster, real: list[Recognition], places: list[Commune]
) -> tuple[list[Product], list[Product], list[Product]]:
    """The invented products of each of the three batches of 2020; real ones lie in the last."""
    rng = roster.rng
    fours = FOUR_STARS_OF_2020 - sum(row.stars == "4" for row in real)
    stars = ["4"] * fours + ["3"] * (NEW_IN[2020] - len(real) - fours)
    rng.shuffle(stars)
    autumn, directive = rng.randint(7, 9), rng.randint(5, 7)
    days = [_AUTUMN_BATCH] * autumn + [_DIRECTIVE_BATCH] * directive
    days += [_WINTER_BATCH] * (len(stars) - len(days))
    for row in real:
        roster.decide(roster.adopt(row, _WINTER_BATCH), "new", _WINTER_BATCH, row.stars)
    batches: dict[date, list[Product]] = {_AUTUMN_BATCH: [], _DIRECTIVE_BATCH: [], _WINTER_BATCH: []}
    for day, rating in zip(days, stars, strict=True):
        product = roster.invent(rng.choice(places), day)
        roster.decide(product, "new", day, rating)
        batches[day].append(product)
    return batches[_AUTUMN_BATCH], batches[_DIRECTIVE_BATCH], batches[_WINTER_BATCH]


def _special_cases_of_2022(roster: Roster, new: list[Product], places: list[Commune]) -> None:
    """One certificate states an earlier end; two products got 2 stars only and never counted."""
    early_end = next(product for product in new if not product.is_real)
    first = roster.events[early_end.code].pop()
    roster.decide(early_end, first.kind, first.day, first.stars, expiry=date(2023, 10, 31))
    for _ in range(2):
        day = _DAYS[2022][1]
        roster.decide(roster.invent(roster.rng.choice(places), day), "new", day, "2")


def _certificates_of_2020_in_2023(
    roster: Roster, autumn: list[Product], directive: list[Product], winter: list[Product]
) -> None:
    """Of the certificates of 2020 some are renewed in time, one goes down to 2 stars, the others end.

    Those of 24/11/2020 that nobody renews are no longer valid on 24/11/2023. Every real product is
    re-assessed, so that no real name loses its certificate in an invented story.
    """
    for product in [p for p in roster.products if p.is_real and p.code.endswith("2020")]:
        roster.decide(product, "reassess", _REAL_REASSESSED, stars_at(roster.events[product.code], _REAL_REASSESSED))
    in_summer = date(2023, 8, 25)
    for product in autumn[:2]:
        roster.decide(product, "reassess", in_summer, roster.events[product.code][-1].stars)
    roster.decide(autumn[2], "reassess", in_summer, "2")
    for product in directive[:2]:
        roster.decide(product, "reassess", _REAL_REASSESSED, roster.events[product.code][-1].stars)
    for product in winter[: len(winter) // 2]:
        roster.decide(product, "reassess", date(2023, 12, 8), roster.events[product.code][-1].stars)


def _changes_in_2023(roster: Roster) -> None:
    """Upgrades of certificates of 2021, and one revocation, where another product of the commune remains."""
    of_2021 = [p for p in roster.products if not p.is_real and p.code.endswith("2021")]
    three = [p for p in of_2021 if roster.events[p.code][-1].stars == "3"]
    four = [p for p in of_2021 if roster.events[p.code][-1].stars == "4"]
    for product in three[:3]:
        roster.decide(product, "upgrade", date(2023, 9, 29), "4")
    for product in four[:1]:
        roster.decide(product, "upgrade", date(2023, 10, 27), "potential_5")
    revoked = next(p for p in three[3:] if _has_neighbour(roster, p))
    roster.decide(revoked, "revoke", date(2023, 6, 20), None)


def _has_neighbour(roster: Roster, product: Product) -> bool:
    """Whether another product of the commune holds a certificate throughout 2023."""
    days = (date(2022, 12, 31), END_OF_2023)
    return any(
        other.code != product.code
        and other.commune == product.commune
        and all(stars_at(roster.events[other.code], day) in RECOGNISED_STARS for day in days)
        for other in roster.products
    )
