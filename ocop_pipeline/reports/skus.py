"""SKUs that are no product of a register yet, why, and the workbook in which it is filled in.

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
select
    marketplace, shop_id, sku, product_name, unmapped_vnd, last_order_date, product_code, mapping_state,
    case mapping_state when 'code_unknown' then sold_vnd else unmapped_vnd end as waiting_vnd
from marts.dim_sku
where unmapped_vnd <> 0 or mapping_state <> 'mapped'
order by waiting_vnd desc, marketplace, shop_id, sku
"""
_REASONS = {
    "not_in_table": ("chưa có trong bảng SKU", "not in the table of SKUs"),
    "code_not_official": (
        "bảng SKU ghi mã {code}, không phải mã chính thức",
        "the table of SKUs has the code {code}, which is not official",
    ),
    "code_unknown": (
        "bảng SKU ghi mã {code}, không sản phẩm nào trong sổ mang mã này",
        "the table of SKUs has the code {code}, which no register has",
    ),
    "mapped": ("bảng SKU chưa nói về những ngày trước", "the table of SKUs says nothing of some days"),
}
"""By `mapping_state` of `dim_sku`; what is mapped now is listed for the revenue of other days."""
_MISWRITTEN = {"code_not_official", "code_unknown"}
_COLUMNS = (
    "marketplace",
    "shop_id",
    "sku",
    "product_name",
    "unmapped_vnd",
    "last_order_date",
    "product_code",
    "mapping_state",
    "waiting_vnd",
    "reason_vi",
    "reason_en",
    "suggested_product_key",
    "suggested_product_name",
    "score",
)
_HEADINGS = ("Tên hàng", "Sàn", "Gian hàng", "Mã SKU", "Doanh thu, đồng", "Gợi ý", "Giống")
_NAME_WIDTH, _KEY_WIDTH = 26, 20
_NOTES = {
    "Tên hàng (để tra)": 40,
    "Doanh thu chờ sản phẩm, đồng": 26,
    "Lý do": 50,
    "Gợi ý mã sản phẩm": 26,
    "Gợi ý tên": 40,
    "Giống, %": 10,
}
_INSTRUCTIONS = (
    "Mỗi dòng nói: mã SKU này của gian hàng này, giữa hai ngày này, là sản phẩm mang mã này.",
    "Dòng có “Lý do” mang mã không phải mã chính thức hoặc không có trong sổ sản phẩm: sửa mã, hoặc để nguyên.",
    "Các dòng chưa có “Mã sản phẩm” nằm cuối trang, doanh thu lớn trước: điền mã; dòng để trống được bỏ qua.",
    "Mã SKU là mã của người bán; gian hàng không ghi thì là mã của sàn, không có nữa thì là tên hàng.",
    "“Từ ngày” tính, “Đến ngày” không tính; trống là không giới hạn.",
    "Các cột in nghiêng chỉ để tra. Gợi ý là so tên, không tự áp dụng.",
    "Lưu rồi đặt tệp vào inbox/ecommerce_sales: bảng này thay toàn bộ bảng cũ.",
)


def unmapped_skus(warehouse: Warehouse) -> Answer:
    """One row per SKU with revenue of no product or without one of a register, why, and the likeliest product.

    `waiting_vnd` (of an unknown code all that was sold, else what is unmapped) is in descending order. A
    suggestion is the product whose name is most alike, from 60 of 100 on; nothing is applied.
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
    return Answer(
        _COLUMNS,
        tuple((*row.values(), *_reasons(row), *suggested) for row, suggested in zip(rows, found, strict=True)),
    )


def sku_sheet(skus: Answer) -> Sheet:
    """The work list for people, at most SHEET_WIDTH characters wide; names are cut, `--format csv` has all of them.

    Below it what is wrong with codes that the office's table does have.
    """
    rows = [
        (
            _cut(row["product_name"], _NAME_WIDTH),
            row["marketplace"],
            _cut(row["shop_id"], _KEY_WIDTH - 4),
            _cut(row["sku"], _KEY_WIDTH - 4),
            grouped(row["waiting_vnd"], 0),
            _cut(row["suggested_product_name"], _KEY_WIDTH),
            None if row["score"] is None else f"{row['score']:.0f} %",
        )
        for row in objects(skus)
    ]
    notes = [
        f"{row['sku']}: {row['reason_vi']}; {row['reason_en']}."
        for row in objects(skus)
        if row["mapping_state"] in _MISWRITTEN
    ]
    return Sheet("SKU chưa ánh xạ sang sản phẩm", _HEADINGS, rows, notes=notes)


def sku_workbook(warehouse: Warehouse) -> bytes:
    """The office's table as it stands, and below it the unmapped SKUs to be filled in. No text becomes a formula."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    listed = objects(unmapped_skus(warehouse))
    notes = {
        (row["marketplace"], row["shop_id"], row["sku"], row["product_code"]): _notes(row)
        for row in listed
        if row["mapping_state"] in _MISWRITTEN
    }
    told = [
        row | notes.get((row["marketplace"], row["shop_id"], row["seller_sku"], row["product_code"]), {})
        for row in registered(warehouse, SKU_PRODUCTS)
    ]
    rows = [*told, *(_to_fill_in(row) for row in listed if row["mapping_state"] not in _MISWRITTEN)]
    with xlsxwriter.Workbook(content, options) as workbook:
        add_form_sheet(workbook, SKU_PRODUCTS, rows, _NOTES)
        notes = workbook.add_worksheet("Hướng dẫn")
        notes.set_column(0, 0, SHEET_WIDTH)
        for number, line in enumerate(_INSTRUCTIONS):
            notes.write_string(number, 0, line)
    return content.getvalue()


def _to_fill_in(row: Mapping[str, Any]) -> dict[str, Any]:
    empty = {column.name: None for column in SKU_PRODUCTS.columns}
    key = {"marketplace": row["marketplace"], "shop_id": row["shop_id"], "seller_sku": row["sku"]}
    return {**empty, **key, **_notes(row)}


def _notes(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("product_name", "waiting_vnd", "reason_vi", "suggested_product_key", "suggested_product_name", "score")
    return dict(zip(_NOTES, (row[name] for name in names), strict=True))


def _reasons(row: Mapping[str, Any]) -> tuple[str, str]:
    vi, en = _REASONS[row["mapping_state"]]
    return vi.format(code=row["product_code"]), en.format(code=row["product_code"])


def _cut(text: str | None, width: int) -> str | None:
    return text if text is None or len(text) <= width else text[: width - 1] + "…"
