"""What a file really is, and whether it is safe to hand to a parser.

Belongs here: telling kinds of file apart by their content, and refusing what no office sends on purpose: encrypted
files, zip bombs, XML with entities, cells at the end of the world, lines without end. Stays out: what is in the
tables (`tables`), the limits of the process that reads them (`sandbox`).
"""

import contextlib
import copy
import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NoReturn

from ocop_pipeline.contracts import Limits
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.grid import column_number

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD_STREAM = "EncryptedPackage".encode("utf-16-le")
_XLS_STREAMS = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_XLS_BEGIN = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""BIFF8: the record that begins the workbook's globals; of 20 bytes."""
_XLS_PASSWORD = b"\x2f\x00"
"""FILEPASS: the next record, or the one behind a WRITEPROT of 4 bytes."""
_XLS_WRITE_PROTECTION = b"\x86\x00\x00\x00"
_MAIN_PARTS = {"xl/workbook.xml": ".xlsx", "content.xml": ".ods"}
_HOW_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_CHUNK_BYTES = 1 << 20
_MOST_PARTS = 10_000
_MOST_CELLS = 8_000_000
"""A parser keeps the rectangle from A1 to the last cell that is filled, about 40 bytes a cell."""
_LONGEST_LINE = 1 << 20
_MOST_COLUMNS = 16_384
"""As many as Excel has."""
_SHORTEST_TEXT = len("<si><t/></si>")
_LONGEST_TAG = 1 << 16
_CELL = re.compile(rb'<(?:\w+:)?c (?:[^<>]*? )?r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>')
_TEXT_COUNT = re.compile(rb'<(?:\w+:)?sst [^<>]*?uniqueCount="([0-9]+)"')
_NAMES = {
    ".xls": ("tệp Excel 97-2003 (.xls)", "an Excel 97-2003 file (.xls)"),
    ".xlsx": ("tệp Excel (.xlsx)", "an Excel file (.xlsx)"),
    ".ods": ("tệp OpenDocument (.ods)", "an OpenDocument file (.ods)"),
    ".csv": ("tệp văn bản", "a text file"),
    "html": ("trang web (HTML)", "a web page (HTML)"),
    "": ("tệp loại khác, không phải bảng tính", "no spreadsheet"),
}
_WORDED_AS = {".xlsm": ".xlsx"}
"""A workbook with macros is a workbook: they are never run, nor written anywhere but with the file as it was sent."""


