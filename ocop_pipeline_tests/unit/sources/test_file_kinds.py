"""The same rows are read from every kind of file that people send."""

import io
import unicodedata
import zipfile
from datetime import date

import pandas as pd
import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.styles import Font

from ocop_pipeline.sources.cells import as_text, clean
from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS, PRODUCT_VALUES
from ocop_pipeline.sources.district_submissions import read
from ocop_pipeline.sources.document import FileRejectedError, NotComputed, Repair
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline_tests.files import Arrive, Rows, csv_text, header, with_part, xls, xlsx

HEADINGS = ["Tên sản phẩm", "Mã sản phẩm", "Loại sự kiện", "Điểm", "Ngày quyết định"]
ROWS: Rows = [HEADINGS, ["Chè Ðông Hải, loại đặc biệt", "SP1", "Mới", 71.5, "24/11/2023"]]
CELLS = {"product_name": "Chè Đông Hải, loại đặc biệt", "product_code": "SP1", "event_kind": "new", "score": 71.5}
SHEETS = header() | {"Sản phẩm": ROWS}


def ods(sheets: dict[str, Rows], fonts: str = "") -> bytes:
    """An OpenDocument spreadsheet with texts and numbers."""

    def cell(value: object) -> str:
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        if value == "#DIV/0!":  # as LibreOffice writes what a formula gives
            error = 'office:string-value="" calcext:value-type="error"'
            return f'<table:table-cell office:value-type="string" {error}><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:style="{space}:style:1.0" xmlns:text="{space}:text:1.0" '
        f'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">{fonts}<office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", xlsx(SHEETS)), ("a.xlsm", xlsx(SHEETS)), ("a.xls", xls(SHEETS)), ("a.ods", ods(SHEETS))],
)
def test_every_kind_of_workbook_is_read(arrive: Arrive, reference: Reference, name: str, content: bytes) -> None:
    part = read(arrive(f"231/{name}", content), reference).parts[0]
    row = clean(PRODUCT_EVENTS, [part], reference).rows.iloc[0]
    assert {column: row[column] for column in CELLS} == CELLS
    assert row["decision_date"].date() == date(2023, 11, 24)
    assert part.repairs == ()


def cp1258(text: str) -> bytes:
    """The letters that cp1258 has, and for the others their vowel with a mark of its own."""
    letters = []
    for letter in unicodedata.normalize("NFC", text).replace("Ð", "Đ"):
        try:
            letters.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            base, tone = unicodedata.normalize("NFD", letter)[:-1], unicodedata.normalize("NFD", letter)[-1]
            if tone in "\u0302\u0306":
                base, tone = unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter)[0] + tone), base[-1]
            letters.append((unicodedata.normalize("NFC", base) + tone).encode("cp1258"))
    return b"".join(letters)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1258"])
def test_a_csv_is_read_in_every_encoding_and_delimiter(
    arrive: Arrive, reference: Reference, encoding: str, delimiter: str
) -> None:
    text = csv_text([["Biểu 2: sản phẩm"], *ROWS], delimiter)
    content = {"cp1258": cp1258(text), "utf-16-be": b"\xfe\xff" + text.encode("utf-16-be")}.get(encoding)
    part = read(arrive("231/a_2023-06.csv", content or text.encode(encoding)), reference).parts[0]
    row = clean(PRODUCT_EVENTS, [part], reference).rows.iloc[0]
    assert {column: row[column] for column in CELLS} == CELLS
    said = {"utf-16": "utf-16", "utf-16-be": "utf-16", "cp1258": "cp1258"}.get(encoding)
    expected = [(0, said, "encoding")] if said else []
    if delimiter != ",":
        expected.append((0, delimiter.replace("\t", "tab"), "delimiter"))
    assert [(repair.source_row, repair.said, repair.rule) for repair in part.repairs] == expected


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("Mã sản phẩm,Doanh thu kỳ\nSP1,5\n".encode("utf-16-le"), "file_encoding"),
        (b"M\xb7 s\xb6n ph\xc8m,Doanh thu k\xfa\nSP1,5\n", "file_encoding"),
        ("Mã sản phẩm;Doanh thu kỳ,Sản lượng\n", "delimiter_unknown"),
        ("Mã sản phẩm;Doanh thu kỳ\nSP1;1;2\n", "row_too_long"),
    ],
)
def test_a_csv_that_leaves_a_doubt_is_refused(
    arrive: Arrive, reference: Reference, content: bytes | str, rule: str
) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("231/product_values_2023-06.csv", content), reference)
    assert refusal.value.rule == rule


