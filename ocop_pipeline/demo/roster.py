"""Who and what takes part: communes, producers, products and the events in a product's life.

Belongs here: the growing list of them while a world is invented. Stays out: when which decision falls
(`certificates`), money and people (`flows`).
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from ocop_pipeline.demo.names import BRANDS, ENTITY_KINDS, ENTITY_PREFIX, QUALITIES, TRADES, Trade
from ocop_pipeline.demo.records import RECOGNISED_STARS, Commune, Entity, Event, Product, stars_at

RECOGNISED_PRODUCTS = Path(__file__).with_name("recognised_products.csv")
DISTRICTS_DECIDE_FROM = date(2023, 2, 24)
"""Decision 148/QĐ-TTg: from this day districts certify 3 stars, the province 4, the ministry 5."""
_SHARE_OF_SECOND_PRODUCTS = 0.45
_SCORES = {"2": (60, 99), "3": (100, 139), "4": (140, 179), "potential_5": (180, 190), "5": (180, 195)}
"""Half points between which a rating's score lies."""


@dataclass(frozen=True)
class Recognition:
    """A real product as publicly reported, with its source; figures about it are simulated like all others."""

    product: str
    group: str
    entity: str
    entity_kind: str
    commune_code: str
    stars: str
    year: int


def load_communes(seeds_dir: Path) -> tuple[Commune, ...]:
    """The 225 communes of the 13 districts in force before 2025, from the seed `units`."""
    with (seeds_dir / "units.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Commune(row["unit_code"], row["unit_name"], row["parent_code"])
            for row in csv.DictReader(lines)
            if row["unit_kind"] == "commune" and row["valid_from"] == "2020-03-01" and row["territory_code"]
        )


def load_recognitions() -> tuple[Recognition, ...]:
    """First recognitions of 2020 to 2023 whose commune and stars were reported."""
    with RECOGNISED_PRODUCTS.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Recognition(
                row["product_name"],
                row["product_group"],
                row["entity_name"],
                row["entity_type"],
                row["commune_code"],
                row["stars"],
                int(row["year"]),
            )
            for row in csv.DictReader(lines)
        )


@dataclass
class Roster:
    """The province while it is being invented."""

    rng: Random
    communes: dict[str, Commune]
    products: list[Product] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    """By product code, in the order in which they were decided on."""
    _names: set[str] = field(default_factory=set)
    _sequence: Counter[str] = field(default_factory=Counter)

    def recognised_at(self, day: date) -> list[Product]:
        """The products whose certificate of 3 stars or more is valid on that day."""
        return [p for p in self.products if stars_at(self.events[p.code], day) in RECOGNISED_STARS]

    def adopt(self, real: Recognition, first_day: date) -> Product:
        """A real product whose first event falls on that day."""
        commune = self.communes[real.commune_code]
        known = [e for e in self.entities if e.name == real.entity and e.commune == commune]
        entity = known[0] if known else None
        if entity is None and real.entity:
            entity = self._add_entity(real.entity, real.entity_kind, commune, first_day)
        same = [t for t in TRADES if real.product.casefold().startswith(t.name.split()[0].casefold())]
        price, unit = (same[0].price, same[0].unit) if same else (120_000, "hộp")
        code = self._code(commune, first_day.year)
        return self._add(Product(code, real.product, real.group, entity, commune, unit, price, is_real=True))

    def invent(self, commune: Commune, first_day: date, *, is_newcomer: bool = False) -> Product:
        """An invented product of that commune, of a producer already there or of a new one (always, if wanted)."""
        trade = self.rng.choice(TRADES)
        name = self._new_name(trade, commune)
        mine = [p.entity for p in self.products if p.commune == commune and p.entity and not p.is_real]
        known = [entity for entity in mine if entity.joined < first_day]
        if known and not is_newcomer and self.rng.random() < _SHARE_OF_SECOND_PRODUCTS:
            entity = self.rng.choice(known)
        else:
            kind = self.rng.choices(list(ENTITY_KINDS), list(ENTITY_KINDS.values()))[0]
            entity = self._add_entity(self._entity_name(kind, trade, commune), kind, commune, first_day)
        code = self._code(commune, first_day.year)
        price = round(trade.price * self.rng.uniform(0.85, 1.3) / 1000) * 1000
        return self._add(Product(code, name, trade.group, entity, commune, trade.unit, price, is_real=False))

    def register(self, product: Product, day: date) -> None:
        """The product enters the programme, without a certificate."""
        self.events[product.code].append(Event(product, "register", day))

    def decide(self, product: Product, kind: str, day: date, stars: str | None, expiry: date | None = None) -> None:
        """A decision on the product; one in two states its ordinary end, all state an earlier one."""
        score = self.rng.randint(*_SCORES[stars]) / 2 if stars else None
        event = Event(product, kind, day, stars, score, _decision_number(product, day, stars), expiry)
        if expiry is None and stars and self.rng.random() < 1 / 2:
            event = Event(product, kind, day, stars, score, event.decision, event.end)
        self.events[product.code].append(event)

    def _add(self, product: Product) -> Product:
        self.products.append(product)
        self._names.add(product.name.casefold())
        return product

    def _code(self, commune: Commune, year: int) -> str:
        self._sequence[commune.code] += 1
        return f"25-{commune.district}-{commune.code}-{self._sequence[commune.code]:02d}-{year}"

    def _new_name(self, trade: Trade, commune: Commune) -> str:
        """A name that no other product has; what tells two apart is a quality, then a brand."""
        for brand in BRANDS:
            for quality in self.rng.sample(QUALITIES, len(QUALITIES)):
                name = f"{trade.name}{quality} {commune.place}{brand}"
                if name.casefold() not in self._names:
                    return name
        message = f"no name left for {trade.name} in {commune.name}"
        raise ValueError(message)

    def _entity_name(self, kind: str, trade: Trade, commune: Commune) -> str:
        name = f"{ENTITY_PREFIX[kind]} {trade.trade} {commune.place}"
        same = sum(1 for e in self.entities if e.name.startswith(name) and e.commune == commune)
        return f"{name} số {same + 1}" if same else name

    def _add_entity(self, name: str, kind: str, commune: Commune, first_day: date) -> Entity:
        taken = {entity.code for entity in self.entities}
        code = f"26{self.rng.randrange(10**8):08d}"
        while code in taken:
            code = f"26{self.rng.randrange(10**8):08d}"
        joined = first_day - timedelta(days=self.rng.randint(60, 200))
        is_woman_led = self.rng.random() < 2 / 5
        entity = Entity(code, name, kind, commune, joined, is_woman_led, self.rng.uniform(0.4, 2.2))
        self.entities.append(entity)
        return entity


def _decision_number(product: Product, day: date, stars: str | None) -> str:
    """A number that says it is simulated (MP = mô phỏng), by the authority that decided on that day."""
    if stars == "5":
        return f"MP{day:%y%m}/QĐ-BNN"
    by_district = day >= DISTRICTS_DECIDE_FROM and stars in (None, "2", "3")
    return f"MP{day:%y%m}-{product.commune.district if by_district else '25'}/QĐ-UBND"
