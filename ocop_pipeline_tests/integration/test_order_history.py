"""Exports of shops again and again: whatever comes in whatever order, the same lines, and the same as made anew."""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from ocop_pipeline.defs.sales_plots import sales_metadata
from ocop_pipeline.reports.layout import SHEET_WIDTH
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS
from ocop_pipeline.sources.sku_products import SKU_PRODUCTS
from ocop_pipeline.transform import NEVER_BUILT, build
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline.warehouse.withdrawals import withdraw
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import standing_home
from ocop_pipeline_tests.files import csv_text, rows_of
from ocop_pipeline_tests.offices import FORMS, Office

pytestmark = pytest.mark.slow

HEADINGS = ["Mã đơn hàng", "Trạng thái", "Mã SKU", "Tên hàng", "Số lượng", "Số lượng trả", "Đơn giá", "Thời gian đặt"]
PRODUCTS = ("25-231-00001-01-2022", "25-231-00001-02-2022")
SHOP = {"marketplace": "shopee", "shop_id": "ocop_dat_to"}
TABLES = ("marts.fct_order_lines", "intermediate.int_sales_daily", "intermediate.int_sales_monthly")
MODELS = ("+fct_order_lines", "int_sales_daily", "int_sales_monthly", "int_order_status_history")
"""What the lines rest on, and what is summed up from them."""


class Export(NamedTuple):
    """A file of a shop: when it was exported (minutes), and its rows."""

    minute: int
    rows: tuple[tuple[object, ...], ...]


def history(seed: int) -> list[Export]:
    """A few overlapping exports of six orders as they go on: statuses change, lines and orders disappear."""
    random = Random(seed)  # noqa: S311
    exports = []
    for minute in random.sample(range(100), 5):
        days = sorted(random.sample(range(25, 37), 2))
        rows = [
            (f"D{order}", random.choice(("Đang giao", "Hoàn thành", "Đã hủy")), sku, sku, quantity, "", "1.000", time)
            for order, day in enumerate((25, 27, 28, 31, 33, 36))
            for sku, quantity in random.choices((("CHE", 1), ("MI", 2), ("", 30)), k=2)
            if days[0] <= day <= days[1] and random.random() < 0.8
            for time in [f"2023-{5 + day // 32:02}-{day if day < 32 else day - 31:02} 10:00"]
        ]
        exports += [Export(minute, tuple(rows))] if rows else []
    return exports


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with standing_home() as home, open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        initialise(warehouse, FORMS)
        yield Office(home, warehouse)


def forget(office: Office) -> None:
    """Empty ledger, raw and what was built: as on the first day."""
    raw = ", ".join(f"raw.{form.name}" for form in FORMS)
    with office.warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(f"truncate ingest.submission, ingest.load, ingest.withdrawal, {raw} cascade")
        connection.exec_driver_sql(f"truncate intermediate.model_build, intermediate.order_day, {', '.join(TABLES)}")


def built(office: Office, *options: str) -> None:
    selection = ["--select", *MODELS, "--exclude", "resource_type:unit_test", "resource_type:test", *options]
    results = build(office.settings, office.warehouse, selection, logging.getLogger(__name__))
    assert [result for result in results if result.status in {"error", "fail", "skipped"}] == []


