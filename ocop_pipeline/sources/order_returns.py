"""Returns of orders as a marketplace's separate file of returns states them.

Belongs here: the form, and the rule about order numbers that its lines share with it. Stays out: reading a file
(`marketplace_lines`), what a return takes from a sale (dbt).
"""

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind, Rule
from ocop_pipeline.sources.marketplace_mapping import RETURN_STATUSES


def damaged_id(column: str) -> Rule:
    """An id that a spreadsheet took for a number and rounded: nobody can say which order it was."""
    return Rule(
        f"{column}_damaged",
        "ExpectColumnValuesToNotMatchRegex",
        {"column": column, "regex": r"^\d(?:[.,]\d+)?E\+\d+$"},
        (column,),
        "“{heading}”: “{value}” đã bị Excel đổi thành số và làm tròn; hãy xuất lại tệp từ sàn, đừng lưu bằng Excel.",
        "“{heading}”: a spreadsheet took “{value}” for a number and rounded it; export the file again and do not save "
        "it in a spreadsheet.",
    )


ORDER_RETURNS = Form(
    "order_returns",
    "Trả hàng",
    "a return of an order's item as one file of returns states it",
    FormKind.EVENTS,
    (
        Column("marketplace", "Sàn", "Marketplace of the shop", required=True),
        Column("shop_id", "Gian hàng", "Shop of the registry", required=True),
        Column("return_id", "Mã trả hàng", "Number of the return, text", required=True),
        Column("order_id", "Mã đơn hàng", "Order number, text", required=True),
        Column("line_key", "Khóa dòng", "Key of the item inside its order", required=True),
        Column("seller_sku", "Mã SKU của người bán", "The seller's own SKU"),
        Column("platform_sku_id", "Mã SKU của sàn", "The marketplace's SKU"),
        Column("returned_quantity", "Số lượng trả", "Units returned", ColumnType.NUMBER, required=True, minimum=0),
        Column("refund_vnd", "Tiền hoàn", "What was refunded, VND, not negative", ColumnType.NUMBER),
        Column("status", "Trạng thái", "Canonical status of the return", required=True),
        Column("status_raw", "Trạng thái gốc", "Status as the marketplace words it"),
        Column(
            "requested_at", "Thời điểm yêu cầu", "When it was asked for, GMT+7", ColumnType.TIMESTAMP, required=True
        ),
        Column("returned_at", "Thời điểm hoàn tiền", "When it was refunded, GMT+7", ColumnType.TIMESTAMP),
    ),
    own_rules=(
        damaged_id("return_id"),
        damaged_id("order_id"),
        damaged_id("platform_sku_id"),
        Rule(
            "status_unknown",
            "ExpectColumnValuesToBeInSet",
            {"column": "status", "value_set": list(RETURN_STATUSES)},
            ("status",),
            "“{heading}”: “{value}” không có trong tệp ánh xạ; hãy bổ sung từ này vào tệp ánh xạ rồi xuất tệp mới.",
            "“{heading}”: “{value}” is not in the mapping file; add the word to it and export anew.",
        ),
    ),
)
