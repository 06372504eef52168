"""The workbook that goes back to a sender: what was sent, its wrong cells red and commented, a list of them in front.

Belongs here: what it says in Vietnamese, and its layout. Stays out: opening what was sent, and who gets which.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ocop_pipeline.contracts import Source
from ocop_pipeline.reports.answer_copy import UNUSABLE, cells_of, open_copy, write
from ocop_pipeline.reports.kept_copy import kept_copy
from ocop_pipeline.vietnamese.text import heading_key

RESULT_SHEET = "Kết quả kiểm tra"
_AUTHOR = "Kiểm tra OCOP"
_RED = PatternFill("solid", fgColor="FFFF9999")
_HEAD = PatternFill("solid", fgColor="FFD9E1F2")
_EDGE = Side(style="thin", color="FF808080")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_TOP = Alignment(wrap_text=True, vertical="top", horizontal="left")
_FONT, _BOLD, _TITLE = Font("Arial", 10), Font("Arial", 10, bold=True), Font("Arial", 14, bold=True)
_LINK = Font("Arial", 10, underline="single", color="FF0563C1")
_LINE_POINTS = 14
_COLUMNS = (("STT", 6), ("Trang", 18), ("Dòng", 8), ("Cột", 24), ("Ô", 10), ("Đã ghi", 26), ("Lý do, cách sửa", 62))
_LINK_COLUMN = 5
_COMMENT_WIDTH, _COMMENT_LINE, _COMMENT_LETTERS = 320, 20, 45


@dataclass(frozen=True)
class Finding:
    """Something wrong: in cells, in a row (no `columns`), in a sheet (`row` None too) or in the file (no sheet).

    `columns` are those of the sheet (1 is A), `heading` names them and `said` is what they hold. `label` stands in the
    cell left of the wrong one, where its row and column are not known.
    """

    sheet: str
    row: int | None
    columns: tuple[int, ...]
    heading: str
    said: str
    reason: str
    label: str = ""

    @property
    def address(self) -> str:
        """The first wrong cell, where it is known."""
        return f"{get_column_letter(self.columns[0])}{self.row}" if self.row and self.columns else ""


@dataclass(frozen=True)
class Returned:
    """What a sender is told of a file: `facts` are label and value, `is_rejected` says whether nothing was taken in."""

    facts: tuple[tuple[str, str], ...]
    is_rejected: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Sent:
    """A file that was sent, where it lies now; a CSV file comes back as `sheet` beside a sheet that says `header`.

    `is_redacted` where that is what the archive keeps of it.
    """

    path: Path
    suffix: str
    sheet: str
    header: tuple[tuple[str, str], ...]
    is_redacted: bool = False


def answer_workbook(returned: Returned, sent: Sent | None, source: Source) -> bytes:
    """The workbook's bytes; without a copy of what was sent where that cannot be opened, or for `sent` None."""
    copied = sent and _copied(sent, source)
    if copied:
        try:
            return _finished(copied, returned, has_copy=True)
        except UNUSABLE:
            pass
    empty = Workbook()
    empty.remove(empty.worksheets[0])
    return _finished(empty, returned, has_copy=False)


def _copied(sent: Sent, source: Source) -> Workbook | None:
    if sent.is_redacted:
        return kept_copy(sent.path, source, dict(sent.header))
    return open_copy(sent.path, sent.suffix, source, sent.sheet, dict(sent.header))


def _finished(workbook: Workbook, returned: Returned, *, has_copy: bool) -> bytes:
    for worksheet in workbook.worksheets:
        if worksheet.title == RESULT_SHEET:
            workbook.remove(worksheet)
        else:
            _clear_marks(worksheet)
    places = [_mark(workbook, finding) for finding in returned.findings]
    sheet = workbook.create_sheet(RESULT_SHEET, 0)
    _fill(sheet, returned, places, has_copy=has_copy)
    workbook.active = 0
    for worksheet in workbook.worksheets:
        worksheet.sheet_view.tabSelected = worksheet is sheet
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _clear_marks(worksheet: Worksheet) -> None:
    """Take away what an earlier answer marked."""
    for cell in cells_of(worksheet):
        if cell.fill == _RED:
            cell.fill = PatternFill()


