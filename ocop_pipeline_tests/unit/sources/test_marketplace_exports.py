"""Exports of the marketplaces, in every generation and with their quirks, become the same canonical lines."""

import io
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook

from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.document import Document, FileRejectedError
from ocop_pipeline.sources.ecommerce_sales import ORDER_LINES, SOURCE, read
from ocop_pipeline.sources.order_returns import ORDER_RETURNS
from ocop_pipeline.sources.reference import Reference, Shop
from ocop_pipeline.verdict import judge_batch
from ocop_pipeline_tests.files import Arrive, csv_text, sheet_of, with_part, xlsx

SHOPEE = {
    "Mã đơn hàng": "260401KW474ETA",
    "Ngày đặt hàng": "2026-04-01 10:00",
    "Trạng Thái Đơn Hàng": "Hoàn thành",
    "Lý do hủy": "",
    "Mã vận đơn": "VN1",
    "Trạng thái Trả hàng/Hoàn tiền": "",
    "SKU sản phẩm": "CHE",
    "Tên sản phẩm": "Chè",
    "SKU phân loại hàng": "CHE-1",
    "Tên phân loại hàng": "Túi",
    "Giá gốc": "100.000",
    "Giá ưu đãi": "90.000",
    "Số lượng": "2",
    "Số lượng sản phẩm được hoàn trả": "",
    "Tổng số tiền Người mua thanh toán": "1",
    "Tổng số tiền người mua thanh toán": "2",
    "Mã giảm giá của Shop": "",
    "Người Mua": "KHÁCH-BÍ-MẬT",
    "Tỉnh/Thành phố": "Hà Nội",
}
OLD_NAMES = {
    "Trạng Thái Đơn Hàng": "Tình trạng đơn hàng",
    "Trạng thái Trả hàng/Hoàn tiền": "Tình trạng Trả hàng / Hoàn tiền",
    "Số lượng sản phẩm được hoàn trả": "Returned quantity",
    "Người Mua": "Username (Buyer)",
}
TIKTOK = {
    "Order ID": "576460000000000123\t",
    "Order Status": "Completed",
    "Order Substatus": "Completed",
    "Cancelation/Return Type": "",
    "SKU ID": "1729500000000000321\t",
    "Seller SKU": "CHE-1",
    "Product Name": "Chè",
    "Variation": "Túi",
    "Quantity": "2",
    "Sku Quantity of return": "0",
    "SKU Unit Original Price": "100000",
    "SKU Platform Discount": "10000",
    "SKU Seller Discount": "20000",
    "SKU Subtotal After Discount": "170000",
    "Created Time": "01/04/2026 10:00:00\t",
    "Delivered Time": "\t",
    "Recipient": "KHÁCH-BÍ-MẬT",
    "Province": "Hà Nội",
}
DESCRIPTION = dict.fromkeys(TIKTOK, "What it is.") | {"Order ID": "Platform unique order ID."}
LAZADA = {
    "orderItemId": "111222333444555",
    "sellerSku": "CHE-1",
    "lazadaSku": "L-1",
    "createTime": "01 Apr 2026 10:00",
    "orderNumber": "999888777",
    "customerName": "KHÁCH-BÍ-MẬT",
    "shippingRegion": "Hà Nội",
    "paidPrice": "105000",
    "unitPrice": "100000",
    "sellerDiscountTotal": "-10000",
    "itemName": "Chè",
    "status": "confirmed",
}
RETURN = {
    "Return Order ID": "4035\t",
    "Order ID": "576460000000000123\t",
    "SKU ID": "1729500000000000321\t",
    "Seller SKU": "CHE-1",
    "Buyer Username": "KHÁCH-BÍ-MẬT",
    "Return Type": "Refund only",
    "Time Requested": "05/04/2026 10:00:00\t",
    "Return unit price": "85000",
    "Return Quantity": "1",
    "Return Status": "Completed",
    "Refund Time": "\t",
}


