"""Order lines of sellers on marketplaces, read through a mapping file per layout.

Belongs here: the canonical order line, the SKU table, and how a mapping turns an export into them.
Stays out: which shop uses which mapping (seed `shops`), revenue over windows (dbt).
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from ocop_pipeline.contracts import Archive, Column, ColumnType, Form, FormKind, Limits, Rule, Source
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources import marketplace_files
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError, Part, Repair, whole
from ocop_pipeline.sources.marketplace_files import Sheet, made_at, sheets_of
from ocop_pipeline.sources.marketplace_layout import Layout, layout_of, recognise
from ocop_pipeline.sources.marketplace_lines import canonical, canonical_returns
from ocop_pipeline.sources.marketplace_mapping import (
    LINE_STATUSES,
    Mapping,
    load_mapping,
    read_mapping,
    recognising_mappings,
)
from ocop_pipeline.sources.order_returns import ORDER_RETURNS, damaged_id
from ocop_pipeline.sources.reference import Reference, Shop
from ocop_pipeline.sources.sku_products import SKU_PRODUCTS, read_sku_products
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.vietnamese.text import heading_key

_DEFAULT_SHOP = "_mac_dinh"


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
        damaged_id("order_id"),
        damaged_id("platform_sku_id"),
        Rule(
            "status_unknown",
            "ExpectColumnValuesToBeInSet",
            {"column": "status", "value_set": list(LINE_STATUSES)},
            ("status",),
            "“{heading}”: “{value}” không có trong tệp ánh xạ của gian hàng; hãy bổ sung từ này vào tệp ánh xạ rồi "
            "xuất tệp mới. Muốn đọc lại đúng tệp này thì gỡ nó trước (ocop withdraw) rồi bỏ lại.",
            "“{heading}”: “{value}” is not in the shop's mapping file; add the word to it and export anew. For "
            "this very file to be read again, withdraw it (ocop withdraw) and lay it down again.",
        ),
    ),
    day_column="ordered_at",
)


def read(arrival: Arrival, reference: Reference) -> Document:
    """An export of a shop by the layout that its headings show, or the office's SKU table at the top of the inbox."""
    return whole(pieces(arrival, reference))


def pieces(arrival: Arrival, reference: Reference) -> Iterator[Document]:
    """The same piece after piece; no order is in two of them unless its lines lie apart."""
    if not arrival.folder and not _is_export(arrival.path, reference.mapping_folder):
        yield read_sku_products(arrival, reference)
        return
    shop = reference.shop(arrival.folder) if arrival.folder else None
    if arrival.folder and shop is None:
        raise FileRejectedError(
            arrival.folder,
            "shop_unknown",
            f"Gian hàng “{arrival.folder}” không có trong danh mục gian hàng (shops.csv).",
            f"The shop “{arrival.folder}” is not in the shop registry (seed shops.csv).",
        )
    if shop and shop.marketplace not in reference.marketplaces:
        raise FileRejectedError(
            arrival.folder,
            "marketplace_unknown",
            f"Sàn “{shop.marketplace}” của gian hàng {shop.shop_id} (shops.csv) không có trong danh mục sàn "
            "(marketplaces.csv).",
            f"The marketplace “{shop.marketplace}” of the shop {shop.shop_id} (shops.csv) is not in the seed "
            "marketplaces.csv.",
        )
    sheet, mapping = find_layout(arrival.path, shop, reference.mapping_folder)
    layout = layout_of(sheet.name, sheet.headings, mapping)
    warnings = [Repair(sheet.name, 0, "", heading, "", "column_new") for heading in layout.new if mapping.ignored]
    if shop is None:
        shop = _default_shop(arrival, reference, mapping)
        warnings.append(Repair(sheet.name, 0, "", "", shop.shop_id, "shop_assumed"))
    until, times, progress = _tomorrow(), _Times(), 0
    for rows, is_last in marketplace_files.pieces(sheet, layout):
        lines = _make(mapping)(rows, mapping, shop, until)
        progress += _progress(lines["status"], mapping)
        times.add(lines, "ordered_at" if mapping.form == ORDER_LINES.name else "requested_at")
        period = times.period()
        if period is None:
            raise _no_time(sheet.name, mapping) if len(lines) else _no_order(sheet.name)
        part = Part(
            mapping.form,
            shop.shop_id,
            period,
            sheet.name,
            lines,
            number_style="en" if mapping.numbers == "en" else "vi",
            time_format=mapping.time,
            replaces=False,
            repairs=tuple(warnings),
        )
        made = made_at(arrival.path, times.latest().replace(tzinfo=VIETNAM), timedelta(microseconds=progress))
        yield Document(shop.shop_id, period, (part,), made, is_last=is_last)
        warnings = []


