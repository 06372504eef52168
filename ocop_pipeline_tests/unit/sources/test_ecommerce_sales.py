"""An export becomes canonical order lines through its shop's mapping, and nothing of the buyer comes along."""

from typing import Any

import pytest

from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.document import FileRejectedError, Part
from ocop_pipeline.sources.ecommerce_sales import ORDER_LINES, read
from ocop_pipeline.sources.marketplace_mapping import load_mapping
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline_tests.files import Arrive, csv_text

HEADINGS = {
    "Mã đơn hàng": "A1",
    "Trạng thái": "Hoàn thành",
    "Mã SKU": "CHE",
    "Tên hàng": "Chè",
    "Số lượng": "3",
    "Số lượng trả": "",
    "Đơn giá": "90.000",
    "Người bán giảm": "",
    "Thời gian đặt": "2023-06-09 10:00",
    "Người mua": "Chim Yến",
    "Số điện thoại": "0912000111",
}
RETAIL = {
    "InvoiceNo": "573744",
    "StockCode": "21314",
    "Description": "HEART",
    "Quantity": "8",
    "InvoiceDate": "2011-11-01 08:16:00",
    "UnitPrice": "2.1",
    "CustomerID": "17733.0",
    "Country": "United Kingdom",
}


def export(usual: dict[str, str], *changes: dict[str, str]) -> str:
    return csv_text([list(usual), *((usual | change).values() for change in changes)])  # type: ignore[list-item]


def part(arrive: Arrive, reference: Reference, *changes: dict[str, str], shop: str = "ocop_dat_to") -> Part:
    usual = RETAIL if shop == "online_retail" else HEADINGS
    return read(arrive(f"{shop}/a.csv", export(usual, *changes)), reference).parts[0]


def lines(arrive: Arrive, reference: Reference, *changes: dict[str, str], shop: str = "ocop_dat_to") -> list[Any]:
    typed = clean(ORDER_LINES, [part(arrive, reference, *changes, shop=shop)], reference).rows
    return typed.to_dict("records")


def test_net_is_what_stayed_sold_of_price_by_quantity_less_the_discount(arrive: Arrive, reference: Reference) -> None:
    (line,) = lines(arrive, reference, {"Số lượng trả": "1", "Người bán giảm": "-5.000"})
    assert (line["gross_vnd"], line["seller_discount_vnd"], line["net_vnd"]) == (270_000, 5_000, 176_666.67)


def test_a_line_that_came_back_as_a_whole_brings_nothing(arrive: Arrive, reference: Reference) -> None:
    (line,) = lines(arrive, reference, {"Trạng thái": "TRẢ HÀNG"})
    assert (line["status"], line["gross_vnd"], line["net_vnd"]) == ("returned_full", 270_000, 0)


@pytest.mark.parametrize(
    ("word", "status"),
    [("Hoàn thành", "completed"), ("ĐÃ HỦY", "cancelled"), ("Đang giao", "shipped"), ("Chờ xác nhận", "pending")],
)
def test_a_marketplace_s_words_become_canonical_statuses(
    arrive: Arrive, reference: Reference, word: str, status: str
) -> None:
    (line,) = lines(arrive, reference, {"Trạng thái": word})
    assert (line["status"], line["status_raw"]) == (status, word)


def test_an_unknown_status_stays_as_it_is_and_is_no_sale(arrive: Arrive, reference: Reference) -> None:
    (line,) = lines(arrive, reference, {"Trạng thái": "Đang lạc"})
    assert line["status"] == "Đang lạc"


def test_a_line_is_known_by_its_item_and_equal_lines_of_an_order_share_it(arrive: Arrive, reference: Reference) -> None:
    found = lines(arrive, reference, {}, {}, {"Mã SKU": "MI"}, {"Mã đơn hàng": "A2"}, {"Mã SKU": ""})
    assert [(line["order_id"], line["line_key"]) for line in found] == [
        ("A1", "CHE"),
        ("A1", "CHE"),
        ("A1", "MI"),
        ("A2", "CHE"),
        ("A1", "Chè"),
    ]


def test_a_real_shop_s_returns_are_lines_of_their_own_day_at_a_fixed_rate(arrive: Arrive, reference: Reference) -> None:
    sold, returned, gift = lines(
        arrive,
        reference,
        {},
        {"InvoiceNo": "C573745", "Quantity": "-2"},
        {"Quantity": "-5", "UnitPrice": "0"},
        shop="online_retail",
    )
    assert (sold["status"], sold["list_price_vnd"], sold["net_vnd"]) == ("completed", 70_140, 561_120)
    assert (returned["status"], returned["net_vnd"]) == ("returned_full", -140_280)
    assert (gift["quantity"], gift["net_vnd"]) == (-5, 0)


def test_an_amount_that_is_no_number_stays_for_the_contract_to_name(arrive: Arrive, reference: Reference) -> None:
    (line,) = lines(arrive, reference, {"Đơn giá": "1,234", "Số lượng": "hai"})
    assert (line["list_price_vnd__problem"], line["quantity__problem"]) == ("ambiguous", "unreadable")


def test_an_export_covers_its_order_days(arrive: Arrive, reference: Reference) -> None:
    found = part(arrive, reference, {}, {"Thời gian đặt": "2023-06-11 23:59"}, {"Thời gian đặt": "?"})
    assert (found.period.label, found.unit_code, found.replaces) == ("2023-06-09/2023-06-11", "ocop_dat_to", False)


def test_nothing_of_the_buyer_is_read(arrive: Arrive, reference: Reference) -> None:
    assert "Chim Yến" not in part(arrive, reference, {}).rows.to_csv()
    assert "17733" not in part(arrive, reference, {}, shop="online_retail").rows.to_csv()


def test_the_office_s_own_mapping_goes_before_the_shipped_one_and_its_faults_are_named(
    arrive: Arrive, reference: Reference
) -> None:
    folder = arrive("simple_vi.toml", "title = 'Của sở'\ntime = '%d/%m/%Y'\ncolumns = {}\n").path.parent
    assert load_mapping("simple_vi", folder).title == "Của sở"
    arrive("simple_vi.toml", "tittle = 'Của sở'\n")
    for name, rule in (("simple_vi", "mapping_unusable"), ("chợ", "mapping_unknown")):
        with pytest.raises(FileRejectedError) as refusal:
            load_mapping(name, folder)
        assert refusal.value.rule == rule
    assert load_mapping("simple_vi", reference.mapping_folder).title == "Bảng kê đơn hàng đơn giản"