def _mark(workbook: Workbook, finding: Finding) -> tuple[str, str] | None:
    """Colour the wrong cells and say why beside the first; its sheet and address, None when there is no such place."""
    names = {heading_key(name): name for name in workbook.sheetnames}
    title = names.get(heading_key(finding.sheet))
    if title is None:
        return None
    worksheet = workbook[title]
    cells = _wrong_cells(worksheet, finding)
    if not cells:
        return title, f"A{finding.row or 1}"
    for cell in cells:
        cell.fill = _RED
        # What our own template says of its columns does not hold for cells that a spreadsheet wrote empty.
        cell.protection = Protection(locked=False)
    cell = cells[0]
    said_before = f"{cell.comment.text}\n" if cell.comment is not None and cell.comment.author == _AUTHOR else ""
    text = said_before + finding.reason
    lines = 2 + len(text) // _COMMENT_LETTERS + text.count("\n")
    cell.comment = Comment(text, _AUTHOR, height=_COMMENT_LINE * lines, width=_COMMENT_WIDTH)
    return title, cell.coordinate


def _wrong_cells(worksheet: Worksheet, finding: Finding) -> list[Cell]:
    places: list[tuple[int, int]] = []
    if finding.label:
        key = heading_key(finding.label)
        places = [(cell.row, cell.column + 1) for cell in cells_of(worksheet) if heading_key(str(cell.value)) == key]
    elif finding.row:
        places = [(finding.row, column) for column in finding.columns or (1,)]
    found = [worksheet.cell(row, column) for row, column in places]
    # Of merged cells only the first one can be marked.
    return [cell for cell in found if isinstance(cell, Cell)]


def _fill(sheet: Worksheet, returned: Returned, places: Sequence[tuple[str, str] | None], *, has_copy: bool) -> None:
    title = write(sheet, 1, 1, "KẾT QUẢ KIỂM TRA BÁO CÁO OCOP")
    title.font = _TITLE
    row = 2
    for label, value in (*returned.facts, ("Việc cần làm", _to_do(returned, has_copy=has_copy))):
        name, cell = write(sheet, row, 1, label), write(sheet, row, 3, value)
        name.font, cell.font = _BOLD, _FONT
        sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=len(_COLUMNS))
        name.alignment = cell.alignment = _TOP
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheet.row_dimensions[row].height = _LINE_POINTS * (1 + len(value) // 110)
        row += 1
    row += 1
    for position, (heading, width) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(position)].width = width
        cell = write(sheet, row, position, heading)
        cell.font, cell.fill, cell.border, cell.alignment = _BOLD, _HEAD, _BORDER, _TOP
    for number, values in enumerate(_rows(returned.findings, places), 1):
        for position, content in enumerate(values, 1):
            cell = write(sheet, row + number, position, content)
            cell.font, cell.border, cell.alignment = _FONT, _BORDER, _TOP
        # Not every program makes a row as high as its text when it opens the file.
        lines = (1 + len(str(text)) // int(1.2 * width) for text, (_, width) in zip(values, _COLUMNS, strict=True))
        sheet.row_dimensions[row + number].height = _LINE_POINTS * max(lines)
        place = places[number - 1]
        if place is not None:
            link = sheet.cell(row + number, _LINK_COLUMN)
            location = f"{quote_sheetname(place[0])}!{place[1]}"
            link.hyperlink = Hyperlink(ref=link.coordinate, location=location, display=place[1])
            link.font = _LINK
    sheet.freeze_panes = f"A{row + 1}"
    sheet.print_title_rows = f"{row}:{row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _rows(findings: Sequence[Finding], places: Sequence[tuple[str, str] | None]) -> Iterator[tuple[object, ...]]:
    for number, (finding, place) in enumerate(zip(findings, places, strict=True), 1):
        address = place[1] if place else finding.address
        yield number, finding.sheet, finding.row or "", finding.heading, address, finding.said, finding.reason


def _to_do(returned: Returned, *, has_copy: bool) -> str:
    if not has_copy:
        return "Sửa trong tệp của đơn vị những chỗ nêu dưới đây, lưu lại (.xlsx) và gửi lại."
    again = "Lưu lại và gửi lại chính tệp này, đủ các trang; không cần xóa trang này, màu đỏ hay ghi chú."
    if returned.is_rejected:
        return f"Sửa trong tệp này những chỗ nêu dưới đây. {again}"
    return f"Sửa các ô màu đỏ trong tệp này (bấm vào cột “Ô” để đến từng ô). {again}"
