"""Orders as rows of the exports of Shopee, TikTok Shop and Lazada.

Belongs here: what a marketplace writes into which column, also about the buyers, who are obviously made up: nothing of
them may be found behind the reader. Stays out: which orders an export holds (`shop_files`).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from unicodedata import normalize
from zlib import crc32

from ocop_pipeline.demo.export_headings import (
    LAZADA,
    SHOPEE,
    SHOPEE_BEFORE,
    TIKTOK_RETURNS,
    TIKTOK_SHOP,
    TIKTOK_TABS,
)
from ocop_pipeline.demo.records import Order, OrderLine
from ocop_pipeline.demo.shops import RETURNED
from ocop_pipeline.demo.workbook import Cell

BUYER = "KHACH-MO-PHONG"
"""Stands in every text about a buyer."""
BUYER_PHONE = "090000"
"""Begins every phone number; four digits follow."""
UNKNOWN_STATUS = "Chờ đối soát"
NEW_LAYOUTS_FROM = date(2023, 7, 1)
"""Exports made before have the headings of an earlier generation."""
_SHIPPING = 16_500
_PLATFORM_PERCENT = 5
_TIKTOK_WORDS = {
    "Hoàn thành": ("Completed", "Completed"),
    "Đã giao": ("Shipped", "Delivered"),
    "Đã hủy": ("Canceled", "Canceled"),
    RETURNED: ("Completed", "Completed"),
    "Chờ xác nhận": ("To ship", "Awaiting shipment"),
    "Đang giao": ("Shipped", "In transit"),
}
_IN_VIETNAMESE = {
    "Completed": "Đã hoàn tất",
    "Shipped": "Đã vận chuyển",
    "Delivered": "Đã giao",
    "Canceled": "Đã hủy",
    "To ship": "Chờ vận chuyển",
    "Awaiting shipment": "Awaiting shipment",
    "In transit": "Đang vận chuyển",
    "Cancel": "Hủy",
    "Return/Refund": "Trả hàng/Hoàn tiền",
}
_LAZADA_WORDS = {
    "Hoàn thành": "confirmed",
    "Đã giao": "delivered",
    "Đã hủy": "canceled",
    "Chờ xác nhận": "pending",
    "Đang giao": "shipped",
}
_LAZADA_RETURNED = ("returned", "Package Returned")
_LAZADA_TIME = "%d %b %Y %H:%M"
_SHOPEE_TIME = "%Y-%m-%d %H:%M"
_TIKTOK_TIME = "%d/%m/%Y %H:%M:%S"


def shopee_headings(made: date) -> list[str]:
    """The headings of a Shopee export made on that day; the older ones come decomposed, as Shopee wrote them."""
    if made >= NEW_LAYOUTS_FROM:
        return list(SHOPEE)
    return [normalize("NFD", SHOPEE_BEFORE.get(h, h)) for h in SHOPEE if not h.startswith("Trade-in")]


def shopee_rows(order: Order, made: date) -> list[list[Cell]]:
    """A row per line; amounts of the whole order stand on each."""
    status = order.status_at(made)
    is_settled = status == order.status
    is_back = status == RETURNED
    has_return = is_settled and any(line.returned for line in order.lines)
    buyer = _name(order)
    total = sum(line.quantity * line.price for line in order.lines)
    whole: dict[str, Cell] = {
        "Mã đơn hàng": order.order_id,
        "Ngày đặt hàng": f"{order.ordered:{_SHOPEE_TIME}}",
        "Trạng Thái Đơn Hàng": _shopee_status(order, status),
        "Lý do hủy": "Người mua đổi ý" if status == "Đã hủy" else None,
        "Nhận xét từ Người mua": f"{BUYER}: giao giờ hành chính",
        "Mã vận đơn": f"SPXVN{order.order_id}",
        "Trạng thái Trả hàng/Hoàn tiền": "Hoàn tất trả hàng" if has_return else None,
        "Tổng giá trị đơn hàng (VND)": _shopee_money(total, made),
        "Mã giảm giá của Shop": _shopee_money(sum(line.voucher for line in order.lines), made),
        "Phí vận chuyển mà người mua trả": _shopee_money(_SHIPPING, made),
        "Tổng số tiền người mua thanh toán": _shopee_money(total + _SHIPPING, made),
        "Thời gian hoàn thành đơn hàng": _settled_at(order, status, _SHOPEE_TIME),
        "Người Mua": buyer.lower(),
        "Tên Người nhận": buyer,
        "Số điện thoại": _phone(order),
        "Tỉnh/Thành phố": order.province,
        "Địa chỉ nhận hàng": _address(order),
        "Quốc gia": "VN",
        "Ghi chú": f"Khách quen {buyer}",
    }
    columns = [h for h in SHOPEE if made >= NEW_LAYOUTS_FROM or not h.startswith("Trade-in")]
    rows = []
    for line in order.lines:
        own: dict[str, Cell] = {
            "SKU phân loại hàng": line.listing.sku,
            "Tên sản phẩm": line.listing.name,
            "Tên phân loại hàng": line.variation,
            "Giá gốc": _shopee_money(line.price, made),
            "Giá ưu đãi": _shopee_money(line.price, made),
            "Số lượng": str(line.quantity),
            # What came back as a whole is told by the word alone, a part of an order by the numbers.
            "Số lượng sản phẩm được hoàn trả": None if is_back else str(line.returned if is_settled else 0),
        }
        rows.append([(whole | own).get(heading) for heading in columns])
    return rows


def tiktok_headings(made: date) -> list[str]:
    """The headings of an export of TikTok Shop made on that day."""
    return list(TIKTOK_SHOP if made >= NEW_LAYOUTS_FROM else TIKTOK_SHOP[:-2])


def tiktok_description(headings: list[str]) -> list[Cell]:
    """The row below the headings, in which TikTok explains them."""
    explained: dict[str, str] = {
        "Order ID": "Platform unique order ID.",
        "Return Order ID": "Platform unique return ID.",
    }
    return [explained.get(heading, f"{heading} of the order.") for heading in headings]


def tiktok_rows(order: Order, made: date) -> list[list[Cell]]:
    """A row per line, in English words first and in Vietnamese ones later."""
    status = order.status_at(made)
    is_told = status == order.status and not order.is_return_told_apart
    state, substate = _TIKTOK_WORDS[status]
    kind = {"Đã hủy": "Cancel", RETURNED: "Return/Refund"}.get(status, "")
    if made >= NEW_LAYOUTS_FROM:
        state, substate, kind = (_IN_VIETNAMESE.get(word, word) for word in (state, substate, kind))
    rows = []
    for line in order.lines:
        platform = line.quantity * line.price * _PLATFORM_PERCENT // 100
        seller = line.quantity * line.unit_discount
        row: dict[str, Cell] = {
            "Order ID": order.order_id,
            "Order Status": state,
            "Order Substatus": substate,
            "Cancelation/Return Type": kind,
            "SKU ID": _sku_id(line),
            "Seller SKU": line.listing.sku,
            "Product Name": line.listing.name,
            "Variation": line.variation,
            "Quantity": line.quantity,
            # What came back as a whole is told by the word alone.
            "Sku Quantity of return": line.returned if is_told and status != RETURNED else 0,
            "SKU Unit Original Price": line.price,
            "SKU Subtotal Before Discount": line.quantity * line.price,
            "SKU Platform Discount": platform,
            "SKU Seller Discount": seller,
            "SKU Subtotal After Discount": line.quantity * line.price - platform - seller,
            "Original Shipping Fee": _SHIPPING,
            "Order Amount": sum(each.quantity * each.price for each in order.lines) + _SHIPPING,
            "Created Time": f"{order.ordered:{_TIKTOK_TIME}}",
            "Delivered Time": _settled_at(order, status, _TIKTOK_TIME),
            "Buyer Message": f"{BUYER}: gói quà giúp",
            "Buyer Username": _name(order).lower(),
            "Recipient": _name(order),
            "Phone #": f"(+84){_phone(order)}",
            "Country": "Vietnam",
            "Province": order.province,
            "Detail Address": _address(order),
            "Additional address information": _address(order),
            "Seller Note": f"Khách quen {_name(order)}",
        }
        rows.append(_with_tabs(row, tiktok_headings(made)))
    return rows


def tiktok_return_rows(order: Order) -> Iterator[list[Cell]]:
    """A row of the list of returns per line of which something came back."""
    for line in order.lines:
        if line.returned:
            yield tiktok_return(order, line, f"R{order.order_id}", order.order_id, "Completed")


def tiktok_return(order: Order, line: OrderLine, return_id: str, order_id: str, status: str) -> list[Cell]:
    """One return of a line, asked for two days after its order has settled."""
    asked = order.settled + timedelta(days=2)
    row: dict[str, Cell] = {
        "Return Order ID": return_id,
        "Order ID": order_id,
        "SKU ID": _sku_id(line),
        "Seller SKU": line.listing.sku,
        "Product Name": line.listing.name,
        "SKU Name": line.variation,
        "Buyer Username": _name(order).lower(),
        "Return Type": "Return and refund",
        "Time Requested": f"{asked:{_TIKTOK_TIME}}",
        "Return unit price": line.price - line.unit_discount,
        "Return Quantity": max(line.returned, 1),
        "Return Status": status,
        "Refund Time": f"{asked + timedelta(days=3):{_TIKTOK_TIME}}" if status == "Completed" else None,
        "Buyer Note": f"{BUYER}: hộp bị móp",
    }
    return _with_tabs(row, list(TIKTOK_RETURNS))


def lazada_rows(order: Order, made: date) -> list[list[Cell]]:
    """A row per unit; discounts are negative."""
    status = order.status_at(made)
    is_settled = status == order.status
    of_order = _lazada_order(order, status)
    rows: list[list[Cell]] = []
    for line in order.lines:
        for unit in range(line.quantity):
            is_back = is_settled and unit < line.returned
            own: dict[str, Cell] = {
                "orderItemId": f"{order.order_id}{len(rows):03d}",
                "sellerSku": line.listing.sku,
                "lazadaSku": f"{_sku_id(line)}_VNAMZ",
                "unitPrice": line.price,
                "paidPrice": line.price - line.unit_discount + _SHIPPING,
                "sellerDiscountTotal": -line.unit_discount,
                "itemName": line.listing.name,
                "variation": line.variation,
                "status": _LAZADA_RETURNED[order.buyer % 2] if is_back else _LAZADA_WORDS[status],
            }
            row = of_order | own
            rows.append([row.get(heading) for heading in LAZADA])
    return rows


def _lazada_order(order: Order, status: str) -> dict[str, Cell]:
    """What stands on each unit of the order."""
    name, phone, address = _name(order), f"84{_phone(order)}", _address(order)
    people = dict.fromkeys(("customerName", "shippingName", "billingName", "buyerFailedDeliveryUserName"), name)
    phones = dict.fromkeys(("shippingPhone", "shippingPhone2", "billingPhone", "billingPhone2"), phone)
    places = dict.fromkeys(("shippingAddress", "shippingAddress2", "billingAddr", "billingAddr2"), address)
    return {
        **people,
        **phones,
        **places,
        "orderNumber": order.order_id,
        "createTime": f"{order.ordered:{_LAZADA_TIME}}",
        "deliveredDate": _settled_at(order, status, _LAZADA_TIME),
        "invoiceNumber": f"{BUYER}-HD",
        "customerEmail": f"{name.lower()}@vi-du.example",
        "nationalRegistrationNumber": f"{BUYER}-CCCD",
        "taxCode": f"{BUYER}-MST",
        "shippingCountry": "Vietnam",
        "shippingRegion": order.province,
        "shippingFee": _SHIPPING,
        "sellerNote": f"Khách quen {name}",
    }


def _shopee_status(order: Order, status: str) -> str:
    """Of what was delivered and can still be sent back Shopee writes a sentence."""
    if status == "Đã giao":
        until = order.settled + timedelta(days=15)
        return f"Người mua xác nhận đã nhận được hàng, nhưng vẫn có thể trả hàng trước ngày {until:%d-%m-%Y}"
    return "Hoàn thành" if status == RETURNED else status


def _shopee_money(amount: int, made: date) -> Cell:
    """Text with a separator before, a number now."""
    return amount if made >= NEW_LAYOUTS_FROM else f"{amount:,}".replace(",", ".")


def _settled_at(order: Order, status: str, time_format: str) -> str | None:
    is_there = status == order.status and status != "Đã hủy"
    return order.settled.strftime(time_format) if is_there else None


def _with_tabs(row: dict[str, Cell], headings: list[str]) -> list[Cell]:
    cells = [row.get(heading) for heading in headings]
    return [
        f"{'' if cell is None else cell}\t" if heading in TIKTOK_TABS else cell
        for heading, cell in zip(headings, cells, strict=True)
    ]


def _sku_id(line: OrderLine) -> str:
    """The marketplace's own number of the SKU, 19 digits."""
    return f"1729{crc32(line.listing.sku.encode()):015d}"


def _name(order: Order) -> str:
    return f"{BUYER}-{order.buyer:04d}"


def _phone(order: Order) -> str:
    return f"{BUYER_PHONE}{order.buyer:04d}"


def _address(order: Order) -> str:
    return f"Số {order.buyer}, phố {BUYER}, {order.province}"