def table(*rows: dict[str, Any]) -> list[list[Any]]:
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def document(arrive: Arrive, reference: Reference, content: bytes | str, name: str = "a.csv") -> Document:
    return read(arrive(name, content), reference)


def lines(found: Document) -> list[Any]:
    form = ORDER_LINES if found.parts[0].form == "order_lines" else ORDER_RETURNS
    rows = clean(form, found.parts, Reference((), (), None)).rows.astype("object")  # type: ignore[arg-type]
    return rows.where(rows.notna(), None).to_dict("records")


def shopee(arrive: Arrive, reference: Reference, *changes: dict[str, Any]) -> list[Any]:
    return lines(document(arrive, reference, csv_text(table(*(SHOPEE | change for change in changes)))))


def tiktok(arrive: Arrive, reference: Reference, changes: dict[str, str]) -> Any:  # noqa: ANN401 - a record
    (line,) = lines(document(arrive, reference, csv_text(table(TIKTOK | changes))))
    return line


def xls(rows: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("orders")
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            sheet.write(number, position, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_shopee_is_read_in_every_generation_form_and_kind_of_file(arrive: Arrive, reference: Reference) -> None:
    old = {OLD_NAMES.get(heading, heading): cell for heading, cell in SHOPEE.items()}
    decomposed = {unicodedata.normalize("NFD", heading).upper(): cell for heading, cell in SHOPEE.items()}
    without = {heading: cell for heading, cell in SHOPEE.items() if heading != "Lý do hủy"}
    contents: dict[str, bytes | str] = {
        "a.csv": csv_text(table(SHOPEE)),
        "b.csv": csv_text(table(old), ";"),
        "c.xlsx": xlsx({"orders": table(decomposed)}),
        "d.xlsx": xlsx({"Ghi chú": [["Xin chào"]], "orders": table(without)}),
        "e.xls": xls(table(SHOPEE)),
    }
    for name, content in contents.items():
        found = document(arrive, reference, content, name)
        (line,) = lines(found)
        assert (line["order_id"], line["line_key"], line["seller_sku"], line["status"], line["net_vnd"]) == (
            *("260401KW474ETA", "CHE-1", "CHE-1", "completed", 180_000),
        )
        assert line["ordered_at"] == datetime(2026, 4, 1, 10)  # noqa: DTZ001 - exports carry local time
        assert [repair.rule for repair in found.parts[0].repairs] == ["shop_assumed"]


@pytest.mark.parametrize(
    ("written", "price"), [("165000.00", 165_000), ("90.000", 90_000), ("1,234", 1_234), ("82.912₫", 82_912), (90, 90)]
)
def test_money_is_read_however_a_seller_s_export_writes_it(
    arrive: Arrive, reference: Reference, written: object, price: int
) -> None:
    (line,) = shopee(arrive, reference, {"Giá ưu đãi": written})
    assert line["net_vnd"] == 2 * price


def test_a_shop_s_voucher_repeated_on_each_line_is_spread_once_over_the_order(
    arrive: Arrive, reference: Reference
) -> None:
    voucher = {"Mã giảm giá của Shop": "10.000"}
    other = voucher | {"SKU phân loại hàng": "CHE-2", "Số lượng": "1"}
    found = shopee(arrive, reference, voucher, other, {"Mã đơn hàng": "B"})
    assert [line["seller_discount_vnd"] for line in found] == [6_666.67, 3_333.33, 0]
    assert sum(line["net_vnd"] for line in found) == 270_000 - 10_000 + 180_000


@pytest.mark.parametrize(
    ("change", "status", "net"),
    [
        ({"Số lượng sản phẩm được hoàn trả": "1"}, "returned_part", 90_000),
        ({"Số lượng sản phẩm được hoàn trả": "2"}, "returned_full", 0),
        ({"Trạng thái Trả hàng/Hoàn tiền": "Hoàn tất trả hàng"}, "returned_full", 0),
        (
            {"Trạng thái Trả hàng/Hoàn tiền": "Hoàn tất trả hàng", "Số lượng sản phẩm được hoàn trả": "0"},
            "completed",
            180_000,
        ),
        ({"Trạng thái Trả hàng/Hoàn tiền": "Yêu cầu chờ xử lý"}, "completed", 180_000),
        ({"Trạng thái Trả hàng/Hoàn tiền": "Chữ lạ"}, "Chữ lạ", 180_000),
        ({"Trạng Thái Đơn Hàng": "Người mua xác nhận đã nhận được hàng, còn 3 ngày để trả"}, "delivered", 180_000),
        ({"Trạng Thái Đơn Hàng": "Hoàn thành giả"}, "Hoàn thành giả", 180_000),
    ],
)
def test_shopee_s_words_and_returns(
    arrive: Arrive, reference: Reference, change: dict[str, str], status: str, net: int
) -> None:
    (line,) = shopee(arrive, reference, change)
    assert (line["status"], line["net_vnd"]) == (status, net)


@pytest.mark.parametrize(("ordered", "returned", "net"), [("3", "1", 180_000), ("10", "9", 24_000), ("3", "3", 0)])
def test_what_came_back_takes_its_part_of_the_voucher_with_it(
    arrive: Arrive, reference: Reference, ordered: str, returned: str, net: int
) -> None:
    """3 at 100,000 less 30,000 are 270,000, two thirds of it 180,000; 10 are 240,000 less 0, a tenth of it 24,000."""
    voucher = "30.000" if ordered == "3" else "760.000"
    change = {"Giá ưu đãi": "100.000", "Số lượng": ordered, "Số lượng sản phẩm được hoàn trả": returned}
    (line,) = shopee(arrive, reference, change | {"Mã giảm giá của Shop": voucher})
    assert line["net_vnd"] == net


@pytest.mark.parametrize(
    ("usual", "heading"),
    [
        (SHOPEE, "Mã giảm giá của Shop"),
        (SHOPEE, "Số lượng sản phẩm được hoàn trả"),
        (TIKTOK, "Sku Quantity of return"),
        (TIKTOK, "Cancelation/Return Type"),
        (LAZADA, "sellerDiscountTotal"),
    ],
)
def test_an_export_without_a_column_that_revenue_needs_is_refused(
    arrive: Arrive, reference: Reference, usual: dict[str, Any], heading: str
) -> None:
    renamed = {f"{name} mới" if name == heading else name: cell for name, cell in usual.items()}
    with pytest.raises(FileRejectedError) as refusal:
        document(arrive, reference, csv_text(table(renamed)))
    assert (refusal.value.rule, f"{heading} mới" in refusal.value.reason_vi) == ("column_missing", True)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Số lượng": "-1"}, "quantity"),
        ({"Số lượng": "1,5"}, "quantity"),
        ({"Giá gốc": "-5.000"}, "list_price_vnd"),
        ({"Giá ưu đãi": "-5.000"}, "net_vnd"),
        ({"Ngày đặt hàng": "2099-03-01 10:00"}, "ordered_at"),
    ],
)
def test_what_no_order_can_say_goes_back(
    arrive: Arrive, reference: Reference, change: dict[str, str], problem: str
) -> None:
    good, bad = shopee(arrive, reference, {"Mã đơn hàng": "B"}, change)
    assert [name for name in bad if name.endswith("__problem") and bad[name]] == [f"{problem}__problem"]
    assert not [name for name in good if name.endswith("__problem") and good[name]]


