"""CSV files opened: which encoding, which delimiter, and the cells as text.

Belongs here: everything that has to be found out before a CSV file is rows of text. Stays out: which row holds the
headings of a form that people filled in (`layout`).
"""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.grid import Grid, Mended, cell_value
from ocop_pipeline.sources.tables import Table, strict_table
from ocop_pipeline.vietnamese.text import normalise

_DELIMITERS = ",;\t"
_LINES_WITH_HEADINGS = 40
_HEAD_BYTES = 4 << 20
"""What the encoding and the delimiter of a large file are told by."""
_HEAD_CHARACTERS = 10_000
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_VIETNAMESE = frozenset(
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
) | frozenset("đĐ")
_SIGNS = frozenset("–—‘’“”…°²³•₫×½\u00a0")
"""Signs beyond ASCII that officials type; TCVN3 and VNI bytes read as cp1258 give others, « and · for letters."""


def read_csv(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig", skip: int = 0) -> Table:
    """A CSV file with its headings in the first row after `skip` lines; cells are text, an empty one None."""
    try:
        text = _without_nul(path.read_bytes(), encoding).decode(encoding)
    except UnicodeDecodeError as error:
        raise wrong_encoding(path, encoding) from error
    rows = read_records(path, text, delimiter)
    return strict_table(path.name, ([] if number < skip else row for number, row in enumerate(rows)))


def read_csv_grid(path: Path, is_heading: Callable[[str], bool], at_most: int | None = None) -> Grid:
    """A CSV file that people saved, or its first bytes, in any of the encodings and delimiters that Excel writes here.

    Read are UTF-8, UTF-16 with its byte order mark, and cp1258; `,`, `;` and tab, whichever splits a line into most
    headings (`is_heading`). FileRejectedError where that leaves a doubt.
    """
    text, encoding = decoded(path, at_most)
    delimiter = _delimiter(path, text, is_heading)
    mended = []
    if encoding not in ("utf-8", "utf-8-sig"):
        mended.append(Mended(0, -1, encoding, "utf-8", "encoding"))
    if delimiter != ",":
        mended.append(Mended(0, -1, "tab" if delimiter == "\t" else delimiter, ",", "delimiter"))
    rows = tuple(tuple(cell_value(cell) for cell in row) for row in read_records(path, text, delimiter))
    return Grid(normalise(path.name), rows, mended=tuple(mended), is_text=True)


def csv_format(path: Path, is_heading: Callable[[str], bool]) -> tuple[str, str]:
    """Encoding and delimiter, by the beginning of the file; FileRejectedError as in `read_csv_grid`."""
    text, encoding = decoded(path, _HEAD_BYTES)
    return encoding, _delimiter(path, text, is_heading)


def decoded(path: Path, at_most: int | None = None) -> tuple[str, str]:
    """The text, or the lines that lie whole within its first bytes, and its encoding."""
    with path.open("rb") as stream:
        content = stream.read(at_most)
        if at_most is not None and len(content) == at_most:
            # UTF-16 writes the line's end in two bytes.
            content = content[: content.rfind(b"\n") + (2 if content.startswith(codecs.BOM_UTF16_LE) else 1)]
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    try:
        if marked == "utf-16":
            return content.decode(marked), marked
        encoding = marked or "utf-8"
        return _without_nul(content, encoding).decode(encoding), encoding
    except UnicodeDecodeError as error:
        text = None if marked else _from_cp1258(content)
        if text is None:
            raise wrong_encoding(path, "utf-8") from error
        return text, "cp1258"


def _from_cp1258(content: bytes) -> str | None:
    """The text, where it is certainly cp1258: its tone marks are characters of their own and fit their letters."""
    try:
        text = _without_nul(content, "cp1258").decode("cp1258")
    except UnicodeDecodeError:
        return None
    composed = unicodedata.normalize("NFC", text)
    beyond_ascii = {letter for letter in composed if not letter.isascii()}
    return composed if _MARKS.search(text) and beyond_ascii <= _VIETNAMESE | _SIGNS else None


def _without_nul(content: bytes, encoding: str) -> bytes:
    """UnicodeDecodeError for a NUL: it decodes, but UTF-16 and binary files hold it, not text."""
    if (position := content.find(b"\0")) >= 0:
        raise UnicodeDecodeError(encoding, content, position, position + 1, "NUL")
    return content


def _delimiter(path: Path, text: str, is_heading: Callable[[str], bool]) -> str:
    found: Counter[str] = Counter()
    for line in text.splitlines()[:_LINES_WITH_HEADINGS]:
        for delimiter in _DELIMITERS:
            if delimiter in line:
                headings = sum(is_heading(cell) for cell in next(csv.reader([line], delimiter=delimiter), []))
                found[delimiter] = max(found[delimiter], headings)
    (best, most), (_, second) = [*found.most_common(2), (",", 0), (",", 0)][:2]
    if most and most == second:
        raise FileRejectedError(
            path.name,
            "delimiter_unknown",
            "Không xác định được dấu phân cách cột (dấu phẩy, chấm phẩy hay tab). Hãy lưu lại dạng “CSV UTF-8”.",
            "Comma, semicolon and tab split the headings equally well. Save the file again as “CSV UTF-8”.",
        )
    # Of headings that nobody knows, what separates most: the refusal should not speak of quotes.
    return best if most else max(_DELIMITERS, key=text[:_HEAD_CHARACTERS].count)


def read_records(path: Path, text: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a CSV text; FileRejectedError where one is damaged."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise FileRejectedError(
            path.name,
            "file_unreadable",
            "Tệp CSV hỏng: có dấu ngoặc kép không đóng hoặc ô quá dài.",
            f"The CSV is damaged: {error}.",
        ) from error


def wrong_encoding(path: Path, encoding: str) -> FileRejectedError:
    """The refusal of a file that is not text in this encoding."""
    return FileRejectedError(
        path.name,
        "file_encoding",
        f"Tệp không phải mã hóa {encoding}. Hãy lưu lại dạng “CSV UTF-8”.",
        f"The file is not {encoding}. Save it again as “CSV UTF-8”.",
    )
