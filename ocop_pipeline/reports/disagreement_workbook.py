"""The workbook that asks a unit about a period: what its reports say otherwise than another source.

Belongs here: what it says in Vietnamese, and its layout. Stays out: who gets which.
"""

import io
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from ocop_pipeline.reports.outbox import MADE_OF

FILE_NAME = "doi-chieu.xlsx"
SHEET = "Đối chiếu"
_MADE = datetime(2024, 1, 1, tzinfo=UTC)
"""A fixed time of making, so that the same disagreements give the same bytes."""
_HEADER_ROW = 4
_LINE_HEIGHT = 15
_IMPORTANCE = {"high": "cao", "medium": "vừa", "low": "thấp"}
_COLUMNS = (
    ("STT", 5),
    ("Chênh lệch", 34),
    ("Về", 30),
    ("Mức quan trọng", 11),
    ("Nguồn thứ nhất", 40),
    ("Số thứ nhất", 16),
    ("Nguồn thứ hai", 40),
    ("Số thứ hai", 16),
    ("Chênh lệch (số)", 16),
    ("Có từ ngày", 12),
    ("Việc cần làm", 48),
)


def disagreement_workbook(made_of: str, unit_name: str, period: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The workbook's bytes: the same for the same disagreements. No text becomes a formula or a link."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        title = f"Đối chiếu số liệu OCOP, kỳ {period}"
        workbook.set_properties({"title": title, "created": _MADE})
        workbook.set_custom_property(MADE_OF, made_of)
        bold = workbook.add_format({"bold": True})
        head = workbook.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top"})
        text = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        number = workbook.add_format({"border": 1, "valign": "top", "num_format": "#,##0.##"})
        day = workbook.add_format({"border": 1, "valign": "top", "num_format": "dd/mm/yyyy", "align": "left"})
        sheet = workbook.add_worksheet(SHEET)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.freeze_panes(_HEADER_ROW + 1, 2)
        sheet.write_string(0, 0, title, bold)
        sheet.write_string(1, 0, f"Đơn vị: {unit_name}. Số chỗ chênh lệch: {len(rows)}.")
        sheet.write_string(2, 0, "Báo cáo đã được nhận; những chỗ dưới đây khác với một nguồn khác, đề nghị trả lời.")
        for position, (heading, width) in enumerate(_COLUMNS):
            sheet.set_column(position, position, width)
            sheet.write_string(_HEADER_ROW, position, heading, head)
        for row_number, row in enumerate(rows, 1):
            cells = _cells(row_number, row)
            # Excel finds the height of wrapped text itself, LibreOffice prints one line over the next.
            sheet.set_row(_HEADER_ROW + row_number, _LINE_HEIGHT * max(map(_lines, cells, _COLUMNS)))
            for position, cell in enumerate(cells):
                place = (_HEADER_ROW + row_number, position)
                if isinstance(cell, date):
                    sheet.write_datetime(*place, cell, day)
                elif isinstance(cell, int | Decimal):
                    sheet.write_number(*place, float(cell), number)
                else:
                    sheet.write_string(*place, cell, text)
    return content.getvalue()


def _lines(cell: object, column: tuple[str, int]) -> int:
    """How many lines a text takes in its column, with room for words that are not broken."""
    return math.ceil(len(cell) * 1.15 / column[1]) if isinstance(cell, str) and cell else 1


def _cells(number: int, row: Mapping[str, Any]) -> Sequence[str | int | Decimal | date]:
    return (
        number,
        row["rule_name_vi"],
        row["subject_name"] or row["subject_key"],
        _IMPORTANCE[row["importance"]],
        _told(row, "left"),
        row["left_value"],
        _told(row, "right"),
        "(chưa có)" if row["right_value"] is None else row["right_value"],
        row["difference"],
        row["stands_since_date"],
        row["to_do_vi"],
    )


def _told(row: Mapping[str, Any], side: str) -> str:
    """What was told and where: measure, file, sheet and row; of a sum how many rows, and the newest of its files."""
    place = [row[f"{side}_name_vi"]]
    if row[f"{side}_file_name"]:
        place.append(f"tệp {row[f'{side}_file_name']}")
    if row[f"{side}_source_row"]:
        if row[f"{side}_source_sheet"]:
            place.append(f"trang {row[f'{side}_source_sheet']}")
        place.append(f"dòng {row[f'{side}_source_row']}")
    elif row[f"{side}_row_count"]:
        place.append(f"cộng {row[f'{side}_row_count']} dòng")
    return ", ".join(place)
