"""A report written anew from what the archive keeps of it: the columns of its form, and nothing else that was sent.

Belongs here: workbooks of sources whose files may name people, so that no sheet of theirs is handed back. Stays out:
files that are handed back as they came (`answer_copy`).
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ocop_pipeline.contracts import Column, ColumnType, Source
from ocop_pipeline.formulas import disarmed
from ocop_pipeline.reports.answer_copy import write
from ocop_pipeline.sources.document import SOURCE_ROW
from ocop_pipeline.sources.header_sheet import HEADER_SHEET

_MIDNIGHT = " 00:00:00"
_WHOLE = re.compile(r"(?P<number>-?\d+)\.0")
"""A whole number as a spreadsheet holds it; a code may be one."""
_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)
_MOST_DIGITS = 15
_BOLD, _WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
_NARROWEST, _WIDEST = 14, 45


def kept_copy(path: Path, source: Source, header: Mapping[str, str]) -> Workbook | None:
    """A sheet that says `header`, and one for each form that units fill in; None when the file holds no such form.

    Headings stand in the first row, in the form's order, and every row where its sender has it; None where one stands
    in the first row itself.
    """
    forms = {form.name: form for form in source.filled_in}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["form"] in forms]
    if not rows or any(row[SOURCE_ROW] == "1" for row in rows):
        return None
    workbook = Workbook()
    workbook.worksheets[0].title = HEADER_SHEET
    for number, (label, value) in enumerate(header.items(), 1):
        write(workbook.worksheets[0], number, 1, label)
        write(workbook.worksheets[0], number, 2, value)
    for form in forms.values():
        worksheet = workbook.create_sheet(form.sheet)
        worksheet.freeze_panes = "A2"
        for position, column in enumerate(form.columns, 1):
            heading = write(worksheet, 1, position, column.heading)
            heading.font, heading.alignment = _BOLD, _WRAPPED
            longest = 0
            for row in rows:
                if row["form"] == form.name and (text := row[column.name]):
                    write(worksheet, int(row[SOURCE_ROW]), position, _cell(text, column))
                    longest = max(longest, len(text))
            worksheet.column_dimensions[get_column_letter(position)].width = min(max(_NARROWEST, longest + 2), _WIDEST)
    return workbook


def _cell(text: str, column: Column) -> str | int:
    """The cell as its sender saw it, read the same way again: a number with a fraction stays text."""
    said = text[1:] if disarmed(text[1:]) == text else text
    whole = _WHOLE.fullmatch(said)
    said = whole["number"] if whole else said.removesuffix(_MIDNIGHT)
    is_number = column.type in _NUMBERS and said.lstrip("-").isdecimal() and len(said) <= _MOST_DIGITS
    return int(said) if is_number else said