def require_safe(path: Path, limits: Limits) -> None:
    """FileRejectedError for a file that is not what it is called, or that is dangerous to open."""
    if path.stat().st_size > limits.content_bytes:
        _refuse_size(path, limits)
    try:
        kind = _kind(path)
        suffix = path.suffix.lower()
        if kind != _WORDED_AS.get(suffix, suffix):
            _refuse_kind(path, kind)
        if kind in _MAIN_PARTS.values():
            _require_safe_zip(path, limits)
        elif kind == ".csv":
            _require_lines(path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise FileRejectedError(
            path.name,
            "file_unreadable",
            "Không mở được tệp: tệp hỏng hoặc chưa tải xong. Hãy lưu lại và gửi lại.",
            "The file cannot be opened: it is damaged or incomplete. Save it again and send it again.",
        ) from error


def _kind(path: Path) -> str:
    """The suffix that the content deserves, "html", or "" for what is none of them."""
    with path.open("rb") as content:
        head = content.read(1024)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    if head.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
        return next((kind for part, kind in _MAIN_PARTS.items() if part in names), "")
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return ""
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return "html" if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")) else ".csv"


def _kind_of_ole(path: Path) -> str:
    content = path.read_bytes()
    begin = content.find(_XLS_BEGIN) + 20
    following = content[begin : begin + 6].removeprefix(_XLS_WRITE_PROTECTION)
    if _PASSWORD_STREAM in content or following.startswith(_XLS_PASSWORD):
        _refuse_password(path)
    return ".xls" if any(stream in content for stream in _XLS_STREAMS) else ""


def _require_safe_zip(path: Path, limits: Limits) -> None:
    """Every part is unpacked once, because what a part says of its size may be a lie."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.content_bytes:
            _refuse_size(path, limits)
        if any(part.flag_bits & 1 for part in parts):
            _refuse_password(path)
        if any(part.compress_type not in _HOW_PACKED or not _is_inside(part.filename) for part in parts):
            _refuse_content(path, "các phần bên trong không phải của bảng tính", "its parts are none of a spreadsheet")
        left = limits.content_bytes
        for part in parts:
            with contextlib.closing(_pieces(archive, part, left)) as pieces:
                left -= _require_safe_part(path, part.filename, pieces)
            if left < 0:
                _refuse_size(path, limits)


def _require_safe_part(path: Path, name: str, pieces: Iterator[tuple[bytes, int]]) -> int:
    """The number of bytes of the part; FileRejectedError when what is in it would harm a parser."""
    size, text_count, last_row, last_column = 0, 0, 0, 0
    for piece, grown in pieces:
        size += grown
        if b"<!DOCTYPE" in piece.replace(b"\0", b""):
            _refuse_content(path, "có khai báo DOCTYPE trong XML", "its XML declares a DOCTYPE")
        if name == "META-INF/manifest.xml" and b"encryption-data" in piece:
            _refuse_password(path)
        if name == "xl/sharedStrings.xml" and (count := _TEXT_COUNT.search(piece)):
            text_count = int(count[1])
        if name.startswith("xl/worksheets/"):
            for column, row in _CELL.findall(piece):
                last_row, last_column = max(last_row, int(row)), max(last_column, column_number(column))
    if text_count * _SHORTEST_TEXT > size:
        _refuse_content(
            path, f"khai có {text_count} chuỗi ký tự nhưng không đủ", f"it claims {text_count} texts and holds fewer"
        )
    if last_row * last_column > _MOST_CELLS:
        _refuse_extent(path, name, last_row, last_column)
    return size


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> Generator[tuple[bytes, int]]:
    """The part unpacked piece by piece, until more than `left` bytes have come.

    With each piece comes how many of its bytes are new: it begins with the tag that the piece before cut in two.
    """
    unbelieved = copy.copy(part)
    unbelieved.file_size = left + 2 * _CHUNK_BYTES
    rest = b""
    with archive.open(unbelieved) as content:
        while left >= 0 and (chunk := content.read(_CHUNK_BYTES)):
            left -= len(chunk)
            piece = rest + chunk
            yield piece, len(chunk)
            rest = piece[max(piece.rfind(b"<"), len(piece) - _LONGEST_TAG) :] if b"<" in piece else b""


def _require_lines(path: Path) -> None:
    """FileRejectedError for a line that no spreadsheet could hold."""
    begun = b""
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            *lines, begun = (begun + chunk).replace(b"\r", b"\n").split(b"\n")
            if any(_is_too_long(line) for line in (*lines, begun)):
                raise FileRejectedError(
                    path.name,
                    "line_too_long",
                    "Tệp CSV có một dòng dài trên 1 MB hoặc trên 16.384 cột, không phải bảng. Hãy xuất lại tệp và gửi "
                    "lại.",
                    "The CSV has a line of more than 1 MB or 16,384 columns: it is no table. Export it again and send "
                    "it again.",
                )


def _is_too_long(line: bytes) -> bool:
    return len(line) > _MOST_COLUMNS and (
        len(line) > _LONGEST_LINE or max(map(line.count, (b",", b";", b"\t"))) >= _MOST_COLUMNS
    )


def _is_inside(name: str) -> bool:
    """Whether a part's name stays inside its container; nothing is ever unpacked to disk."""
    return not name.startswith("/") and "\\" not in name and ".." not in name.split("/")


def _refuse_size(path: Path, limits: Limits) -> NoReturn:
    megabytes = limits.content_bytes >> 20
    raise FileRejectedError(
        path.name,
        "file_too_large",
        f"Tệp quá lớn: giải nén ra trên {megabytes} MB. Hãy chia nhỏ hoặc xóa dòng, cột, hình thừa rồi gửi lại.",
        f"The file is too large: over {megabytes} MB unpacked. Split it, or delete what is not needed, and send it "
        "again.",
    )


def _refuse_password(path: Path) -> NoReturn:
    raise FileRejectedError(
        path.name,
        "file_encrypted",
        "Tệp có mật khẩu; bỏ mật khẩu rồi gửi lại.",
        "The file has a password; remove it and send the file again.",
    )


def _refuse_kind(path: Path, kind: str) -> NoReturn:
    vietnamese, english = _NAMES[kind]
    raise FileRejectedError(
        path.name,
        "file_kind",
        f"Tệp có đuôi {path.suffix} nhưng thực ra là {vietnamese}. Hãy mở tệp, lưu lại đúng dạng {path.suffix} "
        "rồi gửi lại.",
        f"The file is called {path.suffix} but is {english}. Open it, save it as {path.suffix} and send it again.",
    )


def _refuse_content(path: Path, what_vi: str, what_en: str) -> NoReturn:
    raise FileRejectedError(
        path.name,
        "file_dangerous",
        f"Tệp không an toàn: {what_vi}. Hãy mở bằng Excel, lưu thành tệp mới rồi gửi lại.",
        f"The file is not safe: {what_en}. Open it in Excel, save it as a new file and send it again.",
    )


def _refuse_extent(path: Path, part: str, row: int, column: int) -> NoReturn:
    sheet = part.rpartition("/")[2].removesuffix(".xml")
    raise FileRejectedError(
        path.name,
        "sheet_too_large",
        f"Một trang ({sheet}) có ô ở tận dòng {row}, cột thứ {column}. Hãy xóa các dòng, cột thừa sau bảng rồi gửi "
        "lại.",
        f"A sheet ({sheet}) has cells as far as row {row}, column {column}. Delete the rows and columns behind the "
        "table and send it again.",
    )
