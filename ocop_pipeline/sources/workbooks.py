"""Workbooks opened: xlsx, xlsm, xls and ods as grids of cells.

Belongs here: python-calamine, which reads the cells of all kinds, and what it leaves out: fonts (a TCVN3 or VNI
font is the only sign of that encoding), formulas that were never computed, and Excel's error values.
Stays out: where the headings are (`layout`).
"""

import html
import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook

from ocop_pipeline.sources.document import FileRejectedError, NotComputed
from ocop_pipeline.sources.grid import Grid, Mended, Merge, cell_value, column_number
from ocop_pipeline.vietnamese.legacy import from_legacy, is_legacy_font
from ocop_pipeline.vietnamese.text import normalise

Cells = Mapping[tuple[int, int], str]
"""Texts by row and column, both counted from 0."""

_OLE = b"\xd0\xcf\x11\xe0"
_LEGACY_FONT = re.compile(rb"[\"'](?:\.Vn|VNI-)[^\"']*[\"']", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.+?)</(?:\w+:)?v>", re.DOTALL)
_SHEET_PART = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ODS_ERROR = re.compile(rb'value-type="error"')
_REPEATED = 100
"""Equal cells side by side are stored once, and a hostile file says a billion of them."""
_ERROR_CELL = 5
"""xlrd's XL_CELL_ERROR."""


def read_workbook(path: Path) -> list[Grid]:
    """Every sheet, hidden ones too, in the file's order; FileRejectedError when it cannot be opened."""
    content = path.read_bytes()
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
        rows: dict[str, list[list[object]]] = {
            sheet.name: [[*row] for row in sheet.to_python(skip_empty_area=False)] for sheet in sheets
        }
        merges = {sheet.name: sheet.merged_cell_ranges or [] for sheet in sheets}
        fonts, not_computed = _second_look(path, content)
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        raise FileRejectedError(
            path.name,
            "file_unreadable",
            "Không mở được tệp Excel: tệp hỏng hoặc chưa tải xong. Hãy lưu lại và gửi lại.",
            "The workbook cannot be opened: it is damaged or incomplete. Save it again and send it again.",
        ) from error
    return [
        _grid(name, rows[name], merges[name], fonts.get(name, {}), not_computed.get(name, {}))
        for name in workbook.sheet_names
    ]


def _grid(
    name: str,
    rows: list[list[object]],
    merges: list[tuple[tuple[int, int], tuple[int, int]]],
    fonts: Cells,
    not_computed: Cells,
) -> Grid:
    mended = []
    for (row, position), font in sorted(fonts.items()):
        said = rows[row][position] if row < len(rows) and position < len(rows[row]) else None
        read = from_legacy(said, font) if isinstance(said, str) else said
        if isinstance(said, str) and isinstance(read, str) and read != said:
            rows[row][position] = read
            # Not normalised: what is Ð (é in TCVN3) would become Đ.
            mended.append(Mended(row + 1, position, said.replace("\0", "\ufffd"), normalise(read), "legacy_font"))
    for (row, position), shown in not_computed.items():
        _grow(rows, row, position)
        rows[row][position] = NotComputed(shown)
    return Grid(
        normalise(name),
        tuple(tuple(cell_value(cell) for cell in row) for row in rows),
        tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in merges),
        tuple(mended),
    )


def _grow(rows: list[list[object]], row: int, position: int) -> None:
    """Cells that hold nothing but a formula can lie outside what calamine takes for the sheet's area."""
    while len(rows) <= row:
        rows.append([])
    rows[row].extend([None] * (position + 1 - len(rows[row])))


def _second_look(path: Path, content: bytes) -> tuple[dict[str, Cells], dict[str, Cells]]:
    """By sheet: fonts of the cells in a legacy font, and what the cells show that hold no value."""
    if content.startswith(_OLE):
        return _look_into_xls(path, content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "content.xml" in archive.namelist():
            xml = archive.read("content.xml")
            _refuse_old_fonts(path, xml)
            return {}, (dict(_ods_errors(xml)) if _ODS_ERROR.search(xml) else {})
        has_fonts = "xl/styles.xml" in archive.namelist() and _LEGACY_FONT.search(archive.read("xl/styles.xml"))
        return (_fonts(content) if has_fonts else {}), dict(_not_computed(archive))


def _fonts(content: bytes) -> dict[str, Cells]:
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(content), read_only=True)
    fonts: dict[str, Cells] = {}
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()
        fonts[sheet.title] = {
            (cell.row - 1, cell.column - 1): cell.font.name
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.font.name and is_legacy_font(cell.font.name)
        }
    workbook.close()
    return fonts


