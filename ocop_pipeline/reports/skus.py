"""SKUs that the office's table does not know yet, and the workbook in which it is filled in.

Belongs here: choosing them by revenue, suggesting products by name, the workbook. Stays out: applying anything (the
office sends the table back), reading it (`sources.sku_products`).
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from ocop_pipeline.reports.layout import SHEET_WIDTH, grouped, objects
from ocop_pipeline.reports.registry import known_things, name_scores, registered
from ocop_pipeline.reports.registry_workbook import add_form_sheet
from ocop_pipeline.reports.scorecard_sheet import Sheet
from ocop_pipeline.sources.sku_products import SKU_PRODUCTS
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Warehouse

_LEAST_SCORE = 60.0
"""A shop's name of a product says more than the register's: “Mì gạo Hùng Lô gói 500g” and “Mì gạo Hùng Lô” have 76."""
_UNMAPPED = """
select marketplace, shop_id, sku, product_name, unmapped_vnd, last_order_date
from marts.dim_sku
where unmapped_vnd <> 0 or not is_mapped
order by unmapped_vnd desc, marketplace, shop_id, sku
"""
_COLUMNS = (
    "marketplace",
    "shop_id",
    "sku",
    "product_name",
    "unmapped_vnd",
    "last_order_date",
    "suggested_product_key",
    "suggested_product_name",
    "score",
)
_HEADINGS = ("Tên hàng", "Sàn", "Gian hàng", "Mã SKU", "Doanh thu, đồng", "Gợi ý", "Giống")
_NAME_WIDTH, _KEY_WIDTH = 26, 20
_NOTES = {
    "Tên hàng (để tra)": 40,
    "Doanh thu chưa ánh xạ, đồng": 26,
    "Gợi ý mã sản phẩm": 26,
    "Gợi ý tên": 40,
    "Giống, %": 10,
}
_INSTRUCTIONS = (
    "Mỗi dòng nói: mã SKU này của gian hàng này, giữa hai ngày này, là sản phẩm mang mã này.",
    "Các dòng chưa có “Mã sản phẩm” nằm cuối trang, doanh thu lớn trước: điền mã; dòng để trống được bỏ qua.",
    "Mã SKU là mã của người bán; gian hàng không ghi thì là mã của sàn, không có nữa thì là tên hàng.",
    "“Từ ngày” tính, “Đến ngày” không tính; trống là không giới hạn.",
    "Các cột in nghiêng chỉ để tra. Gợi ý là so tên, không tự áp dụng.",
    "Lưu rồi đặt tệp vào inbox/ecommerce_sales: bảng này thay toàn bộ bảng cũ.",
)


def unmapped_skus(warehouse: Warehouse) -> Answer:
    """One row per SKU with revenue of no product or without a product, the largest first, and the likeliest product.

    A suggestion is the product whose name is most alike, from 60 of 100 on; nothing is applied.
    """
    rows = objects(fetch(warehouse, _UNMAPPED))
    products = [one for one in known_things(warehouse) if one.thing == "product"]
    found: Sequence[tuple[Any, ...]] = [(None, None, None)] * len(rows)
    if rows and products:
        scores = name_scores(
            [row["product_name"] or row["sku"] for row in rows], [one.name for one in products], _LEAST_SCORE
        )
        best = [
            (products[likeliest], float(of[likeliest])) for of, likeliest in zip(scores, scores.argmax(1), strict=True)
        ]
        found = [(one.key, one.name, round(score, 1)) if score else (None, None, None) for one, score in best]
    return Answer(_COLUMNS, tuple((*row.values(), *suggested) for row, suggested in zip(rows, found, strict=True)))


def sku_sheet(skus: Answer) -> Sheet:
    """The work list for people, at most SHEET_WIDTH characters wide; names are cut, `--format csv` has all of them."""
    rows = [
        (
            _cut(row["product_name"], _NAME_WIDTH),
            row["marketplace"],
            _cut(row["shop_id"], _KEY_WIDTH - 4),
            _cut(row["sku"], _KEY_WIDTH - 4),
            grouped(row["unmapped_vnd"], 0),
            _cut(row["suggested_product_name"], _KEY_WIDTH),
            None if row["score"] is None else f"{row['score']:.0f} %",
        )
        for row in objects(skus)
    ]
    return Sheet("SKU chưa ánh xạ sang sản phẩm", _HEADINGS, rows)


def sku_workbook(warehouse: Warehouse) -> bytes:
    """The office's table as it stands, and below it the unmapped SKUs to be filled in. No text becomes a formula."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    told: list[Mapping[str, Any]] = [*registered(warehouse, SKU_PRODUCTS)]
    rows = [*told, *(_to_fill_in(row) for row in objects(unmapped_skus(warehouse)))]
    with xlsxwriter.Workbook(content, options) as workbook:
        add_form_sheet(workbook, SKU_PRODUCTS, rows, _NOTES)
        notes = workbook.add_worksheet("Hướng dẫn")
        notes.set_column(0, 0, SHEET_WIDTH)
        for number, line in enumerate(_INSTRUCTIONS):
            notes.write_string(number, 0, line)
    return content.getvalue()


def _to_fill_in(row: Mapping[str, Any]) -> dict[str, Any]:
    notes = (
        row["product_name"],
        row["unmapped_vnd"],
        row["suggested_product_key"],
        row["suggested_product_name"],
        row["score"],
    )
    empty = {column.name: None for column in SKU_PRODUCTS.columns}
    key = {"marketplace": row["marketplace"], "shop_id": row["shop_id"], "seller_sku": row["sku"]}
    return {**empty, **key, **dict(zip(_NOTES, notes, strict=True))}


def _cut(text: str | None, width: int) -> str | None:
    return text if text is None or len(text) <= width else text[: width - 1] + "…"
