"""Files as senders make them: workbooks and CSV files of a test's own.

Belongs here: turning rows into bytes, also into bytes that are broken on purpose. Stays out: what a test expects of
them.
"""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlwt
from openpyxl import Workbook

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.document import Arrival

Rows = Sequence[Sequence[Any]]
Arrive = Callable[[str, bytes | str], Arrival]
"""Lays a file of that name and content into an inbox."""

RECOGNISED = {
    "product_code": "A",
    "product_name": "Chè xanh",
    "product_group": "I",
    "entity_code": "HTX-A",
    "commune_code": "Xã Đại Phạm",
    "event_kind": "mới",
    "stars": "4 sao",
    "decision_number": "12/QĐ-UBND",
    "decision_date": "01/06/2022",
}
SEVEN_STARS = RECOGNISED | {"product_code": "B", "stars": "7 sao"}
"""A product's recognition that breaks no rule, and one of a rating that does not exist."""


def header(period: object = "2023-06", unit: object = "231", **more: object) -> dict[str, Rows]:
    """The sheet that says which unit and period a workbook speaks for."""
    rows = [["Kỳ báo cáo", period], ["Đơn vị báo cáo", unit], *([label, value] for label, value in more.items())]
    return {"Thông tin": rows}


def rows_of(form: Form, *rows: Mapping[str, Any]) -> Rows:
    """A form's headings, then the rows given by column name."""
    return [[c.heading for c in form.columns], *([row.get(c.name) for c in form.columns] for row in rows)]


def sheet(form: Form, *rows: Mapping[str, Any]) -> dict[str, Rows]:
    """A form's sheet."""
    return {form.sheet: rows_of(form, *rows)}


def xlsx(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook with these sheets."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        worksheet = workbook.create_sheet(name)
        for row in rows:
            worksheet.append(list(row))
    return saved(workbook)


def xls(sheets: Mapping[str, Rows], fonts: Mapping[str, str] | None = None) -> bytes:
    """A workbook of Excel 97, its texts in the font that `fonts` names for a sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        worksheet = book.add_sheet(name)
        style = xlwt.XFStyle()
        style.font.name = (fonts or {}).get(name, "Arial")
        for number, row in enumerate(rows):
            for position, cell in enumerate(row):
                if cell is not None:
                    worksheet.write(number, position, cell, style)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def saved(workbook: Workbook) -> bytes:
    """The workbook as a file."""
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def csv_text(rows: Rows, delimiter: str = ",") -> str:
    """The rows as a CSV file's text."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=delimiter).writerows(rows)
    return lines.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def with_part(workbook: bytes, name: str, content: str | bytes) -> bytes:
    """The workbook with one of the files inside it replaced."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as before:
        return zipped({part: before.read(part) for part in before.namelist()} | {name: content})


def sheet_of(rows: str) -> str:
    """A sheet's part with these rows, as XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'


def cell_far_away() -> bytes:
    """A small workbook with a cell in the last column of the last row: a parser asks for 400 GB and aborts."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_part(xlsx(header()), "xl/worksheets/sheet1.xml", sheet_of(cells))


def reader_killer() -> bytes:
    """The same with cells that do not say where they are: only the parser finds out that it needs too much."""
    cells = '<row r="1"><c><v>1</v></c></row><row r="1048576">' + "<c/>" * 500 + "<c><v>1</v></c></row>"
    return with_part(xlsx(header()), "xl/worksheets/sheet1.xml", sheet_of(cells))


def string_count_killer() -> bytes:
    """A small workbook whose list of texts claims to hold four thousand million."""
    texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4000000000" '
        'uniqueCount="4000000000"><si><t>a</t></si></sst>'
    )
    return with_part(xlsx(header()), "xl/sharedStrings.xml", texts)


def locked_workbook() -> bytes:
    """What Excel saves with a password: an OLE container, not a zip."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096) + "EncryptedPackage".encode("utf-16-le") + bytes(64)


def parser_panic() -> bytes:
    """An .xls whose record of a sheet holds nothing: the parser panics, with what is no Exception of Python's."""
    begin = struct.pack("<HHHHL8x", 0x809, 16, 0x600, 5, 0x7CC0DBB)
    stream = (begin + struct.pack("<HHHH", 0x85, 0, 0x0A, 0)).ljust(4096, b"\0")
    free, last, sectors = 0xFFFFFFFF, 0xFFFFFFFE, len(stream) // 512
    chains = [0xFFFFFFFD, last, *range(3, 2 + sectors), last]
    sizes = (62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, last, 0, last, 0)
    head = struct.pack("<8s16x5H6x9L", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", *sizes)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        return struct.pack("<64sHBB3L36xLQ", text, len(text), kind, 1, free, free, child, start, size)

    directory = entry("Root Entry", 5, 1, last, 0) + entry("Workbook", 2, free, 2, len(stream))
    first_table = struct.pack("<109L", 0, *[free] * 108)
    return (
        head
        + first_table
        + struct.pack("<128L", *chains, *[free] * (128 - len(chains)))
        + directory.ljust(512, b"\0")
        + stream
    )