def _not_computed(archive: zipfile.ZipFile) -> Iterator[tuple[str, Cells]]:
    """The cells of each sheet with a formula and no value, or with an error for a value."""
    if "xl/workbook.xml" not in archive.namelist():
        return
    targets = {
        _attribute(relation, "Id"): PurePosixPath("/xl", _attribute(relation, "Target")).relative_to("/")
        for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in _SHEET_PART.findall(archive.read("xl/workbook.xml")):
        target = targets.get(_attribute(sheet, r"\w+:id"))
        if target is None or str(target) not in archive.namelist():
            continue
        xml = archive.read(str(target))
        if b't="e"' in xml or _FORMULA.search(xml):
            yield _attribute(sheet, "name"), dict(_cells_without_value(xml))


def _cells_without_value(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for attributes, inside in _CELL.findall(xml):
        place = _PLACE.search(attributes)
        formula = _FORMULA.search(inside)
        value = _VALUE.search(inside)
        is_error = b't="e"' in attributes
        # A formula that gives an empty text is stored as a text (t="str") without characters.
        if place and (is_error or (formula and not value and b't="str"' not in attributes)):
            shown = value[1] if is_error and value else b"=" + ((formula and formula[1]) or b"")
            yield (int(place[2]) - 1, column_number(place[1]) - 1), html.unescape(shown.decode("utf-8", "replace"))


def _look_into_xls(path: Path, content: bytes) -> tuple[dict[str, Cells], dict[str, Cells]]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except (AssertionError, struct.error, xlrd.XLRDError) as error:
        raise CalamineError(path.name) from error
    fonts: dict[str, Cells] = {}
    errors: dict[str, Cells] = {}
    for sheet in book.sheets():
        cells = [((row, position), cell) for row in range(sheet.nrows) for position, cell in enumerate(sheet.row(row))]
        names = {place: book.font_list[book.xf_list[cell.xf_index].font_index].name for place, cell in cells}
        fonts[sheet.name] = {place: name for place, name in names.items() if is_legacy_font(name)}
        errors[sheet.name] = {
            place: xlrd.error_text_from_code[cell.value] for place, cell in cells if cell.ctype == _ERROR_CELL
        }
    return fonts, errors


def _refuse_old_fonts(path: Path, xml: bytes) -> None:
    """An ods file keeps fonts where no reader of ours sees them by the cell."""
    if _LEGACY_FONT.search(xml):
        raise FileRejectedError(
            path.name,
            "ods_not_certain",
            "Tệp .ods dùng phông chữ cũ (.Vn…, VNI-…); hãy lưu dạng .xlsx và gửi lại.",
            "The .ods uses an old font (.Vn…, VNI-…); save as .xlsx, send again.",
        )


def _ods_errors(xml: bytes) -> Iterator[tuple[str, Cells]]:
    """The cells of each sheet that show an error: calamine takes them for empty texts."""
    for sheet in ET.fromstring(xml).iter(f"{_ODS_TABLE}table"):  # noqa: S314 - a DOCTYPE has been refused
        cells = {}
        row = 0
        for line in sheet.iter(f"{_ODS_TABLE}table-row"):
            position = 0
            for cell in line:
                times = int(cell.get(f"{_ODS_TABLE}number-columns-repeated", "1"))
                if any(name.endswith("value-type") and value == "error" for name, value in cell.items()):
                    shown = "".join(cell.itertext()) or "#"
                    cells.update({(row, place): shown for place in range(position, position + min(times, _REPEATED))})
                position += times
            row += int(line.get(f"{_ODS_TABLE}number-rows-repeated", "1"))
        yield sheet.get(f"{_ODS_TABLE}name", ""), cells


def _attribute(tag: bytes, name: str) -> str:
    match = re.search(rf'\s{name}="([^"]*)"'.encode(), tag)
    return html.unescape(match[1].decode("utf-8", "replace")) if match else ""