def tried(mapping_file: Path, sample: Path) -> tuple[Layout, pd.DataFrame]:
    """What a mapping file makes of a sample: the columns it finds, and the canonical rows, of no shop."""
    mapping = read_mapping(mapping_file)
    known = {heading_key(heading) for headings in mapping.columns.values() for heading in headings}
    sheets = list(sheets_of(sample, lambda heading: heading_key(heading) in known))
    if not sheets:
        raise FileRejectedError(sample.name, "file_empty", "Tệp không có dòng nào.", "The file has no row.")
    sheet = next((sheet for sheet in sheets if recognise(sheet.headings, [mapping])), sheets[0])
    layout = layout_of(sheet.name, sheet.headings, mapping)
    shop = Shop("?", mapping.marketplace or "?", "")
    found = [_make(mapping)(rows, mapping, shop, _tomorrow()) for rows, _ in marketplace_files.pieces(sheet, layout)]
    return layout, pd.concat(found, ignore_index=True)


def find_layout(path: Path, shop: Shop | None, mapping_folder: Path) -> tuple[Sheet, Mapping]:
    """The sheet that holds the lines and the mapping that reads it: recognised by its headings, else the shop's own.

    FileRejectedError when there is none, or when the headings are those of another marketplace than the shop's.
    """
    mappings = recognising_mappings(mapping_folder)
    own = load_mapping(shop.mapping, mapping_folder) if shop else None
    known = {heading_key(h) for m in [*mappings, *([own] if own else [])] for hs in m.columns.values() for h in hs}
    sheets = list(sheets_of(path, lambda heading: heading_key(heading) in known))
    for sheet in sheets:
        mapping = recognise(sheet.headings, mappings)
        if mapping is None:
            continue
        if shop and mapping.marketplace != shop.marketplace:
            raise FileRejectedError(
                path.name,
                "marketplace_differs",
                f"Tiêu đề là của “{mapping.title}”, nhưng thư mục là của gian hàng {shop.shop_id} trên sàn "
                f"{shop.marketplace}; hãy bỏ tệp vào đúng thư mục.",
                f"The headings are those of “{mapping.title}”, but the folder is of shop {shop.shop_id} on "
                f"{shop.marketplace}; put the file into the right folder.",
            )
        return sheet, mapping
    if own and not own.recognised_by and sheets:
        return sheets[0], own
    titles = ", ".join(mapping.title for mapping in mappings)
    raise FileRejectedError(
        path.name,
        "layout_unknown",
        f"Không nhận ra tệp này theo tiêu đề cột (đã biết: {titles}). Hãy xuất lại từ sàn, hoặc bỏ vào thư mục của "
        "gian hàng có tệp ánh xạ: ecommerce_sales/<gian hàng>/.",
        f"The headings are of no known export ({titles}). Export it again, or put it into the folder of a shop "
        "that has a mapping file: ecommerce_sales/<shop>/.",
    )


