"""What the simulated province is made of: frozen records, and the `World` that holds them.

Belongs here: shapes. Stays out: how they are invented, how they are written, what is counted from them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from ocop_pipeline.demo.months import add_months

VALIDITY_MONTHS = 36
"""A certificate is valid for 36 months from the day of its decision."""
RECOGNISED_STARS = frozenset({"3", "4", "5", "potential_5"})
"""Ratings that make a product count: 3 stars or more."""


@dataclass(frozen=True)
class Commune:
    """A commune of the 225 in force from 2020-03 to 2024-12; `district` is its district's code."""

    code: str
    name: str
    district: str

    @property
    def place(self) -> str:
        """The name without the word for its type, as product names use it."""
        for word in ("Xã ", "Phường ", "Thị trấn "):
            if self.name.startswith(word):
                return self.name.removeprefix(word)
        return self.name


@dataclass(frozen=True)
class Entity:
    """A producer. `kind` is the Vietnamese word for its legal form; `weight` its relative size."""

    code: str
    name: str
    kind: str
    commune: Commune
    joined: date
    is_woman_led: bool
    weight: float


@dataclass(frozen=True)
class Product:
    """A product or product group counted as one; `entity` is None where no source names the producer."""

    code: str
    name: str
    group: str
    entity: Entity | None
    commune: Commune
    unit: str
    price: int
    is_real: bool


@dataclass(frozen=True)
class Event:
    """A decision on a product, or its registration; `kind` as contracts store it (new, upgrade ...)."""

    product: Product
    kind: str
    day: date
    stars: str | None = None
    score: float | None = None
    decision: str | None = None
    expiry: date | None = None
    """The end that the decision states; without one it follows from the 36 months."""

    @property
    def end(self) -> date:
        """First day on which the certificate is no longer valid: an earlier stated end wins."""
        ordinary = add_months(self.day, VALIDITY_MONTHS)
        return min(ordinary, self.expiry) if self.expiry else ordinary


@dataclass(frozen=True)
class SalesPoint:
    """A point that introduces and sells products, open in `[opened, stopped)`."""

    code: str
    name: str
    commune: Commune
    opened: date
    stopped: date | None


@dataclass(frozen=True)
class Value:
    """Revenue of a product in a month, what of it is declared as sold online, and its mean selling price, VND.

    None where nobody stated the price, or declared what was sold online.
    """

    product: Product
    month: date
    revenue: int
    online: int | None
    quantity: int
    price: int | None = None


@dataclass(frozen=True)
class LabourReport:
    """An entity's labour in `[start, end)`; `income` is the mean of its regular workers in nghìn đồng, if told.

    `others` are workers of the total that are neither regular nor seasonal.
    """

    entity: Entity
    label: str
    start: date
    end: date
    regular: int
    seasonal: int
    women: int
    local: int
    insured: int
    income: int | None
    others: int = 0

    @property
    def total(self) -> int:
        """All workers, as the report states them."""
        return self.regular + self.seasonal + self.others

    @property
    def lowest_income(self) -> int | None:
        """What the worst paid earns, in nghìn đồng."""
        return None if self.income is None else round(self.income * 0.7)

    @property
    def highest_income(self) -> int | None:
        """What the best paid earns, in nghìn đồng."""
        return None if self.income is None else round(self.income * 1.6)


@dataclass(frozen=True)
class Misstatement:
    """Regular workers that a month's entity sheet states otherwise than the labour report."""

    entity: Entity
    month: date
    workers: int


@dataclass(frozen=True)
class Listing:
    """What a shop's SKU is in `[since, until)`; without a product nobody has mapped it, or to no official code."""

    shop: str
    marketplace: str
    sku: str
    name: str
    product: Product | None
    price: int
    since: date | None = None
    until: date | None = None
    unofficial_code: str | None = None


@dataclass(frozen=True)
class OrderLine:
    """A line of an order as it stands once the order has settled.

    `voucher` is its part of what the seller took off the whole order, `unit_discount` what he took off each unit. What
    is returned takes its part of both with it; of the vouchers here that is a whole number.
    """

    listing: Listing
    variation: str
    quantity: int
    returned: int
    price: int
    voucher: int
    unit_discount: int = 0

    @property
    def net(self) -> int:
        """Merchandise value less returns and the seller's discounts, VND."""
        kept = self.quantity - self.returned
        return kept * (self.price - self.unit_discount) - kept * self.voucher // self.quantity


@dataclass(frozen=True)
class Order:
    """An order; before `settled` its shop still shows it under `first_status`, afterwards under `status`.

    `is_return_told_apart`: what came back stands in the shop's list of returns only, not in its exports of orders.
    """

    order_id: str
    shop: str
    lines: tuple[OrderLine, ...]
    status: str
    first_status: str
    ordered: datetime
    settled: datetime
    province: str
    buyer: int
    is_return_told_apart: bool = False

    def status_at(self, day: date) -> str:
        """What an export made at the start of `day` says."""
        return self.status if self.settled.date() < day else self.first_status


@dataclass(frozen=True)
class Linkage:
    """A linkage contract of a product, in force in `[start, end)`."""

    product: Product
    partner: str
    kind: str
    number: str
    start: date
    end: date | None


@dataclass(frozen=True)
class Promotion:
    """A district's part in a trade promotion event; several districts share one `code`."""

    code: str
    name: str
    form: str
    district: str
    start: date
    end: date
    place: str
    products: int
    contracts: int
    sales: int


@dataclass(frozen=True)
class Disbursement:
    """Money paid to an entity, as a district reports it (not always the entity's own); a refund is negative."""

    number: str
    source: str
    purpose: str
    district: str
    entity_code: str
    amount: int
    day: date


@dataclass(frozen=True)
class Correction:
    """The workbook of one district and month that is sent with wrong revenues first, then corrected."""

    district: str
    month: date


@dataclass(frozen=True)
class Planted:
    """A disagreement between sources made on purpose: its rule, key of its subject, first day of its period."""

    rule: str
    subject: str
    start: date


@dataclass(frozen=True)
class World:
    """Everything that was invented for one seed; `districts` are the codes of the reporting units."""

    seed: int
    districts: tuple[str, ...]
    communes: tuple[Commune, ...]
    entities: tuple[Entity, ...]
    products: tuple[Product, ...]
    events: tuple[Event, ...]
    points: tuple[SalesPoint, ...]
    values: tuple[Value, ...]
    labour: tuple[LabourReport, ...]
    misstated: tuple[Misstatement, ...]
    listings: tuple[Listing, ...]
    orders: tuple[Order, ...]
    linkages: tuple[Linkage, ...]
    promotions: tuple[Promotion, ...]
    disbursements: tuple[Disbursement, ...]
    correction: Correction
    planted: tuple[Planted, ...]


def stars_at(events: list[Event], day: date) -> str | None:
    """The rating that one product's certificate carries on `day`; None when it has no valid one.

    The newest decision at or before the day decides: a revocation ends, and so does a rating under 3 stars
    (which is returned as it is). Registrations are no decisions.
    """
    decisions = [event for event in events if event.kind != "register" and event.day <= day]
    if not decisions:
        return None
    newest = max(decisions, key=lambda event: event.day)
    return newest.stars if newest.kind != "revoke" and day < newest.end else None
