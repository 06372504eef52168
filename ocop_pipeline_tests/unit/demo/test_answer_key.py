"""The answer key against figures worked out by hand, over a province of a few records."""

from datetime import date, datetime

from ocop_pipeline.demo.months import year_before
from ocop_pipeline.demo.records import Event, SalesPoint, Value
from ocop_pipeline_tests.small_world import (
    GROWER,
    HUNG_LO,
    LOWERED,
    MAKER,
    NOODLES,
    TEA,
    figure,
    order,
    report,
    small_world,
)


def test_a_certificate_of_24_11_2020_is_valid_for_the_last_time_on_23_11_2023() -> None:
    world = small_world()
    assert figure(world, date(2023, 11, 23), "certified_products").value == 2
    assert figure(world, date(2023, 11, 24), "certified_products").value == 1
    assert figure(world, date(2023, 11, 24), "certified_products", "240", member="3").value == 1
    assert figure(world, date(2023, 11, 24), "certified_products", "227").value == 0


def test_a_rating_of_2_stars_ends_an_older_one_of_3() -> None:
    world = small_world()
    assert figure(world, date(2023, 8, 24), "certified_products", "227").value == 2
    assert figure(world, date(2023, 8, 25), "certified_products", "227").value == 1


def test_a_registered_commune_takes_part_but_is_not_certified() -> None:
    day = date(2023, 12, 31)
    taking_part = figure(small_world(), day, "participating_communes_share")
    assert (taking_part.numerator, taking_part.denominator, taking_part.value) == (3, 3, 1.0)
    certified = figure(small_world(), day, "participating_communes_share", variant="certified")
    assert (certified.numerator, certified.denominator) == (2, 3)


def test_a_product_of_2_stars_is_valid_though_not_certified() -> None:
    values = (Value(LOWERED, date(2023, 5, 1), 7, 0, 1), Value(NOODLES, date(2023, 5, 1), 50_000, 0, 1))
    world = small_world(values=values, labour=(report(MAKER, date(2023, 1, 1), 3, 50),))
    assert figure(world, date(2023, 11, 24), "certified_products", "227").value == 0
    assert figure(world, date(2023, 11, 24), "product_value", "227").value == 7
    assert figure(world, date(2023, 11, 24), "rural_workers", "227").value == 50


def test_a_revoked_product_takes_its_commune_out() -> None:
    revoked = (Event(TEA, "new", date(2022, 7, 15), "3"), Event(TEA, "revoke", date(2023, 6, 20)))
    world = small_world(events=revoked)
    assert figure(world, date(2023, 6, 19), "participating_communes_share").numerator == 1
    assert figure(world, date(2023, 6, 20), "participating_communes_share").numerator == 0


def test_a_point_counts_from_its_first_day_until_the_day_it_stops() -> None:
    world = small_world(points=(SalesPoint("P", "Điểm", HUNG_LO, date(2023, 1, 31), date(2023, 7, 1)),))
    days = [date(2023, 1, 30), date(2023, 1, 31), date(2023, 6, 30), date(2023, 7, 1)]
    assert [figure(world, day, "units_with_sales_point").value for day in days] == [None, 1, 1, 0]
    assert figure(world, days[1], "units_with_sales_point").denominator == 2


def test_the_newest_report_of_twelve_months_counts_for_producers_of_valid_products() -> None:
    labour = (
        report(GROWER, date(2022, 1, 1), 12, 10),
        report(GROWER, date(2023, 1, 1), 3, 12),
        report(MAKER, date(2023, 1, 1), 3, 50),
    )
    of_two = (Event(NOODLES, "new", date(2020, 11, 24), "4"), Event(TEA, "new", date(2022, 7, 15), "3"))
    world = small_world(labour=labour, events=of_two)
    assert figure(world, date(2022, 12, 31), "rural_workers").value == 10
    assert figure(world, date(2023, 3, 31), "rural_workers").value == 62
    assert figure(world, date(2023, 11, 24), "rural_workers").value == 12
    assert figure(world, date(2024, 3, 30), "rural_workers").value == 12
    assert figure(world, date(2024, 3, 31), "rural_workers").value is None


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
    assert figure(small_world(values=values), date(2023, 11, 24), "product_value").value == 320


def test_online_sales_are_net_of_returns_and_discounts_of_lines_that_were_sold() -> None:
    orders = (
        order(TEA, datetime(2022, 10, 31, 23, 59), "Hoàn thành", 1, 0),  # noqa: DTZ001 - local time
        order(TEA, datetime(2022, 11, 1, 0, 0), "Hoàn thành", 4, 2),  # noqa: DTZ001
        order(TEA, datetime(2023, 10, 31, 23, 59), "Đã giao", 1, 0),  # noqa: DTZ001
        order(TEA, datetime(2023, 5, 1, 9, 0), "Đã hủy", 9, 0),  # noqa: DTZ001
        order(TEA, datetime(2023, 5, 1, 9, 0), "Trả hàng", 9, 9),  # noqa: DTZ001
        order(NOODLES, datetime(2023, 5, 1, 9, 0), "Hoàn thành", 9, 0),  # noqa: DTZ001
        order(None, datetime(2023, 5, 1, 9, 0), "Hoàn thành", 9, 0),  # noqa: DTZ001
    )
    world = small_world(orders=orders)
    assert figure(world, date(2023, 11, 24), "online_sales").value == 3900 // 2 + 900
    assert figure(world, date(2023, 11, 24), "online_sales", "227").value is None