def _is_export(path: Path, mapping_folder: Path) -> bool:
    """Whether the headings are those of an export; else a file that lies in no shop's folder can be the SKU table."""
    mappings = recognising_mappings(mapping_folder)
    known = {heading_key(h) for mapping in mappings for hs in mapping.columns.values() for h in hs}
    sheets = sheets_of(path, lambda heading: heading_key(heading) in known)
    return any(recognise(sheet.headings, mappings) for sheet in sheets)


def _default_shop(arrival: Arrival, reference: Reference, mapping: Mapping) -> Shop:
    """The shop that a file straight in the inbox is taken to be of: `<marketplace>_mac_dinh` of the registry."""
    name = f"{mapping.marketplace}{_DEFAULT_SHOP}"
    shop = reference.shop(name)
    if shop is None:
        raise FileRejectedError(
            arrival.path.name,
            "shop_missing",
            f"Tệp của “{mapping.title}” phải nằm trong thư mục của gian hàng: ecommerce_sales/<gian hàng>/, vì "
            f"danh mục gian hàng không có {name}.",
            f"The export of “{mapping.title}” must lie in its shop's folder, ecommerce_sales/<shop>/: the "
            f"shop registry has no {name}.",
        )
    return shop


def _tomorrow() -> datetime:
    """No export tells of what lies beyond: such a time would date it, and no later export would count."""
    return datetime.now(tz=VIETNAM).replace(tzinfo=None) + timedelta(days=1)


def _progress(statuses: "pd.Series[Any]", mapping: Mapping) -> int:
    """How far its sales or returns have come: of two exports with the same latest event the later one tells more."""
    counts = statuses.value_counts()
    return sum(at * int(counts.get(status, 0)) for at, status in enumerate(mapping.statuses))


def _make(mapping: Mapping) -> Callable[[pd.DataFrame, Mapping, Shop, datetime], pd.DataFrame]:
    return canonical if mapping.form == ORDER_LINES.name else canonical_returns


class _Times:
    """The days and the latest event of all lines so far."""

    def __init__(self) -> None:
        self._days: list[datetime] = []
        self._events: list[datetime] = []

    def add(self, lines: pd.DataFrame, day: str) -> None:
        for name in (str(column) for column in lines if str(column).endswith("_at")):
            moments = _moments(lines[name])
            if len(moments):
                first, last = moments.min().to_pydatetime(), moments.max().to_pydatetime()
                self._events = [max([*self._events, last])]
                if name == day:
                    self._days = [min([*self._days, first]), max([*self._days, last])]

    def period(self) -> Period | None:
        """From the first to the last day; None before any day could be read."""
        return Period(self._days[0].date(), self._days[1].date() + timedelta(days=1)) if self._days else None

    def latest(self) -> datetime:
        return self._events[0]


def _moments(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Those that could be read."""
    if cells.dtype == "object":
        cells = pd.to_datetime(cells.map(lambda cell: cell if isinstance(cell, datetime) else None))
    return cells.dropna()


def _no_order(place: str) -> FileRejectedError:
    return FileRejectedError(place, "no_rows", "Tệp không có đơn hàng nào.", "The file has no order.")


def _no_time(place: str, mapping: Mapping) -> FileRejectedError:
    return FileRejectedError(
        place,
        "no_order_time",
        f"Không có dòng nào đọc được thời gian đặt hàng (mẫu {mapping.time}).",
        f"No row has an order time that can be read ({mapping.time}).",
    )


SOURCE = Source(
    "ecommerce_sales",
    "Đơn hàng thương mại điện tử",
    "Order exports of shops, and the table that maps their SKUs to products",
    (ORDER_LINES, ORDER_RETURNS, SKU_PRODUCTS),
    Archive.REDACTED,
    (".csv", ".xlsx", ".xls"),
    read,
    # A year of a busy shop is a file of gigabytes, never in memory as a whole: 0.5 GB are used, and Arrow asks for more
    # addresses than that.
    limits=Limits(memory_bytes=2 << 30, seconds=60, content_bytes=16 << 30),
    pieces=pieces,
)
