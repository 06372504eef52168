"""Cells that were read as something else than they said: which, as what, and by which rule.

Belongs here: choosing them from the ledger and wording the rules. Stays out: mending (`sources`).
"""

from collections.abc import Collection
from typing import Any

from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

RULES_VI = {
    "alias": "tên gọi khác",
    "prefix": "viết tắt loại đơn vị",
    "spelling": "cách viết i/y",
    "unit_type": "loại đơn vị khác",
    "unit_conversion": "quy đổi đơn vị",
    "two_digit_year": "năm hai chữ số",
    "excel_serial": "số thứ tự ngày của Excel",
    "time_dropped": "bỏ giờ",
    "merged_range": "ô gộp",
    "letters": "dấu gõ rời (Unicode tổ hợp), Ð, ký tự ẩn",
    "legacy_font": "phông TCVN3, VNI",
    "encoding": "bảng mã",
    "delimiter": "dấu phân cách",
    "shop_assumed": "gian hàng mặc định",
    "column_new": "cột mới, không đọc",
    "sheet_not_read": "trang không phải biểu mẫu, không đọc",
    "period_not_as_named": "tên tệp ghi kỳ khác",
    "total_not_checked": "dòng cộng không phải số, không đối chiếu",
    "personal_data": "bỏ dữ liệu cá nhân",
}
"""The rules for people; one that is not here is shown by its code."""
COLUMNS = ("submission_id", "file", "form", "sheet", "row", "column", "said", "read", "rule")
_REPAIRS = """
select
    r.submission_id, s.inbox_path, r.form, r.source_sheet, nullif(r.source_row, 0), r.column_name,
    r.said, r.read, r.rule
from ingest.repair as r inner join ingest.submission as s using (submission_id)
where cast(:numbers as bigint[]) is null or r.submission_id = any(cast(:numbers as bigint[]))
order by r.submission_id, r.form, r.source_sheet, r.source_row, r.column_name
limit :at_most
"""
_COUNTS = """
select r.submission_id, count(*) from ingest.repair as r
where r.submission_id = any(cast(:numbers as bigint[])) group by r.submission_id
"""
_WARNINGS = """
select s.inbox_path, r.rule, r.said, r.read
from ingest.repair as r inner join ingest.submission as s using (submission_id)
where r.submission_id = any(cast(:numbers as bigint[])) and r.rule = any(cast(:rules as text[]))
order by r.submission_id, r.rule, r.said
"""
_WARNINGS_SAID = {
    "column_new": "cột mới “{said}” không được đọc / the new column is not read",
    "sheet_not_read": "trang “{said}” không mang tên biểu nào, không được đọc / the sheet is not read",
    "total_not_checked": "dòng cộng {said} không phải số, không đối chiếu được / the total is no number",
    "period_not_as_named": "tên tệp ghi kỳ {said}, nội dung là kỳ {read} / its name says another period",
}
REPAIR_TABLE = ("Tệp", "Vị trí", "Cột", "Ghi là", "Đọc là", "Quy tắc")


def repairs_of(warehouse: Warehouse, numbers: Collection[int] | None = None, at_most: int | None = None) -> Answer:
    """One row per mended cell of these submissions, or of all; `row` is null where the file as a whole was mended."""
    wanted = {"numbers": None if numbers is None else list(numbers), "at_most": at_most}
    return Answer(COLUMNS, fetch(warehouse, _REPAIRS, wanted, role=Role.LOADER).rows)


def repair_counts(warehouse: Warehouse, numbers: Collection[int]) -> dict[int, int]:
    """How many cells of each of these submissions were mended; those without are not there."""
    return dict(fetch(warehouse, _COUNTS, {"numbers": list(numbers)}, role=Role.LOADER).rows)


def file_warnings(warehouse: Warehouse, numbers: Collection[int]) -> tuple[tuple[str, str], ...]:
    """What was taken for granted of these files as a whole: path and warning, in the order of arrival."""
    wanted = {"numbers": list(numbers), "rules": ["shop_assumed", *_WARNINGS_SAID]}
    rows = fetch(warehouse, _WARNINGS, wanted, role=Role.LOADER).rows
    return tuple((path, _warning(rule, said, read)) for path, rule, said, read in rows)


def _warning(rule: str, said: str, read: str) -> str:
    if rule == "shop_assumed":
        return f"không nằm trong thư mục gian hàng nào, được tính cho {read} / taken as an export of {read}"
    return _WARNINGS_SAID[rule].format(said=said, read=read)


def repair_table(answer: Answer) -> list[tuple[str, ...]]:
    """The cells of `repairs_of` worded for people, under REPAIR_TABLE; a file is named once."""
    table: list[tuple[str, ...]] = []
    named = None
    for row in answer.rows:
        cell = dict(zip(answer.columns, row, strict=True))
        file = f"{cell['submission_id']}: {cell['file']}"
        place = cell["sheet"] + ("" if cell["row"] is None else f", dòng {cell['row']}")
        rule = RULES_VI.get(cell["rule"], cell["rule"])
        table.append((file if file != named else "", place, _heading(cell), cell["said"], cell["read"], rule))
        named = file
    return table


def _heading(cell: dict[str, Any]) -> str:
    """The column as officials know it; its name where the form has lost it since."""
    columns = [column for form in ALL_FORMS if form.name == cell["form"] for column in form.columns]
    return next((column.heading for column in columns if column.name == cell["column"]), str(cell["column"]))