def test_a_day_in_the_future_does_not_date_the_export(arrive: Arrive, reference: Reference) -> None:
    content = csv_text(table(SHOPEE, SHOPEE | {"Ngày đặt hàng": "2099-03-01 10:00"}))
    made = document(arrive, reference, content).exported_at
    assert made is not None
    assert made.year == 2026


def test_of_two_exports_with_the_same_latest_event_the_later_one_tells_more(
    arrive: Arrive, reference: Reference
) -> None:
    words = ("Đang giao", "Đã giao", "Hoàn thành")
    contents = [csv_text(table(SHOPEE | {"Trạng Thái Đơn Hàng": word})) for word in words]
    made = [document(arrive, reference, content).exported_at for content in contents]
    assert made == sorted(made)  # type: ignore[type-var]
    assert len(set(made)) == 3


def test_an_export_without_orders_says_so(arrive: Arrive, reference: Reference) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        document(arrive, reference, csv_text([list(SHOPEE)]))
    assert refusal.value.rule == "no_rows"


def test_a_shop_on_a_marketplace_that_nobody_knows_is_refused(arrive: Arrive, reference: Reference) -> None:
    strange = replace(reference, shops=(Shop("gian_la", "zalo_shop", "sendo"),))
    with pytest.raises(FileRejectedError) as refusal:
        document(arrive, strange, csv_text(table(SHOPEE)), "gian_la/a.csv")
    assert (refusal.value.rule, refusal.value.place) == ("marketplace_unknown", "gian_la")


