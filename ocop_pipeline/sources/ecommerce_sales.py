"""Order lines of sellers on marketplaces, read through a mapping file per layout.

Belongs here: the canonical order line, and how a mapping turns an export into it.
Stays out: which shop uses which mapping (seed `shops`), the office's table of SKUs (`sku_products`), revenue (dbt).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ocop_pipeline.contracts import Archive, Column, ColumnType, Form, FormKind, Limits, Rule, Source
from ocop_pipeline.sources.arrow_text import read_times, texts_of
from ocop_pipeline.sources.csv_pieces import open_csv
from ocop_pipeline.sources.document import SOURCE_ROW, Arrival, Document, FileRejectedError, Part, whole
from ocop_pipeline.sources.marketplace_mapping import Mapping, load_mapping
from ocop_pipeline.sources.reference import Reference, Shop
from ocop_pipeline.sources.sku_products import SKU_PRODUCTS, read_sku_products
from ocop_pipeline.sources.tables import Table
from ocop_pipeline.vietnamese.periods import Period

STATUSES = (
    "unpaid",
    "pending",
    "to_ship",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
    "failed_delivery",
    "returned_full",
    "returned_part",
)


def _number(name: str, heading: str, description: str, *, required: bool = False) -> Column:
    return Column(name, heading, description, ColumnType.NUMBER, required)


def _time(name: str, heading: str, description: str, *, required: bool = False) -> Column:
    return Column(name, heading, description, ColumnType.TIMESTAMP, required)


ORDER_LINES = Form(
    "order_lines",
    "Đơn hàng",
    "a line of an order (order x SKU) as one export states it",
    FormKind.EVENTS,
    (
        Column("marketplace", "Sàn", "Marketplace of the shop", required=True),
        Column("shop_id", "Gian hàng", "Shop of the registry", required=True),
        Column("order_id", "Mã đơn hàng", "Order number, text", required=True),
        Column("line_key", "Khóa dòng", "Key of the line inside its order", required=True),
        Column("status", "Trạng thái", "Canonical status", required=True),
        Column("status_raw", "Trạng thái gốc", "Status as the marketplace words it"),
        Column("seller_sku", "Mã SKU của người bán", "The seller's own SKU"),
        Column("platform_sku_id", "Mã SKU của sàn", "The marketplace's SKU"),
        Column("product_name", "Tên hàng", "Name in the shop"),
        Column("variation_name", "Phân loại", "Variation in the shop"),
        _number("quantity", "Số lượng", "Units ordered; negative for a return of its own day", required=True),
        _number("returned_quantity", "Số lượng trả", "Units returned"),
        _number("list_price_vnd", "Giá gốc", "List price of a unit, VND", required=True),
        _number("gross_vnd", "Thành tiền", "Merchandise value before discounts, VND"),
        _number("seller_discount_vnd", "Người bán giảm", "Discount borne by the seller, VND, not negative"),
        _number("platform_discount_vnd", "Sàn giảm", "Discount borne by the marketplace, VND, not negative"),
        _number("net_vnd", "Doanh thu thuần", "Merchandise value less returns and seller discounts, VND"),
        _time("ordered_at", "Thời điểm đặt", "When it was ordered, GMT+7", required=True),
        _time("paid_at", "Thời điểm thanh toán", "When it was paid, GMT+7"),
        _time("delivered_at", "Thời điểm giao", "When it was delivered, GMT+7"),
        _time("completed_at", "Thời điểm hoàn tất", "When it was completed, GMT+7"),
        _time("cancelled_at", "Thời điểm hủy", "When it was cancelled, GMT+7"),
        Column("cancel_reason", "Lý do hủy", "Why it was cancelled"),
        Column("ship_province", "Tỉnh nhận", "Province it was shipped to"),
    ),
    own_rules=(
        Rule(
            "status_unknown",
            "ExpectColumnValuesToBeInSet",
            {"column": "status", "value_set": list(STATUSES)},
            ("status",),
            "“{heading}”: “{value}” không có trong tệp ánh xạ của gian hàng; hãy bổ sung từ này vào tệp ánh xạ.",
            "“{heading}”: “{value}” is not in the shop's mapping file; add the word to it.",
        ),
    ),
    day_column="ordered_at",
)

ORDER_RETURNS = Form(
    "order_returns",
    "Trả hàng",
    "a return of an order's item as a returns file states it",
    FormKind.EVENTS,
    (
        Column("marketplace", "Sàn", "Marketplace of the shop", required=True),
        Column("shop_id", "Gian hàng", "Shop of the registry", required=True),
        Column("return_id", "Mã trả hàng", "Number of the return, text"),
        Column("order_id", "Mã đơn hàng", "Order number, text", required=True),
        Column("line_key", "Khóa dòng", "Key of the item inside its order"),
        Column("seller_sku", "Mã SKU của người bán", "The seller's own SKU"),
        Column("platform_sku_id", "Mã SKU của sàn", "The marketplace's SKU"),
        _number("returned_quantity", "Số lượng trả", "Units returned"),
        _number("refund_vnd", "Tiền hoàn", "Refunded to the buyer, VND"),
        Column("status", "Trạng thái", "Canonical status of the return", required=True),
        Column("status_raw", "Trạng thái gốc", "Status as the marketplace words it"),
        _time("requested_at", "Thời điểm yêu cầu", "When the return was asked for, GMT+7"),
        _time("returned_at", "Thời điểm trả", "When it came back, GMT+7"),
    ),
)


def read(arrival: Arrival, reference: Reference) -> Document:
    """An export of a shop through the shop's mapping, or the office's SKU table at the top of the inbox."""
    return whole(pieces(arrival, reference))


def pieces(arrival: Arrival, reference: Reference) -> Iterator[Document]:
    """The same piece after piece; no order is in two of them unless its lines lie apart."""
    if not arrival.folder:
        yield read_sku_products(arrival)
        return
    if arrival.path.suffix.lower() != ".csv":
        raise FileRejectedError(
            arrival.path.name, "extension_not_accepted", "Chỉ nhận tệp .csv.", "Only .csv files are accepted here."
        )
    shop = reference.shop(arrival.folder)
    if shop is None:
        raise FileRejectedError(
            arrival.folder,
            "shop_unknown",
            f"Gian hàng “{arrival.folder}” không có trong danh mục gian hàng (shops.csv).",
            f"The shop “{arrival.folder}” is not in the shop registry (seed shops.csv).",
        )
    mapping = load_mapping(shop.mapping, reference.mapping_folder)
    file = open_csv(arrival.path, mapping.delimiter, mapping.encoding)
    positions = mapping.positions_of(Table(arrival.path.name, file.headings, pd.DataFrame()))
    days: list[Period] = []
    for table in _whole_orders(file.pieces(sorted(set(positions.values()))), positions["order_id"]):
        days = [_days(table, mapping, days)]
        part = Part(
            ORDER_LINES.name,
            shop.shop_id,
            days[0],
            arrival.path.name,
            _order_lines(table, mapping, shop),
            number_style=mapping.numbers,
            time_format=mapping.time,
            replaces=False,
        )
        yield Document(shop.shop_id, days[0], (part,), is_last=table.is_last)


def _whole_orders(tables: Iterator[Table], order_id: int) -> Iterator[Table]:
    """The tables with the lines of each one's last order moved to the next table."""
    held = pd.DataFrame()
    for table in tables:
        rows = pd.concat([held, table.rows], ignore_index=True) if len(held) else table.rows
        is_held = rows[order_id].eq(rows[order_id].iloc[-1]) if len(rows) and not table.is_last else None
        held = rows[is_held] if is_held is not None else held
        yield replace(table, rows=rows if is_held is None else rows[~is_held])


