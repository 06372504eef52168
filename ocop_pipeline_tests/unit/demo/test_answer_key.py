"""The answer key against figures worked out by hand, over a province of a few records."""

from datetime import date, datetime

from ocop_pipeline.demo.answers import Figure, figures_at
from ocop_pipeline.demo.months import add_months, year_before
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
    SalesPoint,
    Value,
    World,
)

HUNG_LO = Commune("08287", "Xã Hùng Lô", "227")
VAN_PHU = Commune("07918", "Phường Vân Phú", "227")
LONG_COC = Commune("08608", "Xã Long Cốc", "240")
MAKER = Entity("2600000001", "HTX Một", "Hợp tác xã", HUNG_LO, date(2020, 1, 1), is_woman_led=True, weight=1)
GROWER = Entity("2600000002", "HTX Hai", "Hợp tác xã", LONG_COC, date(2020, 1, 1), is_woman_led=False, weight=1)


def _product(code: str, entity: Entity, commune: Commune) -> Product:
    return Product(code, f"Sản phẩm {code}", "I", entity, commune, "kg", 1000, is_real=False)


NOODLES, TEA = _product("A", MAKER, HUNG_LO), _product("B", GROWER, LONG_COC)
LOWERED, CANDIDATE = _product("C", MAKER, HUNG_LO), _product("D", MAKER, VAN_PHU)


def _report(entity: Entity, start: date, months: int, regular: int) -> LabourReport:
    return LabourReport(entity, f"{start}", start, add_months(start, months), regular, 0, 0, 0, 0, 6000)


def _order(product: Product | None, ordered: datetime, status: str, quantity: int, returned: int) -> Order:
    listing = Listing("shop", "shopee", "SKU", "Tên", product, 1000)
    line = OrderLine(listing, "", quantity, returned, 1000, 100)
    return Order(f"{ordered}", "shop", (line,), status, "Đang giao", ordered, ordered, "Hà Nội", 1)


def _world(**parts: object) -> World:
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


def _figure(world: World, day: date, kpi: str, unit: str = "25", *, variant: str = "", member: str = "") -> Figure:
    (found,) = [
        figure
        for figure in figures_at(world, day)
        if (figure.kpi, figure.unit_code, figure.variant, figure.member) == (kpi, unit, variant, member)
    ]
    return found


def test_a_certificate_of_24_11_2020_is_valid_for_the_last_time_on_23_11_2023() -> None:
    world = _world()
    assert _figure(world, date(2023, 11, 23), "certified_products").value == 2
    assert _figure(world, date(2023, 11, 24), "certified_products").value == 1
    assert _figure(world, date(2023, 11, 24), "certified_products", "240", member="3").value == 1
    assert _figure(world, date(2023, 11, 24), "certified_products", "227").value == 0


def test_a_rating_of_2_stars_ends_an_older_one_of_3() -> None:
    world = _world()
    assert _figure(world, date(2023, 8, 24), "certified_products", "227").value == 2
    assert _figure(world, date(2023, 8, 25), "certified_products", "227").value == 1


def test_a_registered_commune_takes_part_but_is_not_certified() -> None:
    day = date(2023, 12, 31)
    taking_part = _figure(_world(), day, "participating_communes_share")
    assert (taking_part.numerator, taking_part.denominator, taking_part.value) == (3, 3, 1.0)
    certified = _figure(_world(), day, "participating_communes_share", variant="certified")
    assert (certified.numerator, certified.denominator) == (2, 3)


def test_a_product_of_2_stars_is_valid_though_not_certified() -> None:
    values = (Value(LOWERED, date(2023, 5, 1), 7, 0, 1), Value(NOODLES, date(2023, 5, 1), 50_000, 0, 1))
    world = _world(values=values, labour=(_report(MAKER, date(2023, 1, 1), 3, 50),))
    assert _figure(world, date(2023, 11, 24), "certified_products", "227").value == 0
    assert _figure(world, date(2023, 11, 24), "product_value", "227").value == 7
    assert _figure(world, date(2023, 11, 24), "rural_workers", "227").value == 50


