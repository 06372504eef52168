"""The office's table of SKUs: which product a shop's SKU is, and when.

Belongs here: its columns, and reading it from a workbook or a CSV file at the top of the source's inbox. Stays out:
suggesting products for SKUs that it lacks (`reports.skus`), applying it (dbt).
"""

import re
from datetime import date

import pandas as pd

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind, Rule
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.csv_files import read_csv_grid
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError, Part
from ocop_pipeline.sources.layout import is_heading_of, lay_out
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.tables import Table, form_repairs, form_rows, heading_positions
from ocop_pipeline.sources.workbooks import read_workbook
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.vietnamese.text import heading_key

_UNKNOWN = " (không đúng)"
"""Behind a word that stands for nothing known."""

SKU_PRODUCTS = Form(
    "sku_products",
    "SKU sản phẩm",
    "a seller's SKU and the product it is, over a time",
    FormKind.REGISTER,
    (
        Column("marketplace", "Sàn", "Marketplace", required=True),
        Column("shop_id", "Gian hàng", "Shop of the registry", required=True),
        Column("seller_sku", "Mã SKU", "The seller's own SKU, else the marketplace's, else the name", required=True),
        Column("product_code", "Mã sản phẩm", "Product code", required=True),
        Column("valid_from_date", "Từ ngày", "First day the SKU is that product; empty = always", ColumnType.DATE),
        Column("valid_to_date", "Đến ngày", "First day it no longer is; empty = open", ColumnType.DATE),
    ),
    key=("marketplace", "shop_id", "seller_sku", "valid_from_date"),
    own_rules=(
        Rule(
            "shop_not_in_registry",
            "ExpectColumnValuesToNotMatchRegex",
            {"column": "shop_id", "regex": f"{re.escape(_UNKNOWN)}$"},
            ("shop_id",),
            "“{heading}”: “{value}”: không có gian hàng này trong danh mục gian hàng (shops.csv).",
            "“{heading}”: “{value}”: there is no such shop in the registry of shops (seed shops.csv).",
        ),
        Rule(
            "marketplace_not_of_shop",
            "ExpectColumnValuesToNotMatchRegex",
            {"column": "marketplace", "regex": f"{re.escape(_UNKNOWN)}$"},
            ("marketplace",),
            "“{heading}”: “{value}”: gian hàng này không ở trên sàn đó.",
            "“{heading}”: “{value}”: the shop is not on this marketplace.",
        ),
        Rule(
            "valid_to_before_valid_from",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "valid_to_date",
                "column_B": "valid_from_date",
                "or_equal": False,
                "ignore_row_if": "either_value_is_missing",
            },
            ("valid_to_date",),
            "“Đến ngày” ({value}) không sau “Từ ngày”.",
            "“Đến ngày” ({value}) does not lie after “Từ ngày”.",
        ),
    ),
)

ALWAYS = Period(date(2000, 1, 1), date(2100, 1, 1))
"""The table states its own dates row by row; a new version replaces the whole of it."""
_ROWS_ABOVE = 10
_OWNER = "sku_products"


def read_sku_products(arrival: Arrival, reference: Reference) -> Document:
    """The table: a CSV file, or the sheet “SKU sản phẩm” of a workbook, or its only sheet.

    A row without a product waits to be filled in and says nothing; a marketplace may be named as the seed names it.
    FileRejectedError when it is no such table.
    """
    table = _table(arrival)
    if table is None or heading_key(SKU_PRODUCTS.column("product_code").heading) not in heading_positions(table):
        raise FileRejectedError(
            arrival.path.name,
            "layout_unknown",
            "Tệp không phải bảng SKU và không nhận ra là tệp xuất của sàn nào theo tiêu đề cột. Hãy xuất lại từ sàn, "
            "hoặc bỏ vào thư mục của gian hàng có tệp ánh xạ: ecommerce_sales/<gian hàng>/.",
            "It is no table of SKUs, and its headings are of no known export. Export it again, or put it into the "
            "folder of a shop that has a mapping file: ecommerce_sales/<shop>/.",
        )
    rows, repairs = form_rows(table, SKU_PRODUCTS), form_repairs(table, SKU_PRODUCTS)
    filled = rows["product_code"].map(lambda cell: cell is not None and str(cell).strip() != "").astype("bool")
    known = _in_registry(rows[filled], reference)
    part = Part(SKU_PRODUCTS.name, _OWNER, ALWAYS, table.sheet, known, repairs=repairs)
    return Document(_OWNER, ALWAYS, (part,))


def _in_registry(rows: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """The rows with the codes of their marketplaces; a shop or marketplace that is wrong says so, for the rules."""
    known = rows.copy()
    for row, told_shop, told_marketplace in zip(rows.index, rows["shop_id"], rows["marketplace"], strict=True):
        shop_id, said = as_text(told_shop), as_text(told_marketplace)
        if shop_id is None or said is None:
            continue
        shop = reference.shop(shop_id)
        if shop is None:
            known.loc[row, "shop_id"] = shop_id + _UNKNOWN
            continue
        names = map(heading_key, (shop.marketplace, reference.marketplaces.get(shop.marketplace, "")))
        known.loc[row, "marketplace"] = shop.marketplace if heading_key(said) in names else said + _UNKNOWN
    return known


def _table(arrival: Arrival) -> Table | None:
    if arrival.path.suffix.lower() == ".csv":
        grid = read_csv_grid(arrival.path, lambda text: is_heading_of(SKU_PRODUCTS, text))
        cells = {heading_key(as_text(cell) or "") for row in grid.rows[:_ROWS_ABOVE] for cell in row}
        return (
            lay_out(grid, SKU_PRODUCTS) if heading_key(SKU_PRODUCTS.column("product_code").heading) in cells else None
        )
    grids = read_workbook(arrival.path)
    named = [grid for grid in grids if heading_key(grid.name) == heading_key(SKU_PRODUCTS.sheet)]
    chosen = named or (grids if len(grids) == 1 else [])
    return lay_out(chosen[0], SKU_PRODUCTS) if chosen else None
