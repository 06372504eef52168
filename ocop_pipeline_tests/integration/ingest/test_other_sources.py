"""Exports of shops, labour reports and tables of the statistics office on their way into the warehouse."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from ocop_pipeline.reports.arrivals import arrivals_of
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline.sources.marketplace_mapping import load_mapping
from ocop_pipeline.sources.sku_products import SKU_PRODUCTS
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Outcome
from ocop_pipeline_tests.files import csv_text, rows_of, xlsx
from ocop_pipeline_tests.offices import Office

ORDERS = ["Mã đơn hàng", "Trạng thái", "Mã SKU", "Số lượng", "Đơn giá", "Thời gian đặt"]
REPORT = {
    "report_period": "2023-Q1",
    "commune_code": "08080",
    "entity_code": "2600000001",
    "entity_name": "HTX Một",
    "total_workers": 7,
    "regular_workers": 5,
}
PX_WEB = (
    '\ufeff"Labour force by Cities, provincies and Year"\r\n\r\n'
    '"Cities, provincies";"2015";"Prel. 2016"\r\n" WHOLE COUNTRY";1.5;..\r\n"Phu Tho";na;519.4sb\r\n'
    '"Ha Tay";3;chưa rõ\r\n'
)


def order(number: str, status: str = "Hoàn thành", quantity: str = "1", price: str = "90.000") -> list[str]:
    return [number, status, "CHE", quantity, price, "2023-06-09 10:00"]


def rejected(office: Office) -> list[tuple[str, str | None, str | None]]:
    return [
        (file.file_name, file.rule, file.place)
        for file in submissions(office.warehouse).values()
        if file.outcome is Outcome.REJECTED
    ]


def test_exports_that_cannot_be_read_are_rejected_by_name(office: Office) -> None:
    good = csv_text([ORDERS, order("A1")])
    office.put("ecommerce_sales/gian_la/a.csv", good)
    office.put("ecommerce_sales/b.csv", good)
    office.put("ecommerce_sales/ocop_dat_to/c.csv", csv_text([ORDERS[:-1], order("A1")[:-1]]))
    office.put("ecommerce_sales/ocop_dat_to/d.csv", csv_text([ORDERS, [*order("A1")[:-1], "hôm qua"]]))
    office.put("ecommerce_sales/ocop_dat_to/e.ods", xlsx({"orders": [ORDERS, order("A1")]}))
    office.put("ecommerce_sales/ocop_dat_to/f.csv", good)
    office.take_in("ecommerce_sales")
    assert rejected(office) == [
        ("a.csv", "shop_unknown", "gian_la"),
        ("b.csv", "layout_unknown", "b.csv"),
        ("c.csv", "column_missing", "c.csv"),
        ("d.csv", "no_order_time", "d.csv"),
        ("e.ods", "extension_not_accepted", "e.ods"),
    ]
    assert office.current("order_lines", "order_id, line_key") == [("A1", "CHE")]


def test_a_later_export_stands_beside_the_earlier_for_the_models_to_choose(office: Office) -> None:
    office.put("ecommerce_sales/ocop_dat_to/a.csv", csv_text([ORDERS, order("A1", "Đang giao"), order("A2")]))
    office.put("ecommerce_sales/ocop_dat_to/b.csv", csv_text([ORDERS, order("A1")]))
    office.take_in("ecommerce_sales")
    assert office.current("order_lines", "order_id, status, net_vnd::int") == [
        ("A1", "shipped", 90_000),
        ("A2", "completed", 90_000),
        ("A1", "completed", 90_000),
    ]


def test_an_order_line_with_an_unknown_status_or_no_number_is_refused(office: Office) -> None:
    office.put(
        "ecommerce_sales/ocop_dat_to/a.csv",
        csv_text([ORDERS, order("A1", "Đang lạc"), order("A2", quantity="hai"), order("A3", price="1,234"), order("")]),
    )
    office.take_in("ecommerce_sales")
    assert {row: found[0].rules for (_, row), found in office.quarantine().items()} == {
        2: ("status_unknown",),
        3: ("quantity_not_a_number",),
        4: ("list_price_vnd_is_ambiguous",),
        5: ("order_id_missing",),
    }
    assert office.select("select count(*) from raw.order_lines") == [0]


def test_a_new_sku_table_takes_the_place_of_the_old(office: Office) -> None:
    row = {"marketplace": "shopee", "shop_id": "ocop_dat_to", "seller_sku": "CHE", "product_code": "SP1"}
    office.put("ecommerce_sales/sku.csv", csv_text(rows_of(SKU_PRODUCTS, row, row | {"seller_sku": "MI"})))
    office.put("ecommerce_sales/sku moi.csv", csv_text(rows_of(SKU_PRODUCTS, row | {"product_code": "SP2"})))
    office.take_in("ecommerce_sales")
    assert office.current("sku_products", "seller_sku, product_code") == [("CHE", "SP2")]


def test_a_sku_table_may_name_marketplaces_as_people_do_and_a_wrong_word_goes_back(office: Office) -> None:
    row = {"marketplace": "Shopee", "shop_id": "ocop_dat_to", "seller_sku": "CHE", "product_code": "SP1"}
    wrong = [{"marketplace": "TikTok Shop", "seller_sku": "A"}, {"shop_id": "gian_la", "seller_sku": "B"}]
    table = rows_of(SKU_PRODUCTS, row, *(row | change for change in wrong))
    office.put("ecommerce_sales/sku.csv", "\ufeff" + csv_text(table, ";"))
    office.take_in("ecommerce_sales")
    assert office.current("sku_products", "marketplace, seller_sku") == [("shopee", "CHE")]
    assert {row: found[0].rules for (_, row), found in office.quarantine().items()} == {
        3: ("marketplace_not_of_shop",),
        4: ("shop_not_in_registry",),
    }


def test_reports_of_single_entities_stand_side_by_side_and_a_new_one_replaces_its_own(office: Office) -> None:
    other = REPORT | {"entity_code": "2600000002", "entity_name": "HTX Hai"}
    office.put("labour_statistics/231/một.csv", csv_text(rows_of(LABOUR_REPORTS, REPORT)))
    office.put("labour_statistics/231/hai.csv", csv_text(rows_of(LABOUR_REPORTS, other)))
    office.put("labour_statistics/231/một lại.csv", csv_text(rows_of(LABOUR_REPORTS, REPORT | {"regular_workers": 6})))
    office.take_in("labour_statistics")
    assert office.current("labour_reports", "entity_code, regular_workers, commune_code") == [
        ("2600000002", 5, "08080"),
        ("2600000001", 6, "08080"),
    ]


def test_a_district_s_file_brings_a_load_per_period(office: Office) -> None:
    other = REPORT | {"entity_code": "2600000002"}
    rows = [REPORT, other, REPORT | {"report_period": "quý II/2023"}, other | {"report_period": "2023-Q2"}]
    office.put("labour_statistics/b.xlsx", xlsx({"Báo cáo lao động": rows_of(LABOUR_REPORTS, *rows)}))
    office.take_in("labour_statistics")
    assert office.select("select unit_code, period_from, period_to, row_count from ingest.load order by load_id") == [
        ("231", date(2023, 1, 1), date(2023, 4, 1), 2),
        ("231", date(2023, 4, 1), date(2023, 7, 1), 2),
    ]


def test_labour_reports_that_speak_for_no_unit_or_period_are_rejected(office: Office) -> None:
    elsewhere = REPORT | {"entity_code": "2", "commune_code": "07900"}
    office.put("labour_statistics/a.csv", csv_text(rows_of(LABOUR_REPORTS, REPORT, elsewhere)))
    office.put("labour_statistics/231/b.csv", csv_text(rows_of(LABOUR_REPORTS, REPORT, REPORT | {"report_period": ""})))
    office.put("labour_statistics/231/c.csv", csv_text(rows_of(LABOUR_REPORTS)))
    office.put("labour_statistics/xyz/d.csv", csv_text(rows_of(LABOUR_REPORTS, REPORT)))
    office.take_in("labour_statistics")
    assert rejected(office) == [
        ("a.csv", "unit_unknown", "a.csv"),
        ("b.csv", "period_unreadable", "b.csv:3"),
        ("c.csv", "no_rows", "c.csv"),
        ("d.csv", "unit_unknown", "xyz"),
    ]


def test_labour_figures_that_contradict_each_other_are_refused(office: Office) -> None:
    rows = [
        REPORT | {"entity_code": "1", "female_workers": 8},
        REPORT | {"entity_code": "2", "regular_workers": 8},
        REPORT | {"entity_code": "3", "mean_income_vnd": 5_500_000},
        REPORT | {"entity_code": "4", "mean_income_vnd": "5.500", "seasonal_workers": 2},
        REPORT | {"entity_code": "5", "total_workers": "khoảng 7"},
    ]
    office.put("labour_statistics/231/a.xlsx", xlsx({"Trang 1": rows_of(LABOUR_REPORTS, *rows)}))
    office.take_in("labour_statistics")
    assert {row: found[0].rules for (_, row), found in office.quarantine().items()} == {
        2: ("female_workers_above_total_workers",),
        3: ("regular_workers_above_total_workers",),
        4: ("mean_income_vnd_out_of_range",),
        6: ("total_workers_is_approximate",),
    }
    assert office.current("labour_reports", "entity_code, mean_income_vnd") == [("4", Decimal(5_500_000))]


def test_a_px_web_table_keeps_gaps_and_flags_and_refuses_what_is_no_number(office: Office) -> None:
    office.put("labour_statistics/bảng.csv", PX_WEB)
    office.take_in("labour_statistics")
    assert office.current("province_indicators", "place_name, year, value, flag, is_preliminary, source_sheet") == [
        ("WHOLE COUNTRY", 2015, Decimal("1.5"), None, False, "2015"),
        ("WHOLE COUNTRY", 2016, None, "..", True, "Prel. 2016"),
        ("Phu Tho", 2015, None, "na", False, "2015"),
        ("Phu Tho", 2016, Decimal("519.4"), "sb", True, "Prel. 2016"),
        ("Ha Tay", 2015, Decimal(3), None, False, "2015"),
    ]
    assert [(row.source_sheet, row.source_row, row.rules) for rows in office.quarantine().values() for row in rows] == [
        ("Prel. 2016", 6, ("value_not_a_number",)),
    ]
    assert office.select("select unit_code, period_from, period_to from ingest.load") == [
        ("labour_force", date(2015, 1, 1), date(2017, 1, 1))
    ]


@pytest.mark.parametrize(("source", "kept"), [("ecommerce_sales", 1), ("labour_statistics", 1)])
def test_the_archive_of_these_sources_is_redacted(office: Office, source: str, kept: int) -> None:
    office.put("ecommerce_sales/ocop_dat_to/a.csv", csv_text([ORDERS, order("A1")]))
    office.put("labour_statistics/231/a.csv", csv_text(rows_of(LABOUR_REPORTS, REPORT)))
    office.take_in(source)
    assert len(office.files_under(office.settings.archive / source)) == kept
    assert submissions(office.warehouse)[1].archive_path is not None
    assert submissions(office.warehouse)[1].received_at > datetime.fromisoformat("2020-01-01T00:00+07:00")


def test_a_file_in_no_shop_s_folder_and_a_new_column_are_warned_of_in_the_run_s_output(office: Office) -> None:
    known = load_mapping("shopee_vn", office.settings.mappings)
    cells = {headings[0]: "" for headings in known.columns.values()} | {"Mã vận đơn": "VN1"}
    cells |= {"Mã đơn hàng": "A", "Trạng Thái Đơn Hàng": "Hoàn thành", "SKU phân loại hàng": "CHE", "Số lượng": "1"}
    cells |= {"Giá gốc": "1", "Giá ưu đãi": "1", "Ngày đặt hàng": "2026-04-01 10:00"}
    for path, more in (("a.csv", {"Cột mới": "1"}), ("ocop_dat_to/b.csv", {})):
        told = cells | more
        office.put(f"ecommerce_sales/{path}", csv_text([list(told), list(told.values())]))
    office.take_in("ecommerce_sales")
    arrivals = arrivals_of(office.warehouse, ledger.submissions(office.warehouse), office.settings.outbox)
    assert arrivals.warnings == (
        ("ecommerce_sales/a.csv", "cột mới “Cột mới” không được đọc / the new column is not read"),
        (
            "ecommerce_sales/a.csv",
            (
                "không nằm trong thư mục gian hàng nào, được tính cho shopee_mac_dinh / taken as an export of "
                "shopee_mac_dinh"
            ),
        ),
    )