def test_a_revoked_product_takes_its_commune_out() -> None:
    revoked = (Event(TEA, "new", date(2022, 7, 15), "3"), Event(TEA, "revoke", date(2023, 6, 20)))
    world = _world(events=revoked)
    assert _figure(world, date(2023, 6, 19), "participating_communes_share").numerator == 1
    assert _figure(world, date(2023, 6, 20), "participating_communes_share").numerator == 0


def test_a_point_counts_from_its_first_day_until_the_day_it_stops() -> None:
    world = _world(points=(SalesPoint("P", "Điểm", HUNG_LO, date(2023, 1, 31), date(2023, 7, 1)),))
    days = [date(2023, 1, 30), date(2023, 1, 31), date(2023, 6, 30), date(2023, 7, 1)]
    assert [_figure(world, day, "units_with_sales_point").value for day in days] == [None, 1, 1, 0]
    assert _figure(world, days[1], "units_with_sales_point").denominator == 2


def test_the_newest_report_of_twelve_months_counts_for_producers_of_valid_products() -> None:
    labour = (
        _report(GROWER, date(2022, 1, 1), 12, 10),
        _report(GROWER, date(2023, 1, 1), 3, 12),
        _report(MAKER, date(2023, 1, 1), 3, 50),
    )
    of_two = (Event(NOODLES, "new", date(2020, 11, 24), "4"), Event(TEA, "new", date(2022, 7, 15), "3"))
    world = _world(labour=labour, events=of_two)
    assert _figure(world, date(2022, 12, 31), "rural_workers").value == 10
    assert _figure(world, date(2023, 3, 31), "rural_workers").value == 62
    assert _figure(world, date(2023, 11, 24), "rural_workers").value == 12
    assert _figure(world, date(2024, 3, 30), "rural_workers").value == 12
    assert _figure(world, date(2024, 3, 31), "rural_workers").value is None


def test_the_window_is_the_last_twelve_whole_months() -> None:
    assert year_before(date(2023, 11, 24)) == (date(2022, 11, 1), date(2023, 11, 1))
    assert year_before(date(2023, 12, 31)) == (date(2023, 1, 1), date(2024, 1, 1))
    assert year_before(date(2023, 2, 27)) == (date(2022, 2, 1), date(2023, 2, 1))


def test_revenue_of_valid_products_inside_the_window_is_added_up() -> None:
    values = tuple(
        Value(product, month, revenue, 0, 1)
        for product, month, revenue in (
            (TEA, date(2022, 10, 1), 1),
            (TEA, date(2022, 11, 1), 20),
            (TEA, date(2023, 10, 1), 300),
            (TEA, date(2023, 11, 1), 4000),
            (NOODLES, date(2023, 5, 1), 50_000),
        )
    )
    assert _figure(_world(values=values), date(2023, 11, 24), "product_value").value == 320


def test_online_sales_are_net_of_returns_and_discounts_of_lines_that_were_sold() -> None:
    orders = (
        _order(TEA, datetime(2022, 10, 31, 23, 59), "Hoàn thành", 1, 0),  # noqa: DTZ001 - local time
        _order(TEA, datetime(2022, 11, 1, 0, 0), "Hoàn thành", 3, 1),  # noqa: DTZ001
        _order(TEA, datetime(2023, 10, 31, 23, 59), "Đã giao", 1, 0),  # noqa: DTZ001
        _order(TEA, datetime(2023, 5, 1, 9, 0), "Đã hủy", 9, 0),  # noqa: DTZ001
        _order(TEA, datetime(2023, 5, 1, 9, 0), "Trả hàng", 9, 9),  # noqa: DTZ001
        _order(NOODLES, datetime(2023, 5, 1, 9, 0), "Hoàn thành", 9, 0),  # noqa: DTZ001
        _order(None, datetime(2023, 5, 1, 9, 0), "Hoàn thành", 9, 0),  # noqa: DTZ001
    )
    world = _world(orders=orders)
    assert _figure(world, date(2023, 11, 24), "online_sales").value == 1900 + 900
    assert _figure(world, date(2023, 11, 24), "online_sales", "227").value is None
