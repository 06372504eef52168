"""Spreadsheets and CSV files taken apart into tables of cells, with their places.

Belongs here: opening a file, finding the headings, matching them to a form's columns, dropping personal
columns at once. Stays out: what the cells mean.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import SOURCE_ROW, FileRejectedError
from ocop_pipeline.vietnamese.text import heading_key, normalise, without_hint

_CITIZEN_ID = re.compile(r"(?<!\d)\d(?:[ .-]?\d){11}(?!\d)")
"""Twelve digits, also in groups: since 01/07/2025 a household business's tax code is its owner's citizen id."""
_WITHOUT_LEADING_ZERO = 11
"""Digits left of a citizen id that a spreadsheet took for a number; a tax code has 10."""


@dataclass(frozen=True)
class Table:
    """One sheet: headings as written, and rows with `source_row` and one column per heading position."""

    sheet: str
    headings: tuple[str, ...]
    rows: pd.DataFrame


def read_workbook(path: Path) -> dict[str, Table]:
    """Every sheet of an xlsx by the key of its name; the first row that is not empty holds the headings."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return {
            heading_key(name): _table(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        }
    except (CalamineError, OSError) as error:
        raise FileRejectedError(
            path.name,
            "file_unreadable",
            "Không mở được tệp Excel: tệp hỏng hoặc chưa tải xong. Hãy lưu lại và gửi lại.",
            "The workbook cannot be opened: it is damaged or incomplete. Save it again and send it again.",
        ) from error


def read_csv(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig", skip: int = 0) -> Table:
    """A CSV file with its headings in the first row after `skip` lines; cells are text, an empty one None."""
    try:
        records = csv.reader(io.StringIO(_decoded(path, encoding), newline=""), delimiter=delimiter, strict=True)
        return _table(path.name, ([] if number < skip else row for number, row in enumerate(records)))
    except UnicodeDecodeError as error:
        raise FileRejectedError(
            path.name,
            "file_encoding",
            f"Tệp không phải mã hóa {encoding}. Hãy lưu lại dạng “CSV UTF-8”.",
            f"The file is not {encoding}. Save it again as “CSV UTF-8”.",
        ) from error
    except csv.Error as error:
        raise FileRejectedError(
            path.name,
            "file_unreadable",
            "Tệp CSV hỏng: có dấu ngoặc kép không đóng hoặc ô quá dài.",
            f"The CSV is damaged: {error}.",
        ) from error


def form_rows(table: Table, form: Form, personal: frozenset[str]) -> pd.DataFrame:
    """The table's rows under the names of the form's columns; a column that was not sent is all None.

    Raises FileRejectedError when a required column is missing or a heading occurs twice. Columns that the
    form does not name, personal ones first of all, go no further than here.
    """
    found = form_positions(table, form, personal)
    rows = pd.DataFrame({SOURCE_ROW: table.rows[SOURCE_ROW]})
    for column in form.columns:
        cells = table.rows[found[column.name]] if column.name in found else None
        if cells is not None and column.may_hold_citizen_id:
            cells = cells.where(~cells.map(is_citizen_id), None)
        rows[column.name] = cells
    return rows


def form_positions(table: Table, form: Form, personal: frozenset[str]) -> dict[str, int]:
    """Position of each column of the form that the table has; FileRejectedError as in `form_rows`."""
    exact = heading_positions(table, personal)
    positions = {without_hint(key): position for key, position in exact.items()} | exact
    found: dict[str, int] = {}
    for column in form.columns:
        keys = [heading_key(heading) for heading in (column.heading, *column.aliases)]
        position = next((positions[key] for key in keys if key in positions), None)
        if position is not None:
            found[column.name] = position
        elif column.required:
            raise FileRejectedError(
                table.sheet,
                "column_missing",
                f"Trang “{table.sheet}” thiếu cột bắt buộc “{column.heading}”.",
                f"Sheet “{table.sheet}” lacks the required column “{column.heading}”.",
            )
    return found


def heading_positions(table: Table, personal: frozenset[str] = frozenset()) -> dict[str, int]:
    """Position of each heading by its key, personal ones left out; FileRejectedError when one occurs twice."""
    positions: dict[str, int] = {}
    for position, heading in enumerate(table.headings):
        key = heading_key(heading)
        if not key or not personal.isdisjoint((key, without_hint(key))):
            continue
        if key in positions:
            raise FileRejectedError(
                table.sheet,
                "column_repeated",
                f"Trang “{table.sheet}” có hai cột “{heading}”.",
                f"Sheet “{table.sheet}” has two columns “{heading}”.",
            )
        positions[key] = position
    return positions


def place_of(sheet: str, row: int) -> str:
    """A row's place as a person looks it up."""
    return f"{sheet}:{row}"


def _decoded(path: Path, encoding: str) -> str:
    """The file's text; UnicodeDecodeError also for a NUL: it decodes, but UTF-16 and binary files hold it, not text."""
    content = path.read_bytes()
    if (position := content.find(b"\0")) >= 0:
        raise UnicodeDecodeError(encoding, content, position, position + 1, "NUL")
    return content.decode(encoding)


def _table(sheet: str, rows: Iterable[Sequence[Any]]) -> Table:
    sheet = normalise(sheet)
    headings: tuple[str, ...] = ()
    places: list[int] = []
    cells: list[Sequence[Any]] = []
    for number, row in enumerate(rows, start=1):
        if not any(_is_filled(cell) for cell in row):
            continue
        if not headings:
            headings = tuple(as_text(cell) or "" for cell in row)
            continue
        if any(_is_filled(cell) for cell in row[len(headings) :]):
            raise FileRejectedError(
                place_of(sheet, number),
                "row_too_long",
                f"Dòng {number} có nhiều ô hơn tiêu đề: giá trị có dấu phân cách phải nằm trong ngoặc kép.",
                f"Row {number} has more cells than headings: a value with the delimiter in it must be quoted.",
            )
        places.append(number)
        cells.append(row)
    columns: dict[Any, pd.Series[Any]] = {SOURCE_ROW: pd.Series(places, dtype="int64")}
    for position in range(len(headings)):
        values = [_cell(row[position]) if position < len(row) else None for row in cells]
        columns[position] = pd.Series(values, dtype="object")
    return Table(sheet, headings, pd.DataFrame(columns))


def is_citizen_id(cell: object) -> bool:
    """Whether the cell holds a citizen id, also one that a spreadsheet took for a number."""
    text = as_text(cell) or ""
    is_number = isinstance(cell, int | float) and len(text) == _WITHOUT_LEADING_ZERO
    return is_number or _CITIZEN_ID.search(text) is not None


def _is_filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _cell(cell: object) -> object:
    """Text trimmed, an empty cell None, yes and no as Excel shows them, a number or date as the sheet holds it."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool):
        # Left as it is, True would be taken for the number 1 where both stand in a column.
        return str(cell).upper()
    return cell
