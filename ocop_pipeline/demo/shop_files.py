"""The exports of the three shops as their marketplaces make them, and the office's table of SKUs and products.

Belongs here: what an export knew when it was made, its name and kind of file. Stays out: orders (`shops`), columns
(`shop_layouts`).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ocop_pipeline.demo import shop_layouts as layouts
from ocop_pipeline.demo.export_headings import LAZADA, TIKTOK_RETURNS
from ocop_pipeline.demo.inbox_file import BadRow, InboxFile, Mistake, Sheets
from ocop_pipeline.demo.months import FIRST_VALUE_MONTH, LAST_MONTH, add_months, months
from ocop_pipeline.demo.records import Order, World
from ocop_pipeline.demo.shops import LATE_ORDERS, SHOPS
from ocop_pipeline.demo.workbook import Row, Rows, xlsx
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources.ecommerce_sales import ORDER_LINES
from ocop_pipeline.sources.order_returns import ORDER_RETURNS
from ocop_pipeline.sources.sku_products import SKU_PRODUCTS

SOURCE = "ecommerce_sales"
UNMATCHED_ORDER = "576400000000000000"
"""The order of a return that stands in no export of orders."""
_EXPORTED_AGAIN = timedelta(days=7)
"""An export also holds the last days of the month before, whose orders have settled since."""
_LATE_EXPORT = date(2023, 7, 20)
"""Day on which the month of LATE_ORDERS is exported anew; that file lies in the inbox before the one it restates."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Export:
    """A shop's orders of `[start, end)` as they stood when the day `made` began."""

    shop: str
    start: date
    end: date
    made: date

    @property
    def moment(self) -> datetime:
        """When somebody pressed the button."""
        return datetime.combine(self.made, time(8), tzinfo=VIETNAM)

    @property
    def path(self) -> str:
        """Where it lies, under the name that its marketplace gives it."""
        last = self.end - _DAY
        match SHOPS[self.shop]:
            case "shopee":
                name = f"Order.all.{self.start:%Y%m%d}_{last:%Y%m%d}.xlsx"
            case "tiktok_shop":
                name = f"Tất cả đơn hàng-{self.made:%Y-%m-%d}-08_00.csv"
            case _:
                name = f"lazada-{self.start:%Y%m%d}-{last:%Y%m%d}.xlsx"
        return f"{SOURCE}/{self.shop}/{name}"


def shop_files(world: World, mistakes: Sequence[Mistake]) -> Iterator[InboxFile]:
    """One export per shop and month, one more of a month whose orders settled late, TikTok's returns, and the table."""
    sheets = Sheets(f"{SOURCE}/sku_products.xlsx", mistakes)
    yield sheets.file(xlsx({SKU_PRODUCTS.sheet: sheets.sheet(SKU_PRODUCTS, _sku_rows(world))}))
    for shop in SHOPS:
        orders = [order for order in world.orders if order.shop == shop]
        for month in months(FIRST_VALUE_MONTH, LAST_MONTH):
            end = add_months(month, 1)
            yield _file(Export(shop, month - _EXPORTED_AGAIN, end, end), orders, mistakes)
            if (shop, month) == LATE_ORDERS:
                yield _file(Export(shop, month, end, _LATE_EXPORT), orders, mistakes)
        if told_apart := [order for order in orders if order.is_return_told_apart]:
            yield _returns(shop, told_apart)


def _file(export: Export, orders: Sequence[Order], mistakes: Sequence[Mistake]) -> InboxFile:
    """The export as its marketplace writes it; a mistake meant for it is the status of its last line."""
    made = export.made
    shown = [order for order in orders if export.start <= order.ordered.date() < export.end]
    bad_rows = []
    match SHOPS[export.shop]:
        case "shopee":
            headings = layouts.shopee_headings(made)
            rows = [row for order in shown for row in layouts.shopee_rows(order, made)]
            for mistake in mistakes:
                if export.path == f"{mistake.folder}/{mistake.stem}.xlsx":
                    rows[-1][headings.index("Trạng Thái Đơn Hàng")] = layouts.UNKNOWN_STATUS
                    bad_rows.append(BadRow(export.path, ORDER_LINES.name, len(rows) + 1, mistake.rule))
            content = xlsx({"orders": [headings, *rows]}, export.moment)
        case "tiktok_shop":
            headings = layouts.tiktok_headings(made)
            rows = [row for order in shown for row in layouts.tiktok_rows(order, made)]
            content = _tiktok_csv([headings, layouts.tiktok_description(headings), *rows])
        case _:
            rows = [row for order in shown for row in layouts.lazada_rows(order, made)]
            content = xlsx({"sheet1": [LAZADA, *rows]}, export.moment)
    arrived = export.moment if made == _LATE_EXPORT else None
    return InboxFile(export.path, content, {ORDER_LINES.name: len(rows)}, tuple(bad_rows), arrived=arrived)


def _returns(shop: str, orders: Sequence[Order]) -> InboxFile:
    """All returns that the exports of orders do not tell of; one was turned down, one is of an order of nobody."""
    made = add_months(LAST_MONTH, 1)
    rows = [row for order in orders for row in layouts.tiktok_return_rows(order)]
    first = orders[0]
    line = next(line for line in first.lines if line.returned)
    rows.append(layouts.tiktok_return(first, line, "R1", first.order_id, "Rejected"))
    rows.append(layouts.tiktok_return(first, line, "R2", UNMATCHED_ORDER, "Completed"))
    headings = list(TIKTOK_RETURNS)
    content = _tiktok_csv([headings, layouts.tiktok_description(headings), *rows])
    path = f"{SOURCE}/{shop}/Trả hàng-{made:%Y-%m-%d}-08_00.csv"
    return InboxFile(path, content, {ORDER_RETURNS.name: len(rows)})


def _tiktok_csv(rows: Rows) -> bytes:
    """A CSV file with a byte order mark."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _sku_rows(world: World) -> list[Row]:
    return [
        {
            "marketplace": listing.marketplace,
            "shop_id": listing.shop,
            "seller_sku": listing.sku,
            "product_code": listing.product.code if listing.product else listing.unofficial_code,
            "valid_from_date": listing.since,
            "valid_to_date": listing.until,
        }
        for listing in world.listings
        if listing.product or listing.unofficial_code
    ]