def put(office: Office, export: Export) -> None:
    """Lay an export into the inbox and take it in; its own account of when it was made is its minute."""
    office.put("ecommerce_sales/ocop_dat_to/don.csv", csv_text([HEADINGS, *export.rows]))
    office.take_in("ecommerce_sales")
    with office.warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(
            "update ingest.submission set exported_at = coalesce(exported_at, %s) "
            "where submission_id = (select max(submission_id) from ingest.submission)",
            (datetime(2023, 7, 1, 0, export.minute % 60, export.minute // 60, tzinfo=UTC),),
        )


def skus(office: Office, *mapped: tuple[str, str, str]) -> None:
    rows = [SHOP | {"seller_sku": sku, "product_code": code, "valid_from_date": day} for sku, code, day in mapped]
    office.put("ecommerce_sales/sku_products.csv", csv_text(rows_of(SKU_PRODUCTS, *rows)))
    office.take_in("ecommerce_sales")


def state(office: Office) -> dict[str, list[Any]]:
    """All that was built, but for the numbers of loads and files, which tell of the order of arrival."""
    lines = office.select(
        "select to_jsonb(t) - 'load_id' - 'submission_id' from marts.fct_order_lines as t "
        "order by order_id, order_date, line_key, line_ordinal"
    )
    changes = office.select(
        "select to_jsonb(t) - 'load_id' - 'submission_id' from intermediate.int_order_status_history as t "
        "order by order_id, order_date, line_key, line_ordinal, exported_at, status"
    )
    days = office.select(
        "select order_date, sku, product_key, sum(line_count), sum(sold_vnd) from intermediate.int_sales_daily "
        "group by 1, 2, 3 order by 1, 2, 3"
    )
    months = office.select(
        "select month_date, product_key, sum(sold_line_count), sum(sold_vnd) from intermediate.int_sales_monthly "
        "group by 1, 2 order by 1, 2"
    )
    return {"lines": lines, "changes": changes, "days": days, "months": months}


def stored(office: Office) -> dict[str, list[Any]]:
    return {table: office.select(f"select to_jsonb(t)::text from {table} as t order by 1") for table in TABLES}  # noqa: S608


def after(office: Office, exports: Sequence[Export], *, every: bool) -> dict[str, list[Any]]:
    """What stands after these files, built after each or once."""
    forget(office)
    for export in exports:
        put(office, export)
        if every:
            built(office)
    built(office)
    return state(office)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_in_which_exports_arrive_and_how_often_changes_nothing(office: Office, seed: int) -> None:
    exports = history(seed)
    first = after(office, exports, every=False)
    assert first["lines"]
    shuffled = Random(seed).sample(exports, len(exports))  # noqa: S311
    assert after(office, [*shuffled, *exports[:2]], every=False) == first
    assert after(office, exports[::-1], every=True) == first


@pytest.mark.parametrize("seed", [3, 4])
def test_nights_one_by_one_give_what_everything_anew_gives(office: Office, seed: int) -> None:
    forget(office)
    random = Random(seed)  # noqa: S311
    exports = history(seed)
    skus(office, ("CHE", PRODUCTS[0], ""))
    built(office)
    put(office, exports[0])
    put(office, exports[1])
    built(office)
    skus(office, ("CHE", PRODUCTS[1], "2023-05-28"), ("MI", PRODUCTS[0], ""))
    put(office, exports[2])
    built(office)
    numbers = office.select("select submission_id from ingest.load where form = 'order_lines'")
    withdraw(office.warehouse, random.choice(numbers), "nhầm")
    built(office)
    with office.warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql("truncate intermediate.model_build")
    by_night = stored(office)
    built(office)
    assert stored(office) == by_night
    assert by_night["marts.fct_order_lines"]


def test_a_night_leaves_alone_what_no_new_file_speaks_of(office: Office) -> None:
    forget(office)
    row = ("Hoàn thành", "CHE", "Chè", 1, "", "1.000")
    put(office, Export(1, (("A", *row, "2023-05-01 10:00"), ("B", *row, "2023-06-20 10:00"))))
    built(office)
    places = "select order_id, ctid::text, xmin::text from marts.fct_order_lines order by order_id"
    before = office.select(places)
    put(office, Export(2, (("B", *row, "2023-06-20 10:00"), ("C", *row, "2023-06-21 10:00"))))
    built(office)
    after_it = office.select(places)
    assert (after_it[0], len(after_it)) == (before[0], 3)
    assert after_it[1] != before[1]


def test_a_return_told_by_a_file_of_its_own_reaches_the_day_of_its_order(office: Office) -> None:
    forget(office)
    put(office, Export(1, (("A", "Hoàn thành", "CHE", "Chè", 2, "", "1.000", "2023-05-01 10:00"),)))
    built(office)
    (key,) = office.select("select distinct line_key from raw.order_lines")
    with office.warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(
            "insert into ingest.load select load_id + 100, submission_id, source, 'order_returns', unit_code, "
            "'2023-06-01', '2023-06-02', known_from, known_to, closed_by, 1, false from ingest.load"
        )
        connection.exec_driver_sql(
            "insert into raw.order_returns (load_id, submission_id, source_sheet, source_row, marketplace, shop_id, "
            "return_id, order_id, line_key, returned_quantity, status) select load_id, submission_id, 'x', 2, "
            "'shopee', 'ocop_dat_to', 'R', 'A', %s, 1, 'completed' from ingest.load where form = 'order_returns'",
            (key,),
        )
    built(office)
    assert office.select("select sold_quantity::int, sold_vnd::int from marts.fct_order_lines") == [(1, 1000)]
    assert office.select("select sold_vnd::int from intermediate.int_sales_monthly") == [1000]


def certify(office: Office, day: str) -> None:
    """P (its first product) is certified in Hạ Hòa on that day; the second never is."""
    event = {
        "product_code": PRODUCTS[0],
        "product_name": "Chè xanh Hạ Hòa",
        "event_kind": "mới",
        "stars": "3",
        "decision_number": "1/QĐ",
        "decision_date": day,
        "entity_name": "HTX Chè",
    }
    office.put("district_submissions/231/product_events_2023-06.csv", csv_text(rows_of(PRODUCT_EVENTS, event)))
    office.take_in("district_submissions")


@pytest.fixture(scope="module")
def sales(office: Office) -> Office:
    """June 2023: 3 x 1.000 of a product certified on 10/06, 2 x 1.000 of one in no register, 7.500 unmapped."""
    forget(office)
    certify(office, "2023-06-10")
    mapped = ("CHE", PRODUCTS[0], ""), ("MI", PRODUCTS[1], ""), ("=1+1", PRODUCTS[1], "2023-01-01")
    skus(office, *mapped, ("KHO", "01", ""))
    done = "Hoàn thành"
    rows = (
        ("A", done, "CHE", "Chè", 1, "", "1.000", "2023-06-09 10:00"),
        ("B", done, "CHE", "Chè", 2, "", "1.000", "2023-06-10 10:00"),
        ("C", done, "MI", "Mì", 2, "", "1.000", "2023-06-10 10:00"),
        ("D", done, "X01", "Chè xanh Hạ Hoà 100g", 7, "", "1.000", "2023-06-11 10:00"),
        ("E", done, "=HYPERLINK(1)", "=2+2", 1, "", "500", "2023-06-12 10:00"),
        ("F", "Đã hủy", "CHE", "Chè", 9, "", "1.000", "2023-06-12 10:00"),
    )
    put(office, Export(1, rows))
    # Whoever built some tables anew took the views with them.
    results = build(office.settings, office.warehouse, ["--exclude", *NEVER_BUILT], logging.getLogger(__name__))
    assert [result for result in results if result.status in {"error", "fail"}] == []
    return office


def test_valid_outside_validity_and_unmapped_are_all_that_was_sold(sales: Office) -> None:
    by_day = "select certificate_state, sum(sold_vnd)::int from marts.fct_sales_daily group by 1 order by 1"
    assert sales.select(by_day) == [("outside_validity", 1000 + 2000), ("unmapped", 7500), ("valid", 2000)]
    figures = """
        select variant, value::int from marts.kpi_values_at where kpi_code = 'online_sales' and unit_code = '25'
        and breakdown = '' and variant in ('', 'outside_validity', 'unmapped') order by 1
    """
    found = fetch(sales.warehouse, figures, as_of=date(2023, 6, 30)).rows
    # The product was valid on the day of the figure: as for product_value, all of its window counts.
    assert found == (("", 3000), ("outside_validity", 2000), ("unmapped", 7500))
    (sold,) = sales.select("select sum(sold_vnd)::int from marts.fct_order_lines")
    assert sold == sum(value for _, value in found) == sum(value for _, value in sales.select(by_day))


def test_the_order_lines_behind_a_figure_add_up_to_it(sales: Office) -> None:
    evidence = """
        select variant, sum(numerator)::int, count(*) from marts.kpi_evidence_at where kpi_code = 'online_sales'
        and unit_code = '25' and variant in ('', 'outside_validity', 'unmapped') group by 1 order by 1
    """
    found = fetch(sales.warehouse, evidence, as_of=date(2023, 6, 30)).rows
    assert found == (("", 3000, 2), ("outside_validity", 2000, 1), ("unmapped", 7500, 2))
    subjects = "select subject from marts.kpi_evidence_at where kpi_code = 'online_sales' and unit_code = '25' {}"
    named = fetch(sales.warehouse, subjects.format("and variant = 'unmapped' order by 1"), as_of=date(2023, 6, 30)).rows
    assert named == (("SKU =HYPERLINK(1)",), ("SKU X01",))


def test_sales_on_days_without_a_certificate_are_those_of_the_daily_mart(sales: Office) -> None:
    figure = "select value::int from marts.kpi_values_at where kpi_code = 'online_sales' and unit_code = '25' {}"
    found = fetch(
        sales.warehouse, figure.format("and variant = 'uncertified_days' and breakdown = ''"), as_of=date(2023, 6, 30)
    ).rows
    assert found == ((1000 + 2000,),)


def test_the_asset_of_the_sales_shows_them_as_a_picture(sales: Office) -> None:
    (shown,) = sales_metadata(sales.warehouse).values()
    assert "data:image/png" in str(shown)


def test_skus_without_a_known_product_are_listed_by_revenue_with_one_that_nobody_applies(sales: Office) -> None:
    home = sales.settings.root
    listed = json.loads(asked(home, "skus", "--format", "json").stdout)
    assert [
        (row["sku"], row["mapping_state"], row["unmapped_vnd"], row["waiting_vnd"], row["suggested_product_key"])
        for row in listed
    ] == [
        ("X01", "not_in_table", 7000, 7000, PRODUCTS[0]),
        ("MI", "code_unknown", 0, 2000, None),
        ("=HYPERLINK(1)", "not_in_table", 500, 500, None),
        ("=1+1", "code_unknown", 0, 0, None),
        ("KHO", "code_not_official", 0, 0, None),
    ]
    table = asked(home, "skus").stdout
    assert "Doanh thu" in table
    assert max(map(len, table.splitlines())) <= SHEET_WIDTH
    assert "'=HYPERLINK(1)" in asked(home, "skus", "--format", "csv").stdout


def test_a_code_that_names_no_product_is_told_in_both_languages(sales: Office) -> None:
    words = " ".join(asked(sales.settings.root, "skus").stdout.split())
    assert f"MI: bảng SKU ghi mã {PRODUCTS[1]}, không sản phẩm nào trong sổ mang mã này;" in words
    assert "KHO: bảng SKU ghi mã 01, không phải mã chính thức;" in words
    assert "the table of SKUs has the code 01, which is not official." in words
    assert "CHE: " not in words


def test_the_offices_table_goes_out_with_the_unmapped_and_comes_back(sales: Office) -> None:
    path = sales.settings.root / "sku.xlsx"
    assert asked(sales.settings.root, "skus", "--export", str(path)).returncode == 0
    refused = asked(sales.settings.root, "skus", "--export", str(path.with_suffix(".csv")))
    assert (refused.returncode, "must end in .xlsx" in refused.stderr) == (2, True)
    book = load_workbook(path)
    sheet = book[SKU_PRODUCTS.sheet]
    reasons = {row[2].value: row[8].value for row in sheet.iter_rows(min_row=2)}
    assert reasons["CHE"] is None
    assert reasons["KHO"] == "bảng SKU ghi mã 01, không phải mã chính thức"
    assert list(reasons)[-2:] == ["X01", "=HYPERLINK(1)"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n", "d"}
    table = "select seller_sku, product_code, valid_from_date from raw.sku_products join ingest.load_at using (load_id)"
    before = sales.select(table + " order by 1")
    sales.put("ecommerce_sales/sku_products.xlsx", path.read_bytes())
    sales.take_in("ecommerce_sales")
    assert sales.select(table + " order by 1") == before
    (row,) = [row for row in sheet.iter_rows(min_row=2) if row[2].value == "X01"]
    row[3].value = PRODUCTS[0]
    book.save(path)
    sales.put("ecommerce_sales/sku_products.xlsx", path.read_bytes())
    sales.take_in("ecommerce_sales")
    assert sales.quarantine() == {}
    built(sales)
    assert sales.select("select sku from marts.dim_sku where unmapped_vnd > 0") == ["=HYPERLINK(1)"]
