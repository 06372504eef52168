"""The workbook that a unit fills in: its forms with drop-downs, checks while typing, and what is known already.

Belongs here: its layout and its words in Vietnamese. Stays out: what is known of a unit (`templates`).
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from ocop_pipeline.contracts import Column, ColumnType, Form

_LISTS = "Danh mục"
_LAST_ROW = 2000
"""Rows with drop-downs and checks; more can be filled in without."""
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)
_DECIMAL, _WHOLE = 1e15, 1_000_000_000
_WIDTHS = {ColumnType.DATE: 16, ColumnType.COMMUNE: 24, ColumnType.BOOLEAN: 12, ColumnType.INTEGER: 14}
_WIDE = ("_name", "address", "purpose", "place", "managed_by")
_AUTHOR = "Mẫu OCOP"
_TITLE = "HƯỚNG DẪN"
_FIRST = (
    "Mỗi trang là một biểu mẫu; mỗi dòng là một đối tượng. Điền từ dòng 2, không sửa dòng tiêu đề.",
    "Cột có tiêu đề màu vàng là bắt buộc. Đưa chuột vào tiêu đề để xem cách ghi.",
    "Ô có mũi tên: chọn trong danh sách. Ngày ghi ngày/tháng/năm, ví dụ 24/11/2023.",
)
_LAST = (
    "Không ghi số căn cước công dân, số điện thoại hoặc họ tên người lao động ở bất cứ ô nào.",
    "Lưu tệp (.xlsx) và gửi lại. Nếu có chỗ sai, đơn vị nhận lại chính tệp này với các ô sai tô đỏ.",
)
_NOTHING_KNOWN = "Tệp này chưa ghi sẵn dữ liệu đã biết của đơn vị (chưa có kho dữ liệu)."
_BESIDE = "Tên sản phẩm (chỉ để xem)"


@dataclass(frozen=True)
class Template:
    """What goes into the workbook.

    `known` are rows to begin with, by form and column name; `beside` is a name to show beside each of them, where the
    form has none. `offered` are codes that a column may take, beside others. `notes` go among the instructions.
    `is_prefilled` is False without a warehouse.
    """

    header: Mapping[str, str]
    forms: tuple[Form, ...]
    communes: tuple[str, ...]
    known: Mapping[str, Sequence[Mapping[str, Any]]]
    beside: Mapping[str, Sequence[str]]
    offered: Mapping[str, Sequence[str]]
    notes: tuple[str, ...]
    is_prefilled: bool


def word_for(column: Column, value: str) -> str:
    """The word that a form shows for a stored value of a column with choices."""
    word = next(word for word, stored in (column.choices or {}).items() if stored == value)
    return value if value.casefold() == word else word[:1].upper() + word[1:]


def template_workbook(template: Template) -> bytes:
    """The workbook's bytes. No text becomes a formula or a link; headings are locked, without a password."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        writer = _Writer(workbook, template)
        writer.write_header()
        writer.write_instructions()
        for form in template.forms:
            writer.write_form(form)
        writer.write_lists()
    return content.getvalue()


