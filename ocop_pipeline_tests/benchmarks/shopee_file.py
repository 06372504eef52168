"""An order export as Shopee words it, as large as wanted.

Belongs here: the 63 headings of 2026 and lines under them, made by the hundred thousand. Stays out: what is measured.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

_AT_A_TIME = 100_000
_BAD_EVERY = 1_000
"""One line in so many has a quantity that is no number."""
_LINES_PER_ORDER = 2
_HEADINGS = """\
Mã đơn hàng|Mã Kiện Hàng|Ngày đặt hàng|Trạng Thái Đơn Hàng|Sản Phẩm Bán Chạy|Lý do hủy|Nhận xét từ Người mua|\
Mã vận đơn|Đơn Vị Vận Chuyển|Phương thức giao hàng|Loại đơn hàng|Ngày giao hàng dự kiến|Ngày gửi hàng|\
Thời gian giao hàng|Trạng thái Trả hàng/Hoàn tiền|SKU sản phẩm|Tên sản phẩm|Cân nặng sản phẩm|Tổng cân nặng|\
Tên kho hàng|SKU phân loại hàng|Tên phân loại hàng|Giá gốc|Người bán trợ giá|Được Shopee trợ giá|\
Tổng số tiền được người bán trợ giá|Giá ưu đãi|Số lượng|Số lượng sản phẩm được hoàn trả|\
Tổng số tiền Người mua thanh toán|Tổng giá trị đơn hàng (VND)|Mã giảm giá của Shop|Hoàn Xu|Mã giảm giá của Shopee|\
Chỉ tiêu Combo Khuyến Mãi|Giảm giá từ combo Shopee|Giảm giá từ Combo của Shop|Shopee Xu được hoàn|\
Số tiền được giảm khi thanh toán bằng thẻ Ghi nợ|Trade-in Discount|Trade-in Bonus|Phí vận chuyển (dự kiến)|\
Trade-in Bonus by Seller|Phí vận chuyển mà người mua trả|Phí vận chuyển tài trợ bởi Shopee (dự kiến)|\
Phí vận chuyển trả hàng (đơn Trả hàng/hoàn tiền)|Tổng số tiền người mua thanh toán|\
Thời gian hoàn thành đơn hàng|Thời gian đơn hàng được thanh toán|Phương thức thanh toán|Phí cố định|Phí Dịch Vụ|\
Phí thanh toán|Tiền ký quỹ|Người Mua|Tên Người nhận|Số điện thoại|Tỉnh/Thành phố|TP / Quận / Huyện|\
Quận|Địa chỉ nhận hàng|Quốc gia|Ghi chú"""
_SAME = {
    "Sản Phẩm Bán Chạy": "N",
    "Đơn Vị Vận Chuyển": "SPX Express",
    "Phương thức giao hàng": "Nhanh",
    "Loại đơn hàng": "Đơn thường",
    "Cân nặng sản phẩm": "0.5",
    "Tổng cân nặng": "1",
    "Người bán trợ giá": "0",
    "Được Shopee trợ giá": "0",
    "Số lượng sản phẩm được hoàn trả": "0",
    "Hoàn Xu": "0",
    "Mã giảm giá của Shopee": "0",
    "Chỉ tiêu Combo Khuyến Mãi": "N",
    "Phí vận chuyển (dự kiến)": "16500",
    "Phí vận chuyển mà người mua trả": "16500",
    "Phương thức thanh toán": "Ví ShopeePay",
    "Phí cố định": "4500",
    "Phí Dịch Vụ": "3000",
    "Phí thanh toán": "5200",
    "Tiền ký quỹ": "0",
    "Quốc gia": "VN",
}
_PROVINCES = ("Phú Thọ", "Hà Nội", "TP. Hồ Chí Minh", "Đà Nẵng", "Cần Thơ", "Lào Cai", "Nghệ An")
_NAMES = ("Nguyễn Thị Hương", "Trần Văn Đức", "Lê Thị Bích Ngọc", "Phạm Quang Huy", "Đỗ Mai Anh")
MAPPING = """\
title = "Shopee 2026"
time = "%Y-%m-%d %H:%M"
[columns]
order_id = "Mã đơn hàng"
status = "Trạng Thái Đơn Hàng"
seller_sku = "SKU phân loại hàng"
platform_sku_id = "SKU sản phẩm"
product_name = "Tên sản phẩm"
variation_name = "Tên phân loại hàng"
quantity = "Số lượng"
returned_quantity = "Số lượng sản phẩm được hoàn trả"
list_price_vnd = "Giá ưu đãi"
seller_discount_vnd = "Tổng số tiền được người bán trợ giá"
platform_discount_vnd = "Được Shopee trợ giá"
ordered_at = "Ngày đặt hàng"
paid_at = "Thời gian đơn hàng được thanh toán"
delivered_at = "Thời gian giao hàng"
completed_at = "Thời gian hoàn thành đơn hàng"
cancel_reason = "Lý do hủy"
ship_province = "Tỉnh/Thành phố"
[status_words]
"Hoàn thành" = "completed"
"Đang giao" = "shipped"
"Đã giao" = "delivered"
"Đã hủy" = "cancelled"
"""


def write_lines(path: Path, count: int, status: str = "Hoàn thành", *, first: int = 0, since: str = "") -> None:
    """Write `count` lines, most of them in this status, and one in a thousand that is wrong.

    They are numbered from `first` on. An order comes every minute, from the day `since` on when the first line of all
    was ordered; without it the lines go round the same 278 days, however many they are.
    """
    headings = _HEADINGS.split("|")
    schema = pa.schema([(heading, pa.string()) for heading in headings])
    with csv.CSVWriter(path, schema, write_options=csv.WriteOptions(quoting_style="needed")) as writer:
        for start in range(first, first + count, _AT_A_TIME):
            numbers = np.arange(start, min(start + _AT_A_TIME, first + count))
            cells = _cells(numbers, status, since)
            nothing = pa.nulls(len(numbers), pa.string())
            writer.write_table(pa.table([cells.get(heading, nothing) for heading in headings], schema=schema))


def _cells(numbers: Any, status: str, since: str) -> "dict[str, pa.Array[Any]]":  # noqa: ANN401 - numpy's own
    orders = numbers // _LINES_PER_ORDER
    product, amount = numbers % 400, 1 + numbers % 3
    price = 20_000 + product * 1_500
    ordered = np.datetime64(since or "2026-01-01", "m") + (orders if since else orders % 400_000)
    texts: dict[str, list[str | None]] = {
        "Mã đơn hàng": [f"2604{order:08X}QK" for order in orders],
        "Mã Kiện Hàng": [f"OFG{order:015d}" for order in orders],
        "Mã vận đơn": [f"SPXVN06{order:011d}" for order in orders],
        "Trạng Thái Đơn Hàng": ["Đã hủy" if number % 17 == 0 else status for number in numbers],
        "Lý do hủy": ["Hủy bởi người mua, đổi ý" if number % 17 == 0 else None for number in numbers],
        "Nhận xét từ Người mua": ["giao giờ hành chính" if number % 9 == 0 else None for number in numbers],
        "SKU sản phẩm": [f"SP{number:04d}" for number in product],
        "Tên sản phẩm": [f"Chè xanh Phú Thọ hộp {number}, đặc sản OCOP 4 sao" for number in product],
        "Tên kho hàng": ["Kho Việt Trì"] * len(numbers),
        "SKU phân loại hàng": [f"CHE-{number:04d}-{kind}" for number, kind in zip(product, amount, strict=True)],
        "Tên phân loại hàng": [f"Gói {100 * kind} g" for kind in amount],
        "Giá gốc": [str(number + 5_000) for number in price],
        "Tổng số tiền được người bán trợ giá": [str(500 * (number % 4)) for number in numbers],
        "Giá ưu đãi": [str(number) for number in price],
        "Số lượng": [
            "hai" if number % _BAD_EVERY == 0 else str(kind) for number, kind in zip(numbers, amount, strict=True)
        ],
        "Tổng số tiền Người mua thanh toán": [str(number * 2) for number in price],
        "Tổng giá trị đơn hàng (VND)": [str(number * 2) for number in price],
        "Mã giảm giá của Shop": [str(1_000 * (order % 5)) for order in orders],
        "Tổng số tiền người mua thanh toán": [str(number * 2) for number in price],
        "Người Mua": [f"buyer{order % 99_991:05d}" for order in orders],
        "Tên Người nhận": [_NAMES[order % len(_NAMES)] for order in orders],
        "Số điện thoại": [f"84912{order % 1_000_000:06d}" for order in orders],
        "Tỉnh/Thành phố": [_PROVINCES[order % len(_PROVINCES)] for order in orders],
        "TP / Quận / Huyện": ["Thành phố Việt Trì"] * len(numbers),
        "Quận": ["Phường Gia Cẩm"] * len(numbers),
        "Địa chỉ nhận hàng": [f"Số {order % 997}, ngõ {order % 31}, đường Hùng Vương" for order in orders],
        **{heading: [cell] * len(numbers) for heading, cell in _SAME.items()},
    }
    times = {
        "Ngày đặt hàng": ordered,
        "Thời gian đơn hàng được thanh toán": ordered + 3,
        "Ngày gửi hàng": ordered + 900,
        "Thời gian giao hàng": ordered + 4_000,
        "Thời gian hoàn thành đơn hàng": ordered + 9_000,
    }
    texts |= {name: [str(one).replace("T", " ") for one in moments] for name, moments in times.items()}
    return {name: pa.array(cells, pa.string()) for name, cells in texts.items()}
