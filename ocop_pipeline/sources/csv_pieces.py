"""Large CSV files of programs, piece after piece: what is in memory does not grow with the file.

Belongs here: cutting a file between two rows, and reading a piece as Arrow does where that gives the same cells as
reading it row by row, which is what is done elsewhere. Stays out: what the cells mean.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from ocop_pipeline.sources.arrow_text import is_plain, taken, texts_of
from ocop_pipeline.sources.csv_files import read_records, wrong_encoding
from ocop_pipeline.sources.document import SOURCE_ROW, NotComputed
from ocop_pipeline.sources.grid import cell_value
from ocop_pipeline.sources.tables import Table, refuse_overflow
from ocop_pipeline.vietnamese.text import normalise

PIECE_BYTES = 16 << 20
"""Of the file; while pieces are read, judged and written they take about thirty times as much in both processes."""
_HEADING_BYTES = 4 << 20
"""The headings are in one of the first lines, and no line is longer than 1 MB."""
_UTF8 = {"utf-8", "utf-8-sig"}
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class CsvFile:
    """A CSV file whose headings are known: they stand in record `heading_row`."""

    path: Path
    delimiter: str
    encoding: str
    headings: tuple[str, ...]
    heading_row: int

    def pieces(self, positions: Sequence[int], piece_bytes: int = PIECE_BYTES) -> Iterator[Table]:
        """The rows below the headings, at least one table of them, with the columns at these positions only."""
        row = 0
        for content, is_last in _blocks(self, piece_bytes):
            skipped = self.heading_row if row == 0 else 0
            where = (self, content, positions, row, skipped)
            rows, records = _fast(*where) or _slow(*where)
            row += records
            yield Table(normalise(self.path.name), self.headings, rows, is_last=is_last)


def open_csv(path: Path, delimiter: str, encoding: str) -> CsvFile:
    """The file with the headings of its first record that is not empty; FileRejectedError when it is no such text."""
    file = CsvFile(path, delimiter, encoding, (), 0)
    for content, _ in _blocks(file, _HEADING_BYTES):
        for number, record in enumerate(read_records(path, _decoded(file, content), delimiter), start=1):
            cells = [cell_value(cell) for cell in record]
            if any(cell is not None for cell in cells):
                return CsvFile(path, delimiter, encoding, tuple(str(cell or "") for cell in cells), number)
        break
    return file


def _blocks(file: CsvFile, size: int) -> Iterator[tuple[bytes, bool]]:
    """The file in UTF-8, cut between two records; and of each block whether it is the last."""
    if file.encoding not in _UTF8:
        yield _decoded(file, file.path.read_bytes()).encode(), True
        return
    total = file.path.stat().st_size
    with file.path.open("rb") as stream:
        if stream.read(len(_MARK)) != _MARK:
            stream.seek(0)
        rest = b""
        while True:
            content = rest + stream.read(size)
            if stream.tell() >= total:
                yield content, True
                return
            end = _end_of_last_record(content, file.delimiter)
            if end:
                yield content[:end], False
            rest = content[end:]


def _end_of_last_record(content: bytes, delimiter: str) -> int:
    """Behind the last line's end that belongs to no cell; 0 when there is none."""
    end = content.rfind(b"\n") + 1
    if _count(content[:end], '"') % 2:
        signs = np.frombuffer(content, np.uint8)
        ends = np.flatnonzero(signs == ord("\n")) + 1
        outside = ends[np.searchsorted(np.flatnonzero(signs == ord('"')), ends) % 2 == 0]
        end = int(outside[-1]) if len(outside) else 0
    return end if _is_plainly_quoted(content[:end], delimiter) else _end_by_reading(content, delimiter)


def _end_by_reading(content: bytes, delimiter: str) -> int:
    """The same where quotes stand in the middle of cells."""
    begun = end = read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for line in content.splitlines(keepends=True):
            read += len(line)
            yield line.decode(errors="replace")

    for _ in csv.reader(lines(), delimiter=delimiter):
        begun, end = end, read
    return begun


def _decoded(file: CsvFile, content: bytes) -> str:
    encoding = "utf-8" if file.encoding in _UTF8 else file.encoding
    if b"\0" in content and encoding == "utf-8":
        raise wrong_encoding(file.path, encoding)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise wrong_encoding(file.path, encoding) from error