def _order_lines(table: Table, mapping: Mapping, shop: Shop) -> pd.DataFrame:
    """The export's rows as canonical lines; only mapped columns are looked at, so no buyer's data passes."""
    cells = mapping.columns_of(table)
    lines = pd.DataFrame({SOURCE_ROW: table.rows[SOURCE_ROW]})
    for column in ORDER_LINES.columns:
        lines[column.name] = cells.get(column.name)
    lines["marketplace"] = shop.marketplace
    lines["shop_id"] = shop.shop_id
    lines["status_raw"] = cells["status"]
    lines["status"] = mapping.statuses(cells["status"])
    item = lines["seller_sku"].fillna(lines["product_name"]).fillna("")
    ordinal = lines.groupby([lines["order_id"].fillna(""), item], sort=False).cumcount() + 1
    lines["line_key"] = item + "#" + ordinal.astype("str")
    return _with_amounts(lines, mapping)


def _with_amounts(lines: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """Amounts in VND; a cell that is no number stays as it is, for the contract to name."""
    quantity, returned, price, discount = (
        mapping.amounts(lines[name])
        for name in ("quantity", "returned_quantity", "list_price_vnd", "seller_discount_vnd")
    )
    price_vnd = price * mapping.vnd_per_unit
    discount_vnd = (discount * mapping.vnd_per_unit).abs().fillna(0)
    sold = quantity - returned.fillna(0)
    is_undone = (lines["status"] == "returned_full") & (quantity > 0)
    lines["gross_vnd"] = (quantity * price_vnd).round(2)
    lines["net_vnd"] = (sold * price_vnd - discount_vnd).round(2).mask(is_undone, 0.0)
    lines["list_price_vnd"] = _where_read(lines["list_price_vnd"], price, price_vnd.round(4))
    lines["seller_discount_vnd"] = _where_read(lines["seller_discount_vnd"], discount, discount_vnd.round(2))
    return lines


def _where_read(cells: "pd.Series[Any]", read: "pd.Series[float]", amounts: "pd.Series[float]") -> "pd.Series[Any]":
    """The amounts, and the cells that could not be read as they are."""
    is_read = read.notna()
    return amounts.where(is_read) if (is_read | cells.isna()).all() else cells.where(~is_read, amounts)


def _days(table: Table, mapping: Mapping, before: Sequence[Period]) -> Period:
    """From the first to the last order day that can be read, of this piece and those before."""
    cells = mapping.columns_of(table)["ordered_at"]
    read = read_times(texts_of(cells), mapping.time) if cells.dtype == "str" else None
    times = pd.Series(pd.to_datetime(cells, format=mapping.time, errors="coerce") if read is None else read).dropna()
    if times.empty and before:
        return before[0]
    if times.empty:
        raise FileRejectedError(
            table.sheet,
            "no_order_time",
            f"Không có dòng nào đọc được thời gian đặt hàng (mẫu {mapping.time}).",
            f"No row has an order time that can be read ({mapping.time}).",
        )
    days = Period(times.min().date(), (times.max() + pd.Timedelta(days=1)).date())
    return (
        Period(min(days.start, *(p.start for p in before)), max(days.end, *(p.end for p in before))) if before else days
    )


SOURCE = Source(
    "ecommerce_sales",
    "Đơn hàng thương mại điện tử",
    "Order exports of shops, and the table that maps their SKUs to products",
    (ORDER_LINES, ORDER_RETURNS, SKU_PRODUCTS),
    Archive.REDACTED,
    (".csv", ".xlsx"),
    read,
    # A year of a busy shop is a file of gigabytes, never in memory as a whole: 0.5 GB are used, and Arrow asks for more
    # addresses than that.
    limits=Limits(memory_bytes=2 << 30, seconds=60, content_bytes=16 << 30),
    pieces=pieces,
)
