"""The workbook in which the office keeps its registries: written here, edited there, dropped back into the inbox.

Belongs here: its sheets and instructions. Stays out: reading it back (`sources.registries`).
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook

from ocop_pipeline.contracts import ColumnType, Form
from ocop_pipeline.reports.registry import Known
from ocop_pipeline.sources.registries import FORMS

_EDITABLE_ROWS = 2000
"""Rows with a drop-down; more may be filled in."""
_WIDTHS = {"alias": 40, "reason": 50, "alias_kind": 14, "unit_code": 12}
_LISTS = {"entity": "Khóa chủ thể", "product": "Khóa sản phẩm", "sales_point": "Khóa điểm bán"}
_INSTRUCTIONS = (
    "Mỗi dòng nói: cách ghi này (mã hoặc tên), trong đơn vị này, giữa hai ngày này, là đối tượng mang “Mã của sở” này.",
    "Sửa một mã ghi sai: ghi mã sai vào “Cách ghi”, mã đúng vào “Mã của sở”.",
    "Gộp hai đối tượng: cho cách ghi của cả hai cùng một “Mã của sở”.",
    "Tách một mã dùng cho hai đối tượng: hai dòng cùng “Cách ghi”, khác “Mã của sở”, khác ngày; hoặc ghi theo tên.",
    "Tên ghi trước mã; đơn vị ghi trước toàn tỉnh. Mã viết hoa, thường, có dấu cách hay gạch nối đều là một.",
    "Ngày là ngày cuối kỳ báo cáo đã ghi như vậy: “Từ ngày” tính, “Đến ngày” không tính; trống là không giới hạn.",
    "Để trống “Đơn vị” là mọi nơi; riêng tên phải có đơn vị (ghi tỉnh nếu dùng cho mọi nơi).",
    "“Mã của sở” lấy ở các trang “Khóa …”, hoặc đặt mới. Các trang đó chỉ để tra, sửa ở đó không có tác dụng.",
    "Lưu rồi đặt tệp vào inbox/registries: mỗi trang bí danh thay toàn bộ sổ cũ của trang đó.",
)


def registry_workbook(registries: Mapping[str, Sequence[Mapping[str, Any]]], known: Sequence[Known]) -> bytes:
    """The workbook's bytes: instructions, a sheet per registry with its rows, and a list of keys per kind of thing.

    `registries` has the rows of each form by its name.
    No text becomes a formula or a link.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        notes = workbook.add_worksheet("Hướng dẫn")
        notes.set_column(0, 0, 120)
        for number, line in enumerate(_INSTRUCTIONS):
            notes.write_string(number, 0, line)
        for form in FORMS:
            add_form_sheet(workbook, form, registries[form.name])
        for thing, title in _LISTS.items():
            _add_list(workbook, title, [one for one in known if one.thing == thing])
    return content.getvalue()


def add_form_sheet(
    workbook: Workbook, form: Form, rows: Sequence[Mapping[str, Any]], notes: Mapping[str, int] = MappingProxyType({})
) -> None:
    """A sheet of the form with these rows, to be edited and sent back.

    `notes` are the headings and widths of further columns, to look at only: a row has their cells under the headings.
    """
    head = workbook.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7"})
    # Text, or the spreadsheet would make numbers of codes and lose their leading zeros.
    text = workbook.add_format({"num_format": "@"})
    day = workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    sheet = workbook.add_worksheet(form.sheet)
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(form.columns):
        is_date = column.type is ColumnType.DATE
        sheet.set_column(position, position, _WIDTHS.get(column.name, 22), day if is_date else text)
        sheet.write_string(0, position, column.heading, head)
        if column.choices:
            allowed = {"validate": "list", "source": list(column.choices)}
            sheet.data_validation(1, position, _EDITABLE_ROWS, position, allowed)
        words = {value: word for word, value in (column.choices or {}).items()}
        for number, row in enumerate(rows, 1):
            cell = row[column.name]
            if isinstance(cell, date):
                sheet.write_datetime(number, position, cell, day)
            elif cell is not None:
                sheet.write_string(number, position, words.get(cell, cell), text)
    pale = workbook.add_format({"italic": True, "font_color": "#7F7F7F"})
    for position, (heading, width) in enumerate(notes.items(), len(form.columns)):
        sheet.set_column(position, position, width, pale)
        sheet.write_string(0, position, heading, pale)
        for number, row in enumerate(rows, 1):
            cell = row.get(heading)
            if isinstance(cell, int | float | Decimal):
                sheet.write_number(number, position, float(cell), pale)
            elif cell is not None:
                sheet.write_string(number, position, str(cell), pale)


def _add_list(workbook: Workbook, title: str, things: Sequence[Known]) -> None:
    sheet = workbook.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    bold = workbook.add_format({"bold": True})
    for position, (heading, width) in enumerate((("Mã của sở", 28), ("Tên", 50), ("Địa bàn", 10), ("Xã", 10))):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, heading, bold)
    for number, one in enumerate(things, 1):
        for position, cell in enumerate((one.key, one.shown_name, one.territory_code, one.commune_code)):
            sheet.write_string(number, position, cell or "")
