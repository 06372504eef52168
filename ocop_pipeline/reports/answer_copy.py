"""What was sent, opened again as a workbook that can be marked and handed back.

Belongs here: xlsx as it is, other kinds as xlsx with the same cells, and emptying what names a person. Stays out: what
is wrong with it. Runs in the sandbox: it opens a stranger's file.
"""

import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook

from ocop_pipeline.contracts import Source
from ocop_pipeline.sources.csv_files import read_csv_grid
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.grid import Grid, Merge, cell_value
from ocop_pipeline.sources.header_sheet import HEADER_SHEET
from ocop_pipeline.sources.layout import is_heading_of
from ocop_pipeline.sources.personal_data import ROWS_OF_HEADINGS, hidden_cells
from ocop_pipeline.vietnamese.legacy import from_legacy, is_legacy_font
from ocop_pipeline.vietnamese.personal import hide_personal

UNUSABLE = (
    *(ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError),
    *(CalamineError, FileRejectedError, zipfile.BadZipFile),
)
"""What opening or saving a workbook raises that is damaged or made to do harm."""
_LARGEST_BYTES = 5 * 1024**2
_LARGEST_UNPACKED = 100 * 1024**2
_XLSX = (".xlsx", ".xlsm")
_OTHER_WORKBOOKS = (".xls", ".ods")
_MOST_CELLS = 400_000


def open_copy(path: Path, suffix: str, source: Source, sheet: str, header: Mapping[str, str]) -> Workbook | None:
    """The workbook to hand back; None when it is too large or cannot be opened.

    Formulas are left out, their values stay. A CSV file becomes the sheet `sheet` beside a header sheet that says
    `header`. Nothing of it says more of persons than what was read: see `hidden_cells`.
    """
    if path.stat().st_size > _LARGEST_BYTES:
        return None
    try:
        workbook = _opened(path, suffix, source, sheet, header)
        if workbook is not None:
            _redact_workbook(workbook, source)
    except UNUSABLE:
        return None
    return workbook


def _redact_workbook(workbook: Workbook, source: Source) -> None:
    workbook.properties = DocumentProperties()
    workbook.custom_doc_props = CustomPropertyList()  # type: ignore[attr-defined]  # missing in its stubs
    for name, defined in list(workbook.defined_names.items()):
        if hide_personal(f"{name} {defined.attr_text}") != f"{name} {defined.attr_text}":
            del workbook.defined_names[name]
    for worksheet in workbook.worksheets:
        _redact(worksheet, source)


def cells_of(worksheet: Worksheet) -> list[Cell]:
    """The cells that are there: a lone cell in the last row would make `iter_rows` go through a million."""
    return [cell for cell in list(worksheet._cells.values()) if isinstance(cell, Cell)]  # noqa: SLF001 - no public way to them


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
        return _built({HEADER_SHEET: list(header.items()), sheet: rows})
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
    """Take out what reading takes out, and all that is no cell: notes, links, pictures, headers and footers."""
    cells = cells_of(worksheet)
    filled = {(cell.row - 1, cell.column - 1): _said(cell) for cell in cells if cell.value is not None}
    hidden = hidden_cells(_top(worksheet, filled), filled, source.forms)
    for cell in cells:
        place = (cell.row - 1, cell.column - 1)
        if place in hidden:
            cell.value = cast("str | None", hidden[place])
            _keep_text(cell)
        cell.comment = cell.hyperlink = None
    worksheet.HeaderFooter = HeaderFooter()
    checks = worksheet.data_validations
    checks.dataValidation = [check for check in checks.dataValidation if not _says_personal(check)]
    worksheet._images.clear()  # type: ignore[attr-defined]  # noqa: SLF001 - openpyxl keeps them and takes none out
    worksheet.title = hide_personal(worksheet.title)


def _says_personal(check: DataValidation) -> bool:
    said = " ".join(str(text or "") for text in (check.formula1, check.formula2, check.prompt, check.error))
    return hide_personal(said) != said


def _top(worksheet: Worksheet, filled: Mapping[tuple[int, int], object]) -> Grid:
    """The rows in which headings may stand, as `layout` looks for them."""
    rows: list[list[object]] = []
    for (row, position), value in sorted(filled.items(), key=lambda item: item[0]):
        if row < ROWS_OF_HEADINGS:
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [None] * (position - len(rows[row])) + [cell_value(value)]
    merges = (
        Merge(merged.min_row - 1, merged.min_col - 1, merged.max_row - 1, merged.max_col - 1)
        for merged in worksheet.merged_cells.ranges
    )
    return Grid(worksheet.title, tuple(map(tuple, rows)), tuple(merges))


def _said(cell: Cell) -> object:
    """What a cell says, also in one of the old fonts."""
    value = cell.value
    if not isinstance(value, str):
        return value
    name = cell.font.name
    return from_legacy(value, name) if name and is_legacy_font(name) else value