def in_fonts(rows: Rows, fonts: dict[str, str]) -> bytes:
    """A workbook whose cells have fonts: those of `fonts` by place, the others the usual one."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, content in (header() | {"Sản phẩm": rows}).items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(list(row))
    for place, font in fonts.items():
        book["Sản phẩm"][place].font = Font(name=font)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_text_in_an_old_font_is_read_by_it_and_says_so(arrive: Arrive, reference: Reference) -> None:
    rows: Rows = [
        ["Tªn s¶n phÈm", "Loaïi söï kieän", "Mã sản phẩm"],
        ["R\u00ad¬u nÕp", "ñaêng kyù", "SP1"],
        ["Chè Phú Thọ", "đăng ký", "SP2"],
    ]
    fonts = {"A1": ".VnTime", "B1": "VNI-Times", "A2": ".VnTimeH", "B2": "VNI-Times", "A3": ".VnTime", "C2": ".VnTime"}
    part = read(arrive("231/a.xlsx", in_fonts(rows, fonts)), reference).parts[0]
    assert part.rows["product_name"].tolist() == ["RƯƠU NẾP", "Chè Phú Thọ"]
    assert part.rows["event_kind"].tolist() == ["đăng ký", "đăng ký"]
    assert part.repairs == (
        Repair("Sản phẩm", 2, "product_name", "R\u00ad¬u nÕp", "RƯƠU NẾP", "legacy_font"),
        Repair("Sản phẩm", 2, "event_kind", "ñaêng kyù", "đăng ký", "legacy_font"),
    )


def test_xls_has_fonts_too(arrive: Arrive, reference: Reference) -> None:
    rows: Rows = [["Tªn s¶n phÈm", "Lo¹i sù kiÖn"], ["Chµ", "®¨ng ký"]]
    part = read(arrive("231/a.xls", xls(header() | {"Sản phẩm": rows}, {"Sản phẩm": ".VnArial"})), reference).parts[0]
    assert (part.rows["product_name"][0], part.rows["event_kind"][0]) == ("Chà", "đăng ký")


def test_an_ods_with_an_old_font_is_refused(arrive: Arrive, reference: Reference) -> None:
    fonts = '<office:font-face-decls><style:font-face style:name=".VnTime"/></office:font-face-decls>'
    with pytest.raises(FileRejectedError, match="ods_not_certain"):
        read(arrive("231/a.ods", ods(SHEETS, fonts)), reference)


def test_of_an_ods_only_the_cell_in_error_has_no_value(arrive: Arrive, reference: Reference) -> None:
    rows: Rows = [["Mã sản phẩm", "Doanh thu kỳ", "Sản lượng"], ["SP1", "#DIV/0!", 1.0], ["SP2", 6.0, 1.0]]
    (part,) = read(arrive("231/a.ods", ods(header() | {"Giá trị": rows})), reference).parts
    assert part.rows["revenue_vnd"].tolist() == ["#DIV/0!", 6]
    assert [isinstance(cell, NotComputed) for cell in part.rows["revenue_vnd"]] == [True, False]


def values(cell: str) -> bytes:
    """A sheet of values whose revenue is that cell's XML."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Mã sản phẩm</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Doanh thu kỳ</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>Sản lượng</t></is></c></row>'
        f'<row r="2"><c r="A2" t="inlineStr"><is><t>SP1</t></is></c>{cell}<c r="C2"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    )
    return with_part(xlsx(header() | {"Giá trị": []}), "xl/worksheets/sheet2.xml", sheet)


@pytest.mark.parametrize(
    ("cell", "result"),
    [
        ('<c r="B2"><f>2*3000</f><v>6000</v></c>', (6000, None, "6000")),
        ('<c r="B2"><f>2*3</f></c>', (None, "not_computed", "=2*3")),
        ('<c r="B2"><f>A1&amp;"x"</f><v/></c>', (None, "not_computed", '=A1&"x"')),
        ('<c r="B2" t="shared"><f t="shared" si="0"/></c>', (None, "not_computed", "=")),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', (None, "not_computed", "#DIV/0!")),
        ('<c r="B2" t="e"><v>#N/A</v></c>', (None, "not_computed", "#N/A")),
        ('<c r="B2" t="inlineStr"><is><t>#REF!</t></is></c>', (None, "not_computed", "#REF!")),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', (None, None, None)),
    ],
)
def test_a_formula_without_a_result_is_no_empty_cell(
    arrive: Arrive, reference: Reference, cell: str, result: tuple[object, ...]
) -> None:
    part = read(arrive("231/a.xlsx", values(cell)), reference).parts[0]
    row = clean(PRODUCT_VALUES, [part], reference).rows.astype("object").iloc[0]
    value, problem = (None if pd.isna(row[name]) else row[name] for name in ("revenue_vnd", "revenue_vnd__problem"))
    assert (value, problem, as_text(part.rows["revenue_vnd"][0])) == result


def test_an_error_in_xls_is_no_empty_cell(arrive: Arrive, reference: Reference) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in (header() | {"Giá trị": [["Mã sản phẩm", "Doanh thu kỳ"], ["SP1"]]}).items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for position, cell in enumerate(row):
                sheet.write(number, position, cell)
    book.get_sheet("Giá trị").row(1).set_cell_error(1, "#DIV/0!")
    stream = io.BytesIO()
    book.save(stream)
    part = read(arrive("231/a.xls", stream.getvalue()), reference).parts[0]
    assert clean(PRODUCT_VALUES, [part], reference).rows["revenue_vnd__problem"].tolist() == ["not_computed"]