def test_a_line_without_a_variation_s_sku_is_known_by_its_product_s_and_the_variation(
    arrive: Arrive, reference: Reference
) -> None:
    without = {"SKU phân loại hàng": ""}
    found = shopee(arrive, reference, without, without | {"SKU sản phẩm": ""})
    assert [(line["line_key"], line["seller_sku"]) for line in found] == [("CHE Túi", "CHE"), ("Chè Túi", None)]


def test_tiktok_s_csv_has_a_byte_order_mark_tabs_and_perhaps_a_description(
    arrive: Arrive, reference: Reference
) -> None:
    described = "\ufeff" + csv_text([list(TIKTOK), list(DESCRIPTION.values()), list(TIKTOK.values())])
    bare = csv_text(table(TIKTOK | {"Order Channel": "TikTok", "Creator Handle": "x"}))
    for content, row in ((described, 3), (bare, 2)):
        found = document(arrive, reference, content)
        (line,) = lines(found)
        assert found.unit_code == "tiktok_shop_mac_dinh"
        assert (line["order_id"], line["line_key"]) == ("576460000000000123", "1729500000000000321")
        assert (line["gross_vnd"], line["seller_discount_vnd"], line["net_vnd"]) == (200_000, 20_000, 180_000)
        assert (found.parts[0].rows["source_row"].tolist(), line["delivered_at__problem"]) == ([row], None)


def test_tiktok_s_workbook_has_a_row_element_per_cell_and_a_stale_dimension(
    arrive: Arrive, reference: Reference
) -> None:
    def cell(row: int, position: int, text: str) -> str:
        place = f"{chr(ord('A') + position)}{row}"
        return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c></row>'

    rows = "".join(
        cell(number, position, text)
        for number, row in enumerate((TIKTOK, DESCRIPTION.values(), TIKTOK.values()), start=1)
        for position, text in enumerate(row)
    )
    part = sheet_of(rows).replace("<sheetData>", '<dimension ref="A1:A1"/><sheetData>')
    content = with_part(xlsx({"OrderSKUList": [["x"]]}), "xl/worksheets/sheet1.xml", part)
    (line,) = lines(document(arrive, reference, content, "a.xlsx"))
    assert (line["order_id"], line["net_vnd"], line["ship_province"]) == ("576460000000000123", 180_000, "Hà Nội")


@pytest.mark.parametrize(
    ("changes", "status", "net"),
    [
        ({"Sku Quantity of return": "1"}, "returned_part", 90_000),
        ({"Cancelation/Return Type": "Return/Refund"}, "returned_full", 0),
        ({"Order Status": "Shipped", "Order Substatus": "Delivered"}, "delivered", 180_000),
        ({"Order Status": "Shipped", "Order Substatus": "In transit"}, "shipped", 180_000),
        ({"Order Status": "ĐÃ HOÀN TẤT"}, "completed", 180_000),
        ({"Order Status": "Đã hủy", "Cancelation/Return Type": "Cancel"}, "cancelled", 180_000),
        ({"Order Status": "Somewhere"}, "Somewhere", 180_000),
    ],
)
def test_tiktok_s_words_and_returns(
    arrive: Arrive, reference: Reference, changes: dict[str, str], status: str, net: int
) -> None:
    line = tiktok(arrive, reference, changes)
    assert (line["status"], line["net_vnd"]) == (status, net)


