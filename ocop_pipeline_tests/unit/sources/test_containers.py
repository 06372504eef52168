"""A file is what it is called and safe to open, or it is refused with what to do about it."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from ocop_pipeline.contracts import Limits
from ocop_pipeline.sources.containers import require_safe
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline_tests.files import (
    cell_far_away,
    header,
    locked_workbook,
    sheet_of,
    string_count_killer,
    with_part,
    xlsx,
    zipped,
)

GOOD = xlsx(header())
MEGABYTE = 1 << 20
SHEET, TEXTS, DRAWING = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/media/image1.png"
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
SPREADSHEET_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods(manifest: str = "<manifest/>") -> bytes:
    return zipped({"mimetype": SPREADSHEET_TYPE, "content.xml": "<x/>", "META-INF/manifest.xml": manifest})


def xls(*records: bytes) -> bytes:
    """An OLE container whose workbook begins with these records."""
    begin = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
    directory = "Workbook\0".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + begin + b"".join(records) + bytes(504) + directory


def lying_bomb() -> bytes:
    """A part of 20 MB that says of itself it has 10 bytes."""
    content = zipped({"xl/workbook.xml": "<x/>", DRAWING: bytes(20 * MEGABYTE)})
    said = struct.pack("<L", 20 * MEGABYTE)
    assert content.count(said) == 2
    return content.replace(said, struct.pack("<L", 10))


def repeated(name: str, times: int) -> bytes:
    """The same 1 MB part listed so many times: each list entry unpacks the same bytes again."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr(name, bytes(MEGABYTE))
        archive.filelist.extend([archive.filelist[-1]] * (times - 1))
    return content.getvalue()


def with_password_flag() -> bytes:
    """A workbook in a zip whose parts need a password."""
    content = bytearray(GOOD)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 1)
    return bytes(content)


def refusal(folder: Path, name: str, content: bytes | str) -> FileRejectedError | None:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        require_safe(path, Limits(content_bytes=16 * MEGABYTE))
    except FileRejectedError as error:
        return error
    return None


