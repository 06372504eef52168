"""A province of a few records, over which the demo's answers can be worked out by hand."""

from datetime import date, datetime

from ocop_pipeline.demo.answers import Figure, figures_at
from ocop_pipeline.demo.months import add_months
from ocop_pipeline.demo.records import (
    Commune,
    Correction,
    Entity,
    Event,
    LabourReport,
    Listing,
    Order,
    OrderLine,
    Product,
    World,
)

HUNG_LO = Commune("08287", "Xã Hùng Lô", "227")
VAN_PHU = Commune("07918", "Phường Vân Phú", "227")
LONG_COC = Commune("08608", "Xã Long Cốc", "240")
MAKER = Entity("2600000001", "HTX Một", "Hợp tác xã", HUNG_LO, date(2020, 1, 1), is_woman_led=True, weight=1)
GROWER = Entity("2600000002", "HTX Hai", "Hợp tác xã", LONG_COC, date(2020, 1, 1), is_woman_led=False, weight=1)


def product(code: str, entity: Entity, commune: Commune) -> Product:
    """A product of 1,000 VND a kilogram."""
    return Product(code, f"Sản phẩm {code}", "I", entity, commune, "kg", 1000, is_real=False)


NOODLES, TEA = product("A", MAKER, HUNG_LO), product("B", GROWER, LONG_COC)
LOWERED, CANDIDATE = product("C", MAKER, HUNG_LO), product("D", MAKER, VAN_PHU)


def report(entity: Entity, start: date, months: int, regular: int, income: int | None = 6000) -> LabourReport:
    """A labour report of so many months and regular workers, with their mean income in nghìn đồng."""
    return LabourReport(entity, f"{start}", start, add_months(start, months), regular, 0, 0, 0, 0, income)


def order(product: Product | None, ordered: datetime, status: str, quantity: int, returned: int) -> Order:
    """An order of one line at 1,000 VND apiece, of which 100 VND are taken off."""
    listing = Listing("shop", "shopee", "SKU", "Tên", product, 1000)
    line = OrderLine(listing, "", quantity, returned, 1000, 100)
    return Order(f"{ordered}", "shop", (line,), status, "Đang giao", ordered, ordered, "Hà Nội", 1)


def small_world(**parts: object) -> World:
    """Two districts, three communes, four products; `parts` take the place of what is there."""
    empty: dict[str, object] = dict.fromkeys(World.__dataclass_fields__, ())
    empty |= {
        "seed": 0,
        "districts": ("227", "240"),
        "communes": (HUNG_LO, VAN_PHU, LONG_COC),
        "products": (NOODLES, TEA, LOWERED, CANDIDATE),
        "correction": Correction("227", date(2023, 5, 1)),
        "events": (
            Event(NOODLES, "new", date(2020, 11, 24), "4"),
            Event(TEA, "new", date(2022, 7, 15), "3"),
            Event(LOWERED, "new", date(2021, 6, 25), "3"),
            Event(LOWERED, "reassess", date(2023, 8, 25), "2"),
            Event(CANDIDATE, "register", date(2023, 2, 1)),
        ),
    }
    return World(**(empty | parts))  # type: ignore[arg-type]


def figure(world: World, day: date, kpi: str, unit: str = "25", *, variant: str = "", member: str = "") -> Figure:
    """The key's one figure of that name."""
    (found,) = [
        one
        for one in figures_at(world, day)
        if (one.kpi, one.unit_code, one.variant, one.member) == (kpi, unit, variant, member)
    ]
    return found
