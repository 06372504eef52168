"""The monthly exports of the three shops, and the table that maps their SKUs to products.

Belongs here: the layout of mapping `simple_vi` and what an export knew when it was made. Stays out: orders.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ocop_pipeline.demo.inbox_file import BadRow, InboxFile, Mistake, Sheets
from ocop_pipeline.demo.months import FIRST_VALUE_MONTH, LAST_MONTH, add_months, months
from ocop_pipeline.demo.records import Order, World
from ocop_pipeline.demo.shops import SHOPS
from ocop_pipeline.demo.workbook import Cell, Row, csv_file
from ocop_pipeline.sources.ecommerce_sales import ORDER_LINES
from ocop_pipeline.sources.sku_products import SKU_PRODUCTS

SOURCE = "ecommerce_sales"
HEADINGS = (
    "Mã đơn hàng",
    "Mã SKU",
    "Tên hàng",
    "Phân loại",
    "Số lượng",
    "Số lượng trả",
    "Đơn giá",
    "Người bán giảm",
    "Trạng thái",
    "Thời gian đặt",
    "Thời gian hoàn tất",
    "Tỉnh nhận",
    "Người mua",
    "Số điện thoại",
)
"""The last two are personal data: what stands there is made up, and must not be found behind the reader."""
UNKNOWN_STATUS = "Chờ đối soát"
_EXPORTED_AGAIN = timedelta(days=7)
"""An export also holds the last days of the month before, whose orders have settled since."""


def shop_files(world: World, mistakes: Sequence[Mistake]) -> Iterator[InboxFile]:
    """One export per shop and month, and `sku_products.csv`."""
    sheets = Sheets(f"{SOURCE}/sku_products.csv", mistakes)
    yield sheets.file(csv_file(sheets.sheet(SKU_PRODUCTS, _sku_rows(world))))
    for shop in SHOPS:
        orders = [order for order in world.orders if order.shop == shop]
        for month in months(FIRST_VALUE_MONTH, LAST_MONTH):
            yield _export(shop, month, orders, mistakes)


def _export(shop: str, month: date, orders: Sequence[Order], mistakes: Sequence[Mistake]) -> InboxFile:
    path = f"{SOURCE}/{shop}/don-hang-{month:%Y-%m}.csv"
    end = add_months(month, 1)
    shown = [order for order in orders if month - _EXPORTED_AGAIN <= order.ordered.date() < end]
    rows = [row for order in shown for row in _order_rows(order, end)]
    bad_rows = []
    for mistake in mistakes:
        if mistake.form == ORDER_LINES.name and path == f"{mistake.folder}/{mistake.stem}.csv":
            # A mapped export has other columns than the form: the mistake is the status of the last line.
            status = HEADINGS.index("Trạng thái")
            rows[-1] = [UNKNOWN_STATUS if place == status else cell for place, cell in enumerate(rows[-1])]
            bad_rows.append(BadRow(path, ORDER_LINES.name, len(rows) + 1, mistake.rule))
    return InboxFile(path, csv_file([HEADINGS, *rows]), {ORDER_LINES.name: len(rows)}, tuple(bad_rows))


def _order_rows(order: Order, exported: date) -> list[list[Cell]]:
    """The order's lines as an export made at the start of `exported` shows them."""
    status = order.status_at(exported)
    is_settled = status == order.status
    return [
        [
            order.order_id,
            line.listing.sku,
            line.listing.name,
            line.variation,
            line.quantity,
            line.returned if is_settled else 0,
            line.price,
            line.discount,
            status,
            f"{order.ordered:%Y-%m-%d %H:%M}",
            f"{order.settled:%Y-%m-%d %H:%M}" if is_settled and status != "Đã hủy" else None,
            order.province,
            f"KHACH-MO-PHONG-{order.buyer:04d}",
            f"090000{order.buyer:04d}",
        ]
        for line in order.lines
    ]


def _sku_rows(world: World) -> list[Row]:
    return [
        {
            "marketplace": listing.marketplace,
            "shop_id": listing.shop,
            "seller_sku": listing.sku,
            "product_code": listing.product.code,
            "valid_from_date": listing.since,
            "valid_to_date": listing.until,
        }
        for listing in world.listings
        if listing.product
    ]