def cells(*places: str) -> str:
    return sheet_of("".join(f'<row><c r="{place}" t="n"><v>1</v></c></row>' for place in places))


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("khóa.xlsx", locked_workbook(), "file_encrypted"),
        ("khóa.xls", xls(b"\x2f\x00\x36\x00"), "file_encrypted"),
        ("khóa để ghi.xls", xls(b"\x86\x00\x00\x00", b"\x2f\x00\x36\x00"), "file_encrypted"),
        ("khóa.ods", ods("<manifest:encryption-data/>"), "file_encrypted"),
        ("khóa zip.xlsx", with_password_flag(), "file_encrypted"),
        ("bom.xlsx", with_part(GOOD, DRAWING, bytes(20 * MEGABYTE)), "file_too_large"),
        ("bom nói dối.xlsx", lying_bomb(), "file_too_large"),
        ("bom lặp.xlsx", repeated(DRAWING, 20), "file_too_large"),
        ("nhiều phần.xlsx", repeated(DRAWING, 10_001), "file_too_large"),
        ("lớn.csv", "a,b\n" * (5 * MEGABYTE), "file_too_large"),
        ("thực thể.xlsx", with_part(GOOD, SHEET, DOCTYPE), "file_dangerous"),
        ("thực thể utf16.xlsx", with_part(GOOD, SHEET, DOCTYPE.encode("utf-16")), "file_dangerous"),
        ("thực thể muộn.xlsx", with_part(GOOD, SHEET, " " * (MEGABYTE - 5) + DOCTYPE), "file_dangerous"),
        ("thực thể.ods", zipped({"content.xml": DOCTYPE}), "file_dangerous"),
        ("ra ngoài.xlsx", with_part(GOOD, "xl/../../../etc/cron.d/x", ""), "file_dangerous"),
        ("gốc.xlsx", with_part(GOOD, "/etc/cron.d/x", ""), "file_dangerous"),
        ("bốn tỷ chuỗi.xlsx", string_count_killer(), "file_dangerous"),
        ("góc cuối.xlsx", cell_far_away(), "sheet_too_large"),
        ("cột cuối.xlsx", with_part(GOOD, SHEET, cells("A1", "XFD500")), "sheet_too_large"),
        ("cũ.xlsx", xls(), "file_kind"),
        ("mới.xls", GOOD, "file_kind"),
        ("mở.xlsx", ods(), "file_kind"),
        ("trang.xls", "\ufeff <HTML><table>", "file_kind"),
        ("chữ.xlsx", "Kỳ báo cáo;Đơn vị", "file_kind"),
        ("bảng.csv", GOOD, "file_kind"),
        ("cũ.csv", xls(), "file_kind"),
        ("văn bản.xlsx", zipped({"word/document.xml": "<x/>"}), "file_kind"),
        ("công văn.csv", b"%PDF-1.7", "file_kind"),
        ("cụt.xlsx", GOOD[: len(GOOD) // 2], "file_unreadable"),
        ("hỏng.xlsx", GOOD.replace(b"\x50\x4b\x03\x04", b"\x50\x4b\x03\x05", 2), "file_unreadable"),
        ("nhiều cột.csv", "a;" * 16_384, "line_too_long"),
        ("dòng dài.csv", "a,b\n" + "x" * (MEGABYTE + 1) + "\nc,d\n", "line_too_long"),
    ],
)
def test_a_hostile_file_is_refused_with_its_rule(tmp_path: Path, name: str, content: bytes | str, rule: str) -> None:
    found = refusal(tmp_path, name, content)
    assert found is not None
    assert (found.place, found.rule) == (name, rule)
    assert len({found.reason_vi, found.reason_en, ""}) == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", GOOD),
        ("A.XLSX", GOOD),
        ("vĩ lệnh.xlsm", with_part(GOOD, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
        ("ảnh.xlsx", with_part(GOOD, DRAWING, bytes(15 * MEGABYTE))),
        ("chữ doctype.xlsx", with_part(GOOD, SHEET, "<x>&lt;!DOCTYPE</x>")),
        ("ít chuỗi.xlsx", with_part(GOOD, TEXTS, '<sst count="9" uniqueCount="1"><si><t>a</t></si></sst>')),
        ("cuối bảng.xlsx", with_part(GOOD, SHEET, cells("A1", "Z300000"))),
        ("định dạng.xlsx", with_part(GOOD, SHEET, sheet_of('<row><c r="XFD1048576" s="1"/></row>'))),
        ("a.xls", xls(b"\xe1\x00\x02\x00\x2f\x00")),
        ("a.ods", ods()),
        ("a.csv", "a,b\n1,2\n"),
        ("rỗng.csv", "\r\n"),
        ("cột cuối.csv", "a;" * 16_383),
        ("utf16.csv", "a;b\n".encode("utf-16")),
        ("dòng vừa.csv", "a,b\n" + "x" * (MEGABYTE - 3) + "\r" + "x" * (MEGABYTE - 3) + "\nc,d\n"),
    ],
)
def test_what_stands_beside_it_is_let_through(tmp_path: Path, name: str, content: bytes | str) -> None:
    assert refusal(tmp_path, name, content) is None


def test_the_reason_says_what_to_do(tmp_path: Path) -> None:
    said = {
        name: refusal(tmp_path, name, content)
        for name, content in {"khóa.xlsx": locked_workbook(), "góc.xlsx": cell_far_away(), "cũ.xlsx": xls()}.items()
    }
    assert [error and error.reason_vi for error in said.values()] == [
        "Tệp có mật khẩu; bỏ mật khẩu rồi gửi lại.",
        "Một trang (sheet1) có ô ở tận dòng 1048576, cột thứ 16384. Hãy xóa các dòng, cột thừa sau bảng rồi gửi lại.",
        "Tệp có đuôi .xlsx nhưng thực ra là tệp Excel 97-2003 (.xls). Hãy mở tệp, lưu lại đúng dạng .xlsx rồi gửi lại.",
    ]