def test_a_row_of_lazada_is_one_unit_and_its_discounts_are_negative(arrive: Arrive, reference: Reference) -> None:
    second = LAZADA | {"orderItemId": "111222333444556", "status": "Package Returned"}
    found = document(arrive, reference, xlsx({"sheet1": table(LAZADA, second)}), "a.xlsx")
    sold, returned = lines(found)
    assert found.unit_code == "lazada_mac_dinh"
    assert (sold["line_key"], sold["quantity"], sold["net_vnd"]) == ("111222333444555", 1, 90_000)
    assert (sold["status"], returned["status"], returned["net_vnd"]) == ("completed", "returned_full", 0)


def test_a_sheet_that_begins_in_the_middle_is_read_by_its_own_row_numbers(arrive: Arrive, reference: Reference) -> None:
    moved = [[], [], *([None, None, *row] for row in table(LAZADA))]
    found = document(arrive, reference, xlsx({"sheet1": moved}), "a.xlsx")
    assert list(found.parts[0].rows["source_row"]) == [4]
    assert lines(found)[0]["net_vnd"] == 90_000


@pytest.mark.parametrize("damaged", [5.7646e17, "5,7646E+17"])
def test_an_order_number_that_a_spreadsheet_rounded_is_shown_as_such(
    arrive: Arrive, reference: Reference, damaged: object
) -> None:
    found = document(arrive, reference, xlsx({"a": table(TIKTOK | {"Order ID": damaged})}), "a.xlsx")
    assert "E+17" in lines(found)[0]["order_id"]


@pytest.mark.parametrize(
    ("written", "rules"), [("2.30E+17", ["order_id_damaged"]), ("230000000000000123", []), ("230401E+17AB", [])]
)
def test_an_order_number_that_a_spreadsheet_rounded_goes_to_quarantine(
    arrive: Arrive, reference: Reference, written: str, rules: list[str]
) -> None:
    found = document(arrive, reference, csv_text(table(SHOPEE | {"Mã đơn hàng": written})))
    bad = judge_batch(ORDER_LINES, [found], reference).bad(0)
    assert [rule for row in bad for rule in row.rules] == rules
    assert all("đã bị Excel đổi thành số" in row.reasons_vi and written in row.reasons_vi for row in bad)


def test_a_separate_file_of_returns_is_read(arrive: Arrive, reference: Reference) -> None:
    found = document(arrive, reference, csv_text(table(RETURN)))
    (line,) = lines(found)
    assert found.parts[0].form == "order_returns"
    assert (line["return_id"], line["line_key"], line["status"]) == ("4035", "1729500000000000321", "completed")
    assert (line["returned_quantity"], line["refund_vnd"]) == (1, 85_000)


