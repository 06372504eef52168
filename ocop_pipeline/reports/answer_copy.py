"""What was sent, opened again as a workbook that can be marked and handed back.

Belongs here: xlsx as it is, other kinds as xlsx with the same cells, and emptying what names a person. Stays out: what
is wrong with it. Runs in the sandbox: it opens a stranger's file.
"""

import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook

from ocop_pipeline.contracts import Column, ColumnType, Source
from ocop_pipeline.sources.csv_files import read_csv_grid
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.layout import is_heading_of
from ocop_pipeline.sources.tables import is_citizen_id
from ocop_pipeline.vietnamese.text import heading_key, without_hint

UNUSABLE = (
    *(ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError),
    *(CalamineError, FileRejectedError, zipfile.BadZipFile),
)
"""What opening or saving a workbook raises that is damaged or made to do harm."""
_LARGEST_BYTES = 5 * 1024**2
_LARGEST_UNPACKED = 100 * 1024**2
_XLSX = (".xlsx", ".xlsm")
_OTHER_WORKBOOKS = (".xls", ".ods")
_HEADER_SHEET = "Thông tin"
_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)
_LAST_HEADING_ROW = 20
_TWELVE_DIGITS = re.compile(r"(?<!\d)\d{12}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)[ .-]?[35789](?:[ .-]?\d){8}(?!\d)")
"""A mobile number, with or without the country's."""
_MOST_CELLS = 400_000


def open_copy(path: Path, suffix: str, source: Source, sheet: str, header: Mapping[str, str]) -> Workbook | None:
    """The workbook to hand back; None when it is too large or cannot be opened.

    Formulas are left out, their values stay. A CSV file becomes the sheet `sheet` beside a header sheet that says
    `header`. Cells of personal columns and citizen ids are empty.
    """
    if path.stat().st_size > _LARGEST_BYTES:
        return None
    try:
        workbook = _opened(path, suffix, source, sheet, header)
    except UNUSABLE:
        return None
    if workbook is not None:
        workbook.properties.creator = workbook.properties.lastModifiedBy = None
        for worksheet in workbook.worksheets:
            _redact(worksheet, source)
    return workbook


def cells_of(worksheet: Worksheet) -> list[Cell]:
    """The cells that are there: a lone cell in the last row would make `iter_rows` go through a million."""
    return [cell for cell in list(worksheet._cells.values()) if isinstance(cell, Cell)]  # noqa: SLF001


def _opened(path: Path, suffix: str, source: Source, sheet: str, header: Mapping[str, str]) -> Workbook | None:
    if suffix in _XLSX:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST_UNPACKED:
                return None
        with warnings.catch_warnings():
            # openpyxl tells of every extension that it leaves out.
            warnings.simplefilter("ignore")
            workbook = load_workbook(path, data_only=True, keep_links=False)
        for worksheet in workbook.worksheets:
            for cell in cells_of(worksheet):
                _keep_text(cell)
        return workbook
    if suffix in _OTHER_WORKBOOKS:
        opened = CalamineWorkbook.from_path(str(path))
        sheets = [opened.get_sheet_by_name(name) for name in opened.sheet_names]
        return _built({sheet.name: sheet.to_python(skip_empty_area=False) for sheet in sheets})
    if suffix == ".csv":
        rows = read_csv_grid(path, lambda text: any(is_heading_of(form, text) for form in source.forms)).rows
        return _built({_HEADER_SHEET: list(header.items()), sheet: rows})
    return None


def _built(sheets: Mapping[str, Iterable[Sequence[Any]]]) -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        worksheet = workbook.create_sheet(name)
        for row_number, row in enumerate(rows, 1):
            for column_number, value in enumerate(row, 1):
                if value not in (None, ""):
                    write(worksheet, row_number, column_number, value)
            if row_number * len(row) > _MOST_CELLS:
                message = f"{name} has too many cells to be handed back"
                raise ValueError(message)
    return workbook


def write(worksheet: Worksheet, row: int, column: int, value: object) -> Cell:
    """Write a value; no text becomes a formula."""
    # Only the cells behind the first one of a merged range are no Cell; nobody writes to them.
    cell = cast("Cell", worksheet.cell(row, column))
    if isinstance(value, int | float | date | datetime):
        cell.value = value
    else:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value))
    _keep_text(cell)
    return cell


def _keep_text(cell: Cell) -> None:
    if isinstance(cell.value, str) and cell.data_type == "f":
        cell.data_type = "s"
        cell.quotePrefix = True


def _redact(worksheet: Worksheet, source: Source) -> None:
    """Empty the cells below a personal heading (in the header sheet: beside it), and every citizen id."""
    is_header = heading_key(worksheet.title) == heading_key(_HEADER_SHEET)
    contract = {
        heading_key(heading): column
        for form in source.forms
        for column in form.columns
        for heading in (column.heading, *column.aliases)
    }
    columns: dict[int, Column] = {}
    personal: dict[int, int] = {}
    labels: dict[int, int] = {}
    cells = sorted(cells_of(worksheet), key=lambda cell: (cell.row, cell.column))
    for cell in cells:
        key = heading_key(str(cell.value or ""))
        column = contract.get(key) or contract.get(without_hint(key))
        if not source.personal_columns.isdisjoint((key, without_hint(key))):
            personal.setdefault(cell.column, cell.row)
            labels[cell.row] = cell.column
        elif cell.row <= _LAST_HEADING_ROW and column is not None:
            columns.setdefault(cell.column, column)
    for cell in cells:
        beside, below = labels.get(cell.row, cell.column), personal.get(cell.column, cell.row)
        is_personal = cell.column > beside if is_header else cell.row > below
        column = columns.get(cell.column)
        if is_personal or _holds_citizen_id(cell, column) or (column is None and _names_person(cell, source)):
            cell.value = None
            cell.comment = None


def _names_person(cell: Cell, source: Source) -> bool:
    """A text beside or below the table that says a phone number, or who somebody is: "Người lập: ..."."""
    label, colon, said = str(cell.value or "").partition(":")
    is_named = bool(colon and said.strip()) and without_hint(heading_key(label)) in source.personal_columns
    return is_named or (isinstance(cell.value, str) and _PHONE.search(cell.value) is not None)


def _holds_citizen_id(cell: Cell, column: Column | None) -> bool:
    """Where the form asks for an amount it is none; where it asks for another code, only twelve digits in a row are."""
    if column is None or column.may_hold_citizen_id:
        return is_citizen_id(cell.value)
    return column.type not in _NUMBERS and _TWELVE_DIGITS.search(str(cell.value or "")) is not None
