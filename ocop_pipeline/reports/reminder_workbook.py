"""The workbook that reminds a unit of the certificates that end in a month.

Belongs here: what it says in Vietnamese, and its layout. Stays out: who gets which.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import xlsxwriter

from ocop_pipeline.reports.outbox import MADE_OF

_MADE = datetime(2024, 1, 1, tzinfo=UTC)
"""A fixed time of making, so that the same certificates give the same bytes."""
_UNKNOWN = "(chưa rõ)"
_HEADER_ROW = 4
_COLUMNS = (
    ("STT", 5),
    ("Sản phẩm", 40),
    ("Hạng sao", 14),
    ("Số quyết định", 20),
    ("Chủ thể", 36),
    ("Xã, phường, thị trấn", 24),
    ("Ngày hết hạn", 14),
    ("Thông báo chậm nhất", 20),
)
_UNIT_COLUMN = ("Đơn vị phụ trách", 24)


@dataclass(frozen=True)
class Reminder:
    """Certificates of a unit that end in a month.

    `rows` have product_name, stars, decision_number, entity_name, commune_name, ends_on and unit_name; with
    `shows_units` the last one is a column. `notice_days` before the end is the latest day to give notice.
    """

    unit_name: str
    month: date
    shows_units: bool
    notice_days: int
    rows: Sequence[Mapping[str, Any]]


def reminder_workbook(made_of: str, reminder: Reminder) -> bytes:
    """The workbook's bytes: the same for the same reminder. No text becomes a formula or a link."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties({"title": _title(reminder), "created": _MADE})
        workbook.set_custom_property(MADE_OF, made_of)
        bold = workbook.add_format({"bold": True})
        head = workbook.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top"})
        text = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        day = workbook.add_format({"border": 1, "valign": "top", "num_format": "dd/mm/yyyy", "align": "left"})
        sheet = workbook.add_worksheet("Hết hạn")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.freeze_panes(_HEADER_ROW + 1, 2)
        sheet.write_string(0, 0, _title(reminder), bold)
        sheet.write_string(1, 0, f"Đơn vị: {reminder.unit_name}. Số giấy chứng nhận: {len(reminder.rows)}.")
        sheet.write_string(2, 0, _rule(reminder))
        columns = [*_COLUMNS, _UNIT_COLUMN] if reminder.shows_units else _COLUMNS
        for position, (heading, width) in enumerate(columns):
            sheet.set_column(position, position, width)
            sheet.write_string(_HEADER_ROW, position, heading, head)
        for number, row in enumerate(reminder.rows, 1):
            for position, cell in enumerate(_cells(reminder, number, row)):
                if isinstance(cell, date):
                    sheet.write_datetime(_HEADER_ROW + number, position, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(_HEADER_ROW + number, position, cell, text)
                else:
                    sheet.write_string(_HEADER_ROW + number, position, cell, text)
    return content.getvalue()


def _title(reminder: Reminder) -> str:
    return f"Giấy chứng nhận OCOP từ 3 sao hết hạn trong tháng {reminder.month:%m/%Y}"


def _rule(reminder: Reminder) -> str:
    return (
        f"Phải thông báo cho chủ thể ít nhất {reminder.notice_days} ngày trước ngày hết hạn. "
        "Ngày hết hạn là ngày đầu tiên giấy chứng nhận không còn hiệu lực."
    )


def _cells(reminder: Reminder, number: int, row: Mapping[str, Any]) -> Sequence[str | int | date]:
    texts = [row[name] or _UNKNOWN for name in ("product_name", "stars", "decision_number", "entity_name")]
    ends_on: date = row["ends_on"]
    unit = [row["unit_name"] or _UNKNOWN] if reminder.shows_units else []
    commune = row["commune_name"] or _UNKNOWN
    return [number, *texts, commune, ends_on, ends_on - timedelta(days=reminder.notice_days), *unit]