def test_tiktok_s_indonesian_columns_are_known_and_read_to_the_same_line(arrive: Arrive, reference: Reference) -> None:
    tail = ("Distance Shipping Fee", "Buyer Service Fee", "Item Insurance", "Zipcode", "Regency and City", "Villages")
    more = dict.fromkeys((*tail, "Purchase Channel", "Tokopedia Invoice Number"), "7")
    found = document(arrive, reference, csv_text(table(TIKTOK | more)))
    assert lines(found) == lines(document(arrive, reference, csv_text(table(TIKTOK)), "b.csv"))
    assert [repair.rule for repair in found.parts[0].repairs] == ["shop_assumed"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Hoàn tất trả hàng", "completed"),
        ("Yêu cầu chờ xử lý", "requested"),
        ("Đã giải quyết khiếu nại", "rejected"),
        ("Chữ lạ", "Chữ lạ"),
    ],
)
def test_shopee_s_list_of_returns_is_read(arrive: Arrive, reference: Reference, word: str, status: str) -> None:
    told = {
        "Mã yêu cầu trả hàng": "R1",
        "Mã đơn hàng": "260401KW474ETA",
        "Trạng thái trả hàng": word,
        "SKU phân loại hàng": "CHE-1",
        "Số lượng trả hàng": "2",
        "Số tiền hoàn lại": "180.000",
        "Thời gian yêu cầu": "2026-04-05 10:00",
        "Người Mua": "KHÁCH-BÍ-MẬT",
    }
    found = document(arrive, reference, xlsx({"a": table(told)}), "a.xlsx")
    (line,) = lines(found)
    assert (found.parts[0].form, found.unit_code) == ("order_returns", "shopee_mac_dinh")
    assert (line["order_id"], line["line_key"], line["status"]) == ("260401KW474ETA", "CHE-1", status)
    assert (line["returned_quantity"], line["refund_vnd"]) == (2, 180_000)
    assert "BÍ-MẬT" not in found.parts[0].rows.to_csv()


def test_nothing_of_the_buyer_leaves_the_reader(arrive: Arrive, reference: Reference) -> None:
    for export in (SHOPEE, TIKTOK, LAZADA, RETURN):
        assert "BÍ-MẬT" not in document(arrive, reference, csv_text(table(export))).parts[0].rows.to_csv()


def test_a_new_column_is_a_warning_and_a_renamed_one_is_refused_with_the_nearest(
    arrive: Arrive, reference: Reference
) -> None:
    found = document(arrive, reference, csv_text(table(SHOPEE | {"Cột mới": "1"})))
    assert [(one.rule, one.said) for one in found.parts[0].repairs] == [("column_new", "Cột mới"), ("shop_assumed", "")]
    renamed = {("Giá ưu đãi mới" if heading == "Giá ưu đãi" else heading): cell for heading, cell in SHOPEE.items()}
    with pytest.raises(FileRejectedError, match="“Giá ưu đãi mới”") as refusal:
        document(arrive, reference, csv_text(table(renamed)))
    assert refusal.value.rule == "column_missing"


def test_a_file_of_another_marketplace_than_its_folder_s_or_of_none_is_refused(
    arrive: Arrive, reference: Reference
) -> None:
    for name, content, rule in (
        ("ocop_dat_to/a.csv", csv_text(table(LAZADA)), "marketplace_differs"),
        ("a.csv", csv_text([["KHÁCH-BÍ-MẬT", "0912000111"]]), "layout_unknown"),
    ):
        with pytest.raises(FileRejectedError) as refusal:
            document(arrive, reference, content, name)
        assert refusal.value.rule == rule
        assert "BÍ-MẬT" not in str(refusal.value)


def test_an_export_was_made_when_its_properties_or_its_name_say_unless_that_is_before_its_orders(
    arrive: Arrive, reference: Reference
) -> None:
    def workbook(created: datetime) -> bytes:
        book = Workbook()
        for row in table(SHOPEE):
            book.active.append(row)  # type: ignore[union-attr]
        book.properties.created = created
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    made = document(arrive, reference, workbook(datetime(2026, 4, 2, 3)), "a.xlsx").exported_at  # noqa: DTZ001
    named = document(arrive, reference, csv_text(table(TIKTOK)), "Tất cả đơn hàng-2026-04-03-09_30.csv").exported_at
    early = document(arrive, reference, csv_text(table(TIKTOK)), "đơn hàng-2020-04-03-09_30.csv").exported_at
    assert [moment and moment.astimezone(UTC).isoformat()[:16] for moment in (made, named, early)] == [
        *("2026-04-02T03:00", "2026-04-03T02:30", "2026-04-01T03:00"),
    ]
    assert SOURCE.suffixes == (".csv", ".xlsx", ".xls")
