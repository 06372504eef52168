"""The KPIs that rest on more than one kind of record, worked out by hand over a province of a few records."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from ocop_pipeline.demo.answers.disclosure import hidden_units
from ocop_pipeline.demo.months import add_months, months
from ocop_pipeline.demo.records import Disbursement, Entity, Event, Linkage, Product, Promotion, Value
from ocop_pipeline_tests.small_world import (
    CANDIDATE,
    GROWER,
    HUNG_LO,
    LONG_COC,
    LOWERED,
    MAKER,
    NOODLES,
    TEA,
    figure,
    order,
    product,
    report,
    small_world,
)

DIRECTIVE_DAY = date(2023, 11, 24)
SUMMER = date(2022, 7, 15)
MEASURED = date(2023, 7, 31)
"""Last day of the twelve whole months after the month of SUMMER."""


def test_income_is_weighted_by_workers_and_a_blank_one_is_in_neither_sum() -> None:
    """(10 x 6,000,000 + 30 x 5,000,000) / 40 = 5,250,000; the 60 workers without an income do not count."""
    third = Entity("2600000003", "Trang trại Ba", "Trang trại", LONG_COC, SUMMER, is_woman_led=False, weight=1)
    honey = product("F", third, LONG_COC)
    events = tuple(Event(one, "new", SUMMER, "3") for one in (NOODLES, TEA, honey))
    labour = (
        report(MAKER, date(2023, 1, 1), 3, 10, 6000),
        report(GROWER, date(2023, 1, 1), 3, 30, 5000),
        report(third, date(2023, 1, 1), 3, 60, None),
    )
    world = small_world(events=events, products=(NOODLES, TEA, honey), labour=labour)
    income = figure(world, DIRECTIVE_DAY, "worker_income")
    assert (income.numerator, income.denominator, income.value) == (None, None, 5_250_000), "60 would follow from 100"
    assert figure(world, DIRECTIVE_DAY, "rural_workers").value == 100
    assert figure(world, DIRECTIVE_DAY, "worker_income", variant="lowest").value == 3_500_000
    assert figure(world, DIRECTIVE_DAY, "worker_income", variant="highest").value == 9_600_000


def test_a_mean_income_is_rounded_down_and_hidden_of_few_where_an_entity_told_none() -> None:
    """(10 x 6,000,000 + 30 x 5,000,000 + 20 x 5,008,000) / 60 = 5,169,333; beside these 60 workers 30 are few."""
    second = Entity("2600000004", "HTX Bốn", "Hợp tác xã", HUNG_LO, SUMMER, is_woman_led=False, weight=1)
    silent = replace(second, code="2600000005", name="HTX Năm")
    products = (NOODLES, TEA, product("G", second, HUNG_LO), product("H", silent, HUNG_LO))
    events = tuple(Event(one, "new", SUMMER, "3") for one in products)
    told = [
        report(entity, date(2023, 1, 1), 3, regular, income)
        for entity, regular, income in ((GROWER, 10, 6000), (MAKER, 30, 5000), (second, 20, 5008))
    ]
    for without_income, is_hidden in ((0, False), (30, True), (40, False)):
        reports = [*told, report(silent, date(2023, 1, 1), 3, without_income, None)] if without_income else told
        world = small_world(events=events, products=products, labour=reports)
        income = figure(world, DIRECTIVE_DAY, "worker_income")
        assert (income.value, income.is_suppressed) == (5_160_000, is_hidden)


def test_figures_of_one_entity_or_fewer_than_five_workers_are_hidden_and_what_they_would_follow_from() -> None:
    """227 has two entities, 240 one: with enough workers beside each other their sum, the province, may be read."""
    second = Entity("2600000004", "HTX Bốn", "Hợp tác xã", HUNG_LO, SUMMER, is_woman_led=False, weight=1)
    cakes = product("G", second, HUNG_LO)
    events = tuple(Event(one, "new", SUMMER, "3") for one in (NOODLES, TEA, cakes))
    labour = [report(MAKER, date(2023, 1, 1), 3, 2), report(GROWER, date(2023, 1, 1), 3, 90)]
    for of_second, hides_province in ((2, True), (3, False)):
        reports = (*labour, report(second, date(2023, 1, 1), 3, of_second))
        world = small_world(events=events, products=(NOODLES, TEA, cakes), labour=reports)
        for kpi in ("rural_workers", "worker_income"):
            assert figure(world, DIRECTIVE_DAY, kpi, "227").is_suppressed
            assert figure(world, DIRECTIVE_DAY, kpi, "240").is_suppressed
            assert figure(world, DIRECTIVE_DAY, kpi).is_suppressed is hides_province


def test_districts_with_the_fewest_entities_are_hidden_beside_a_small_one() -> None:
    tables = {"regular": {"227": [9, 9, 9], "228": [30], "230": [9, 9], "231": [9, 9]}}
    hidden = hidden_units(tables)
    assert hidden["regular"] == {"228", "230"}
    assert hidden_units({"regular": {"227": [3, 2], "228": [9, 9]}})["regular"] == set()


def test_a_producer_without_a_report_is_listed_as_missing() -> None:
    world = small_world(labour=(report(GROWER, date(2023, 1, 1), 3, 12),))
    missing = figure(world, DIRECTIVE_DAY, "rural_workers", "227", variant="entities_missing_report")
    assert missing.value == 1
    assert figure(world, DIRECTIVE_DAY, "rural_workers", "227").value is None
    assert figure(world, DIRECTIVE_DAY, "rural_workers", "240", variant="entities_missing_report").value is None


FIVE = tuple(product(f"P{number}", MAKER, HUNG_LO) for number in range(5))
OF_SUMMER = tuple(Event(one, "new", SUMMER, "3") for one in FIVE)


def _around(one: Product, before: int, after: int, prices: tuple[int, int] = (1000, 1100)) -> list[Value]:
    """25 months of one product: `before` in each of twelve, 999 in the month of its certificate, then `after`."""
    told = []
    for month in months(date(2021, 7, 1), date(2023, 7, 1)):
        is_after = month > date(2022, 7, 1)
        revenue = 999 if month == date(2022, 7, 1) else after if is_after else before
        told.append(Value(one, month, revenue, 0, 1, prices[is_after]))
    return told


def _five() -> list[Value]:
    """Four products grow by a tenth, one of ten times their size by 60 %."""
    small = [value for one in FIVE[:4] for value in _around(one, 100, 110)]
    return small + _around(FIVE[4], 1000, 1600)


def test_mean_median_and_sum_over_sum_of_the_growth_differ() -> None:
    """(4 x 0.1 + 0.6) / 5 = 0.2; the middle one is 0.1; (4 x 120 + 7,200) / (4 x 1,200 + 12,000) = 0.457..."""
    world = small_world(products=FIVE, events=OF_SUMMER, values=tuple(_five()))
    mean = figure(world, MEASURED, "value_growth")
    assert (mean.value, mean.numerator, mean.denominator) == pytest.approx((0.2, 1.0, 5))
    assert figure(world, MEASURED, "value_growth", variant="median").value == pytest.approx(0.1)
    of_sums = figure(world, MEASURED, "value_growth", variant="sum_over_sum")
    assert (of_sums.numerator, of_sums.denominator) == (7680, 16_800)
    assert of_sums.value == pytest.approx(7680 / 16_800)
    assert figure(world, MEASURED, "value_growth", variant="price").value == pytest.approx(0.1)
    assert figure(world, MEASURED, "value_growth", "227").value == pytest.approx(0.2)
    assert figure(world, MEASURED, "value_growth", "240").numerator is None


def test_growth_is_measured_from_the_last_day_of_the_twelfth_month_after() -> None:
    world = small_world(products=FIVE, events=OF_SUMMER, values=tuple(_five()))
    day_before = figure(world, date(2023, 7, 30), "value_growth")
    assert (day_before.value, day_before.numerator, day_before.denominator) == (None, None, None)
    assert figure(world, MEASURED, "value_growth").denominator == 5


def test_four_products_are_no_measurement() -> None:
    world = small_world(products=FIVE[:4], events=OF_SUMMER[:4], values=tuple(_five()))
    mean = figure(world, MEASURED, "value_growth")
    assert (mean.value, mean.denominator) == (None, 4)
    for variant in ("median", "sum_over_sum", "price"):
        assert figure(world, MEASURED, "value_growth", variant=variant).value is None


@pytest.mark.parametrize("missing", [date(2021, 7, 1), date(2022, 6, 1), date(2022, 8, 1), date(2023, 7, 1)])
def test_a_product_that_lacks_one_of_24_months_does_not_count(missing: date) -> None:
    values = [value for value in _five() if (value.product, value.month) != (FIVE[0], missing)]
    assert _counted(values) == 4


def test_the_month_of_the_certificate_need_not_be_told() -> None:
    assert _counted([value for value in _five() if value.month != date(2022, 7, 1)]) == 5


def test_a_product_that_sold_nothing_before_does_not_count() -> None:
    assert _counted([*_five()[25:], *_around(FIVE[0], 0, 110)]) == 4


def test_a_product_that_is_no_longer_valid_does_not_count() -> None:
    revoked = Event(FIVE[0], "revoke", MEASURED)
    world = small_world(products=FIVE, events=(*OF_SUMMER, revoked), values=tuple(_five()))
    assert figure(world, MEASURED, "value_growth").denominator == 4


def test_a_decision_of_2_stars_is_not_yet_the_first_recognition() -> None:
    earlier = Event(FIVE[0], "new", date(2022, 3, 1), "2")
    world = small_world(products=FIVE, events=(earlier, *OF_SUMMER), values=tuple(_five()))
    assert figure(world, MEASURED, "value_growth").denominator == 5


def test_a_missing_price_takes_a_product_out_of_the_price_variant_only() -> None:
    values = [*_five()[25:], *(Value(v.product, v.month, v.revenue, 0, 1) for v in _five()[:25])]
    world = small_world(products=FIVE, events=OF_SUMMER, values=tuple(values))
    assert figure(world, MEASURED, "value_growth").denominator == 5
    price = figure(world, MEASURED, "value_growth", variant="price")
    assert (price.value, price.denominator) == (None, 4)


def _counted(values: list[Value]) -> float | None:
    world = small_world(products=FIVE, events=OF_SUMMER, values=tuple(values))
    return figure(world, MEASURED, "value_growth").denominator


def test_months_count_as_valid_when_their_last_day_lies_inside_a_certificate() -> None:
    """Noodles are certified from 24/11/2020 until 23/11/2023: November 2020 counts, November 2023 does not."""
    values = tuple(Value(NOODLES, month, 10**n, 0, 1) for n, month in enumerate(months(*_LAST_MONTHS)))
    world = small_world(values=values)
    assert figure(world, DIRECTIVE_DAY, "product_value").value is None
    assert figure(world, DIRECTIVE_DAY, "product_value", variant="while_valid").value == 11
    assert figure(world, date(2023, 11, 30), "product_value", variant="while_valid").value == 11
    first = small_world(values=(Value(NOODLES, date(2020, 11, 1), 7, 0, 1), Value(NOODLES, date(2020, 10, 1), 5, 0, 1)))
    assert figure(first, date(2020, 11, 30), "product_value").value == 12
    assert figure(first, date(2020, 11, 30), "product_value", variant="while_valid").value == 7


_LAST_MONTHS = (date(2023, 9, 1), date(2023, 11, 1))


def test_months_are_expected_from_the_month_of_the_first_decision_on() -> None:
    """Tea of 15/07/2022 at the end of 2022: July to December are six, of which August and October were told."""
    values = tuple(Value(TEA, date(2022, month, 1), 1, 0, 1) for month in (5, 8, 10))
    world = small_world(products=(TEA,), values=values)
    told = figure(world, date(2022, 12, 31), "product_value", variant="months_reported")
    assert (told.numerator, told.denominator) == (2, 6)
    assert told.value == pytest.approx(1 / 3)
    assert figure(world, date(2022, 12, 31), "product_value").value == 3
    by_group = figure(world, date(2022, 12, 31), "product_value", "240", member="I")
    assert (by_group.breakdown, by_group.value) == ("product_group", 3)


def test_a_product_is_linked_by_any_contract_in_force_and_counts_once() -> None:
    def contract(one: Product, start: date, end: date | None) -> Linkage:
        return Linkage(one, "Đối tác", "Tiêu thụ sản phẩm", f"{start}", start, end)

    linkages = (
        contract(TEA, date(2023, 1, 1), None),
        contract(TEA, date(2023, 2, 1), None),
        contract(LOWERED, date(2023, 1, 1), DIRECTIVE_DAY),
        contract(NOODLES, date(2023, 1, 1), None),
    )
    world = small_world(linkages=linkages)
    day_before = figure(world, date(2023, 11, 23), "linked_products_share")
    assert (day_before.numerator, day_before.denominator) == (3, 3)
    share = figure(world, DIRECTIVE_DAY, "linked_products_share")
    assert (share.numerator, share.denominator, share.value) == (1, 2, 0.5)
    assert figure(world, date(2020, 1, 1), "linked_products_share").value is None
    # Before the first contract that anybody told of, nothing is known of linkage.
    assert figure(world, date(2022, 12, 31), "linked_products_share").value is None


def test_an_entity_is_new_from_the_day_after_the_baseline_and_stays_so() -> None:
    def new(day: date, as_of: date, variant: str = "") -> float | None:
        events = (
            Event(TEA, "register", day),
            Event(TEA, "new", add_months(day, 1), "3"),
            Event(TEA, "revoke", add_months(day, 2)),
        )
        return figure(small_world(events=events), as_of, "new_entities", variant=variant).value

    next_day = date(2023, 11, 25)
    assert new(DIRECTIVE_DAY, date(2024, 6, 30)) == 0
    assert new(next_day, date(2023, 11, 23)) is None
    assert new(next_day, DIRECTIVE_DAY) == 0
    assert new(next_day, next_day) == 1
    assert new(next_day, date(2024, 6, 30)) == 1
    assert new(DIRECTIVE_DAY, date(2023, 12, 23), "first_certified") == 0
    assert new(DIRECTIVE_DAY, date(2023, 12, 24), "first_certified") == 1


def test_a_second_product_does_not_make_an_entity_new() -> None:
    events = (Event(NOODLES, "new", SUMMER, "3"), Event(CANDIDATE, "register", date(2023, 12, 1)))
    assert figure(small_world(events=events), date(2023, 12, 31), "new_entities").value == 0


def test_what_was_ever_recognised_stays_so() -> None:
    day = date(2023, 12, 31)
    assert figure(small_world(), day, "certified_products").value == 1
    assert figure(small_world(), day, "certified_products", variant="ever_recognised").value == 3


def test_a_fair_of_several_districts_is_one_event_of_each_and_one_of_the_province() -> None:
    def part(code: str, district: str, start: date) -> Promotion:
        return Promotion(code, "Hội chợ", "Hội chợ", district, start, start, "Việt Trì", 5, 1, 1000)

    fair = [part("A", district, date(2023, 11, 24)) for district in ("227", "240")]
    world = small_world(promotions=(*fair, part("B", "227", date(2023, 12, 31)), part("C", "227", date(2024, 1, 1))))
    name = "trade_promotion_events"
    assert figure(world, date(2023, 11, 23), name).value is None
    assert [figure(world, DIRECTIVE_DAY, name, unit).value for unit in ("25", "227", "240")] == [1, 1, 1]
    assert [figure(world, date(2023, 12, 31), name, unit).value for unit in ("25", "227", "240")] == [2, 2, 1]
    assert [figure(world, date(2024, 1, 1), name, unit).value for unit in ("25", "227", "240")] == [1, 1, 0]
    assert figure(world, DIRECTIVE_DAY, name, variant="products_shown").value == 10
    assert figure(world, DIRECTIVE_DAY, name, variant="contracts").value == 2
    assert figure(world, DIRECTIVE_DAY, name, "240", variant="sales").value == 1000
    assert figure(world, date(2024, 1, 1), name, "240", variant="sales").value is None


def test_support_counts_for_the_entitys_district_and_refunds_are_negative() -> None:
    def payment(district: str, entity: str, amount: int, day: date, source: str = "Lồng ghép") -> Disbursement:
        return Disbursement(f"{day}/{amount}", source, "Bao bì", district, entity, amount, day)

    world = small_world(
        entities=(MAKER, GROWER),
        disbursements=(
            payment("240", MAKER.code, 100, date(2023, 3, 1)),
            payment("240", "Trạm khuyến nông", 30, DIRECTIVE_DAY, "Ngân sách tỉnh"),
            payment("227", MAKER.code, -40, date(2023, 12, 31)),
            payment("227", MAKER.code, 7, date(2024, 1, 1)),
        ),
    )
    name = "support_funding"
    assert figure(world, date(2023, 2, 28), name).value is None
    assert [figure(world, DIRECTIVE_DAY, name, unit).value for unit in ("25", "227", "240")] == [130, 100, 30]
    assert [figure(world, date(2023, 12, 31), name, unit).value for unit in ("25", "227", "240")] == [90, 60, 30]
    assert [figure(world, date(2024, 1, 1), name, unit).value for unit in ("25", "227", "240")] == [7, 7, 0]
    assert figure(world, date(2023, 12, 31), name, member="merged_programme").value == 60
    assert figure(world, date(2023, 12, 31), name, member="province_budget").value == 30


def test_sales_outside_validity_and_unmapped_ones_stand_beside_the_figure() -> None:
    noon = datetime(2023, 5, 1, 12, 0)  # noqa: DTZ001 - local time
    world = small_world(
        orders=(
            order(TEA, noon, "Hoàn thành", 3, 0),
            order(LOWERED, noon, "Trả hàng", 2, 2),
            order(NOODLES, noon, "Đã giao", 2, 0),
            order(None, noon, "Hoàn thành", 1, 0),
        ),
        values=(Value(TEA, date(2023, 5, 1), 29_000, 0, 1),),
    )
    by_variant = {
        variant: figure(world, DIRECTIVE_DAY, "online_sales", variant=variant).value
        for variant in ("", "outside_validity", "unmapped", "products_sold", "share_of_product_value")
    }
    assert by_variant == {
        "": 2900,
        "outside_validity": 1900,
        "unmapped": 900,
        "products_sold": 1,
        "share_of_product_value": 0.1,
    }
    assert figure(world, DIRECTIVE_DAY, "online_sales", member="shopee").value == 2900
    assert figure(world, DIRECTIVE_DAY, "online_sales", "227").value == 0
    assert figure(world, DIRECTIVE_DAY, "online_sales", "227", variant="unmapped").value is None