def _fast(
    file: CsvFile, content: bytes, positions: Sequence[int], before: int, skipped: int
) -> tuple[pd.DataFrame, int] | None:
    """The rows and how many records they were, if Arrow certainly reads the same cells; else None."""
    lines = _count(content, "\n") + (not content.endswith(b"\n"))
    has_bare_return = b"\r" in content and _count(content, "\r") != content.count(b"\r\n")
    is_told_apart = not has_bare_return and _is_plainly_quoted(content, file.delimiter)
    if b"\0" in content or not is_told_apart or any("\n" in heading for heading in file.headings) or lines == skipped:
        return None
    names = [str(position) for position in range(len(file.headings))]
    try:
        table = arrow_csv.read_csv(
            BytesIO(content),
            arrow_csv.ReadOptions(
                use_threads=False, block_size=len(content) + 1, column_names=names, skip_rows=skipped
            ),
            arrow_csv.ParseOptions(delimiter=file.delimiter, newlines_in_values=False, ignore_empty_lines=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[str(position) for position in positions],
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows + skipped != lines:
        return None
    columns: dict[Any, pd.Series[Any]] = {
        position: _cells(table.column(number)) for number, position in enumerate(positions)
    }
    if np.logical_and.reduce([cells.isna().to_numpy() for cells in columns.values()]).any():
        return None  # Where a row has none of these columns it may have others, or be no row at all.
    first = before + skipped + 1
    return pd.DataFrame({SOURCE_ROW: range(first, first + table.num_rows), **columns}), lines


def _count(content: bytes, sign: str) -> int:
    """As `bytes.count`, which takes ten times as long where the sign is frequent."""
    return int(np.count_nonzero(np.frombuffer(content, np.uint8) == ord(sign)))


def _is_plainly_quoted(content: bytes, delimiter: str) -> bool:
    """Whether every quote opens a cell, closes one, or is doubled: of others readers think differently."""
    signs = np.frombuffer(content, np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    if len(quotes) == 0:
        return True
    if len(quotes) % 2:
        return False
    is_end = np.zeros(256, dtype=bool)
    is_end[[*delimiter.encode(), *b'\r\n"']] = True
    opening, closing = quotes[::2], quotes[1::2]
    is_first, is_last = int(opening[0] == 0), int(closing[-1] == len(signs) - 1)
    before, after = signs[opening[is_first:] - 1], signs[closing[: len(closing) - is_last] + 1]
    return bool(is_end[before].all() and is_end[after].all())


def _cells(column: "pa.ChunkedArray[Any]") -> "pd.Series[Any]":
    """The column's cells trimmed; what a spreadsheet shows instead of a value is marked as such."""
    sent: pd.Series[Any] = column.to_pandas()
    if is_plain(texts_of(sent)):
        return sent
    texts = texts_of(sent).dictionary_encode()
    words = texts.dictionary.to_pylist()
    cells = [cell_value(word) for word in words]
    if any(isinstance(cell, NotComputed) for cell in cells):
        return sent.astype("object").map(dict(zip(words, cells, strict=True))).where(sent.notna(), None)
    return sent if cells == words else taken(texts, cells)


def _slow(
    file: CsvFile, content: bytes, positions: Sequence[int], before: int, skipped: int
) -> tuple[pd.DataFrame, int]:
    """The same, record by record; FileRejectedError for what is damaged or longer than its headings."""
    places: list[int] = []
    cells: list[list[object]] = [[] for _ in positions]
    number = before
    for number, record in enumerate(read_records(file.path, _decoded(file, content), file.delimiter), before + 1):
        row = [cell_value(cell) for cell in record]
        if number <= skipped or not any(cell is not None for cell in row):
            continue
        refuse_overflow(file.path.name, number, row[len(file.headings) :])
        places.append(number)
        for column, position in zip(cells, positions, strict=True):
            column.append(row[position] if position < len(row) else None)
    columns: dict[Any, pd.Series[Any]] = {
        position: pd.Series(column, dtype="object") for position, column in zip(positions, cells, strict=True)
    }
    return pd.DataFrame({SOURCE_ROW: pd.Series(places, dtype="int64"), **columns}), number - before
