"""What is invented: certificates, people and points, over several seeds."""

from collections import defaultdict
from datetime import date

import pytest

from ocop_pipeline.demo.disagreements import key_of
from ocop_pipeline.demo.months import FIRST_VALUE_MONTH, months
from ocop_pipeline.demo.records import RECOGNISED_STARS, Event, Product, Value, World, stars_at
from ocop_pipeline.demo.world import invent
from ocop_pipeline.settings import PROJECT_ROOT

DIRECTIVE_DAY = date(2023, 11, 24)
SEEDS_DIR = PROJECT_ROOT / "dbt_project" / "seeds"


@pytest.fixture(scope="module", params=[4553, 7, 8])
def world(request: pytest.FixtureRequest) -> World:
    return invent(request.param, SEEDS_DIR)


def _events(world: World) -> dict[str, list[Event]]:
    events: dict[str, list[Event]] = defaultdict(list)
    for event in world.events:
        events[event.product.code].append(event)
    return events


def test_there_are_13_districts_and_225_communes(world: World) -> None:
    assert len(world.districts) == 13
    assert len(world.communes) == 225


def test_some_certificates_end_on_the_very_day_of_the_directive(world: World) -> None:
    ending = [events for events in _events(world).values() if events[-1].day == date(2020, 11, 24)]
    assert ending
    for events in ending:
        assert stars_at(events, date(2023, 11, 23)) in RECOGNISED_STARS
        assert stars_at(events, DIRECTIVE_DAY) is None


def test_certificates_are_renewed_raised_lowered_revoked_and_cut_short_in_2023(world: World) -> None:
    of_2023 = [event for event in world.events if event.day.year == 2023]
    kinds = {event.kind for event in of_2023}
    assert kinds == {"new", "upgrade", "reassess", "revoke", "register"}
    assert any(event.kind == "reassess" and event.stars == "2" for event in of_2023)
    assert any(event.stars == "potential_5" for event in of_2023)
    assert any(event.expiry == date(2023, 10, 31) for event in world.events)


def test_nothing_happens_in_the_month_whose_workbook_is_not_due_yet(world: World) -> None:
    days = [event.day for event in world.events]
    days += [promotion.start for promotion in world.promotions] + [payment.day for payment in world.disbursements]
    days += [linkage.start for linkage in world.linkages]
    days += [point.opened for point in world.points] + [point.stopped for point in world.points if point.stopped]
    assert not [day for day in days if date(2023, 11, 1) <= day <= DIRECTIVE_DAY]


def test_no_real_product_loses_its_certificate_in_the_invented_story(world: World) -> None:
    events = _events(world)
    real = [product for product in world.products if product.is_real]
    assert len(real) == 37
    for product in real:
        assert stars_at(events[product.code], date(2023, 12, 31)) in RECOGNISED_STARS


def test_names_and_codes_are_told_apart(world: World) -> None:
    assert len({product.code for product in world.products}) == len(world.products)
    assert len({product.name.casefold() for product in world.products}) == len(world.products)
    assert len({entity.code for entity in world.entities}) == len(world.entities)
    assert {len(entity.code) for entity in world.entities} == {10}


def test_mean_incomes_lie_between_5_and_7_million_and_parts_within_the_total(world: World) -> None:
    assert 0 < sum(report.income is None for report in world.labour) < len(world.labour) / 20
    planted = {(one.subject, one.start) for one in world.planted if one.rule.startswith("income_")}
    for report in world.labour:
        if (key_of(report.entity), report.start) in planted:
            continue
        if report.income is not None and report.lowest_income and report.highest_income:
            assert 5000 <= report.income <= 7000
            assert report.lowest_income < report.income < report.highest_income
        total = report.regular + report.seasonal
        assert max(report.women, report.local, report.insured) <= total


def test_no_line_is_worth_less_than_nothing(world: World) -> None:
    for order in world.orders:
        for line in order.lines:
            assert line.net >= 0 or order.status == "Trả hàng"


def test_shops_sell_mapped_unmapped_and_no_longer_valid_products(world: World) -> None:
    events = _events(world)
    sold = {line.listing.product for order in world.orders for line in order.lines}
    assert None in sold
    valid = {p for p in sold if p and stars_at(events[p.code], DIRECTIVE_DAY) in RECOGNISED_STARS}
    assert valid
    assert sold - valid - {None}


def test_a_fair_is_shared_by_three_districts_before_the_day_of_the_directive(world: World) -> None:
    districts = defaultdict(set)
    for promotion in world.promotions:
        if promotion.start <= DIRECTIVE_DAY:
            districts[promotion.code].add(promotion.district)
    assert 3 in {len(of_event) for of_event in districts.values()}


def test_money_is_paid_back_and_one_office_pays_a_producer_of_another_district(world: World) -> None:
    homes = {entity.code: entity.commune.district for entity in world.entities}
    assert [payment.day <= DIRECTIVE_DAY for payment in world.disbursements if payment.amount < 0] == [True]
    assert len([p for p in world.disbursements if homes[p.entity_code] != p.district]) == 1


def test_one_product_has_two_contracts_in_force(world: World) -> None:
    linked = [linkage.product for linkage in world.linkages if linkage.end is None]
    assert len(linked) == len(set(linked)) + 1


def test_values_from_before_a_certificate_were_kept_in_four_districts_only(world: World) -> None:
    kept = [value for value in world.values if value.month < FIRST_VALUE_MONTH]
    assert len({value.product.commune.district for value in kept}) == 4
    assert {value.month for value in kept} == set(months(date(2021, 7, 1), date(2022, 10, 1)))
    of_products: dict[Product, list[Value]] = defaultdict(list)
    for value in kept:
        of_products[value.product].append(value)
    assert [len(values) for values in of_products.values() if len(values) != 16] == [15]
    assert len([p for p, values in of_products.items() if any(value.revenue == 0 for value in values)]) == 1
    without_price = [value for value in kept if value.price is None and value.revenue]
    assert len(without_price) == 1