class _Writer:
    """One workbook while it is written: its formats, and the lists that its drop-downs show."""

    def __init__(self, workbook: Any, template: Template) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._workbook = workbook
        self._template = template
        self._lists: dict[str, Sequence[str]] = {}
        edge = {"border": 1, "border_color": "#A6A6A6"}
        head = {**edge, "bold": True, "text_wrap": True, "valign": "vcenter", "align": "center"}
        self._head = workbook.add_format({**head, "bg_color": "#D9E1F2"})
        self._required = workbook.add_format({**head, "bg_color": "#FFE699"})
        self._bold = workbook.add_format({"bold": True})
        self._wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._grey = workbook.add_format({**edge, "font_color": "#7F7F7F"})
        self._text = workbook.add_format({"locked": False, "num_format": "@"})
        self._day = workbook.add_format({"locked": False, "num_format": "dd/mm/yyyy", "align": "left"})
        self._number = workbook.add_format({"locked": False})
        self._whole = workbook.add_format({"locked": False, "num_format": "#,##0"})

    def write_header(self) -> None:
        sheet = self._workbook.add_worksheet("Thông tin")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 40)
        for row, (label, value) in enumerate(self._template.header.items()):
            sheet.write_string(row, 0, label, self._head)
            sheet.write(row, 1, value, self._grey if value else self._day if "Ngày" in label else self._text)
        self._protect(sheet)

    def write_instructions(self) -> None:
        sheet = self._workbook.add_worksheet("Hướng dẫn")
        sheet.set_column(0, 0, 110, self._wrapped)
        sheet.write_string(0, 0, _TITLE, self._bold)
        lines = [*_FIRST, *self._template.notes, *_LAST]
        for row, line in enumerate(lines, 1):
            sheet.write_string(row, 0, f"{row}. {line}", self._wrapped)
        if not self._template.is_prefilled:
            sheet.write_string(len(lines) + 1, 0, _NOTHING_KNOWN, self._wrapped)
        self._protect(sheet)

    def write_form(self, form: Form) -> None:
        sheet = self._workbook.add_worksheet(form.sheet)
        for position, column in enumerate(form.columns):
            sheet.set_column(position, position, _width(column), self._format(column))
            sheet.write_string(0, position, column.heading, self._required if column.required else self._head)
            comment = {"author": _AUTHOR, "x_scale": 2, "y_scale": 0.8}
            sheet.write_comment(0, position, instruction(column), comment)
            if check := self._check(column):
                sheet.data_validation(1, position, _LAST_ROW, position, check)
        known = self._template.known.get(form.name, ())
        for row, cells in enumerate(known, 1):
            for position, column in enumerate(form.columns):
                self._write_cell(sheet, row, position, cells.get(column.name), self._format(column))
        if names := self._template.beside.get(form.name):
            after = len(form.columns)
            sheet.set_column(after, after, 40)
            sheet.write_string(0, after, _BESIDE, self._head)
            for row, name in enumerate(names, 1):
                sheet.write_string(row, after, name, self._grey)
        sheet.set_row(0, 34)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        self._protect(sheet)

    def write_lists(self) -> None:
        sheet = self._workbook.add_worksheet(_LISTS)
        for position, (name, words) in enumerate(self._lists.items()):
            sheet.write_string(0, position, name)
            for row, word in enumerate(words, 1):
                sheet.write_string(row, position, word)
        sheet.hide()

    def _protect(self, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        allowed = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
        sheet.protect("", dict.fromkeys(allowed, True))

    def _write_cell(self, sheet: Any, row: int, position: int, value: object, cell_format: Any) -> None:  # noqa: ANN401
        if isinstance(value, bool):
            sheet.write_string(row, position, "có" if value else "không", cell_format)
        elif isinstance(value, date):
            sheet.write_datetime(row, position, value, cell_format)
        elif isinstance(value, int | float):
            sheet.write_number(row, position, value, cell_format)
        elif value is not None:
            sheet.write_string(row, position, str(value), cell_format)

    def _format(self, column: Column) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        formats = {ColumnType.DATE: self._day, ColumnType.NUMBER: self._number, ColumnType.INTEGER: self._whole}
        if column.name.endswith("_vnd"):
            return self._whole
        return formats.get(column.type, self._text)

    def _check(self, column: Column) -> Mapping[str, Any] | None:
        """What Excel checks while a cell is filled in; codes that are not on the list are taken as they are."""
        wrong = {"error_title": "Chưa đúng", "error_message": instruction(column)[:255]}
        match column.type:
            case ColumnType.DATE:
                return {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST, **wrong}
            case ColumnType.INTEGER | ColumnType.NUMBER:
                is_whole = column.type is ColumnType.INTEGER
                limit = _WHOLE if is_whole else _DECIMAL
                low = -limit if column.minimum is None else column.minimum
                high = limit if column.maximum is None else column.maximum
                kind = "integer" if is_whole else "decimal"
                return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, **wrong}
        words = self._words(column)
        if not words:
            return None
        is_open = column.name in self._template.offered
        return {"validate": "list", "source": self._listed(column.heading, words), "show_error": not is_open, **wrong}

    def _words(self, column: Column) -> Sequence[str]:
        if column.choices is not None:
            return [word_for(column, value) for value in dict.fromkeys(column.choices.values())]
        if column.type is ColumnType.COMMUNE:
            return self._template.communes
        if column.type is ColumnType.BOOLEAN:
            return ("có", "không")
        return self._template.offered.get(column.name, ())

    def _listed(self, name: str, words: Sequence[str]) -> str:
        """A reference to the column of the hidden sheet that holds the words."""
        position = next((at for at, known in enumerate(self._lists.values()) if list(known) == list(words)), None)
        if position is None:
            position = len(self._lists)
            self._lists[f"{name} {position + 1}"] = words
        letter = xlsxwriter.utility.xl_col_to_name(position)
        return f"='{_LISTS}'!${letter}$2:${letter}${len(words) + 1}"


def instruction(column: Column) -> str:
    """One line on how to fill in a column, as its contract says."""
    return " ".join(_instructions(column))


def _instructions(column: Column) -> Iterator[str]:
    if column.required:
        yield "Bắt buộc."
    money = " (đồng)" if column.name.endswith("_vnd") and not column.stated_in else ""
    bounds = f", từ {column.allowed()}" if column.minimum is not None and column.maximum is not None else ""
    bounds = bounds or (", không âm" if column.minimum == 0 else "")
    match column.type:
        case ColumnType.DATE:
            yield "Ghi ngày/tháng/năm, ví dụ 24/11/2023."
        case ColumnType.INTEGER:
            yield f"Ghi số nguyên{bounds}."
        case ColumnType.NUMBER:
            yield f"Ghi số{money}{bounds}."
        case ColumnType.BOOLEAN:
            yield "Chọn “có” hoặc “không”."
        case ColumnType.COMMUNE:
            yield "Chọn xã, phường, thị trấn trong danh sách của đơn vị."
        case _:
            heading = column.heading[:1].lower() + column.heading[1:]
            yield f"Ghi {heading}." if column.choices is None else f"Chọn: {column.allowed()}."
    if column.may_hold_citizen_id:
        yield "Không ghi số căn cước công dân (12 số)."
    if column.hint:
        yield column.hint


def _width(column: Column) -> int:
    wide = 38 if column.name.endswith(_WIDE) else 20
    return max(_WIDTHS.get(column.type, wide), len(column.heading) // 2 + 4)
