"""Exports opened: xlsx, xls or CSV, their sheet and heading row, and only the cells under mapped headings.

Belongs here: getting at the cells, and when the export was made. Stays out: which layout it is
(`marketplace_layout`), what the cells mean (`marketplace_lines`).
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.csv_files import csv_format
from ocop_pipeline.sources.csv_pieces import CsvFile, open_csv
from ocop_pipeline.sources.document import SOURCE_ROW, FileRejectedError
from ocop_pipeline.sources.marketplace_layout import Layout
from ocop_pipeline.vietnamese.text import normalise

Rows = Iterator[tuple[int, Sequence[object]]]
_ROWS_AT_A_TIME = 20_000
_PROPERTIES = "docProps/core.xml"
_PROPERTY = "<dcterms:{name}[^>]*>([^<]*)</dcterms:{name}>"
_FILE_STAMP = re.compile(r"(20\d\d)-(\d\d)-(\d\d)[-_ ](\d\d)[-_:.](\d\d)(?!\d)")
"""TikTok writes when it made an export into its name: `Tất cả đơn hàng-2026-03-01-09_30.csv`."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of an export: its headings, and the rows below with their numbers, read as they are asked for.

    Of a CSV file the rows are in `file`.
    """

    name: str
    headings: tuple[str, ...]
    rows: Rows
    file: CsvFile | None = None


def sheets_of(path: Path, is_heading: Callable[[str], bool]) -> Iterator[Sheet]:
    """Every sheet that has a row; `is_heading` tells the delimiter of a CSV file by the headings it separates."""
    if path.suffix.lower() == ".csv":
        encoding, delimiter = csv_format(path, is_heading)
        file = open_csv(path, delimiter, encoding)
        if file.headings:
            yield Sheet(normalise(path.name), file.headings, iter(()), file)
        return
    for name, cells in _workbook(path):
        rows = (
            (number, row) for number, row in enumerate(cells, start=1) if any(cell not in (None, "") for cell in row)
        )
        first = next(rows, None)
        if first is not None:
            yield Sheet(normalise(name), tuple(as_text(cell) or "" for cell in first[1]), rows)


def pieces(sheet: Sheet, layout: Layout) -> Iterator[tuple[pd.DataFrame, bool]]:
    """The rows piece after piece, and of each piece whether it is the last; there is at least one.

    A piece has `source_row` and a column per mapped column that the file has, cells as they came. No order is in two of
    them unless its lines lie apart. FileRejectedError when a row of a CSV file is longer than its headings: its cells
    stand in the wrong columns.
    """
    held = None
    parts = _csv_pieces(sheet.file, layout) if sheet.file else _sheet_pieces(sheet, layout)
    for number, (part, is_last) in enumerate(parts):
        rows = _without_description(part) if number == 0 and layout.mapping.has_description_row else part
        rows = rows if held is None else pd.concat([held, rows], ignore_index=True)
        order = rows["order_id"]
        is_held = order.eq(order.iloc[-1]) if len(rows) and not is_last else pd.Series(data=False, index=rows.index)
        held = rows[is_held] if is_held.any() else None
        yield rows[~is_held].reset_index(drop=True), is_last


def _csv_pieces(file: CsvFile, layout: Layout) -> Iterator[tuple[pd.DataFrame, bool]]:
    for table in file.pieces(sorted(set(layout.positions.values()))):
        # A heading may be mapped twice: an invoice number also says whether it is a return.
        columns = {name: table.rows[position] for name, position in layout.positions.items()}
        yield pd.DataFrame({SOURCE_ROW: table.rows[SOURCE_ROW], **columns}), table.is_last


def _sheet_pieces(sheet: Sheet, layout: Layout) -> Iterator[tuple[pd.DataFrame, bool]]:
    batch = list(islice(sheet.rows, _ROWS_AT_A_TIME))
    while True:
        following = list(islice(sheet.rows, _ROWS_AT_A_TIME))
        columns = {SOURCE_ROW: pd.Series([number for number, _ in batch], dtype="int64")}
        for name, position in layout.positions.items():
            cells = [row[position] if position < len(row) else None for _, row in batch]
            columns[name] = pd.Series(cells, dtype="object")
        yield pd.DataFrame(columns), not following
        if not following:
            return
        batch = following


def made_at(path: Path, latest_event: datetime, progress: timedelta = timedelta(0)) -> datetime:
    """When the export was made: by the workbook's property, else the stamp in its name, else its latest event.

    What lies before an event that the export tells of is not believed: some programs write a fixed day. Behind the
    latest event comes the `progress` of the orders, for an update of their statuses may tell of no later one.
    """
    for said in (*_properties(path), _stamp(path.name)):
        if said is not None and said >= latest_event:
            return said
    return latest_event + progress


def _properties(path: Path) -> Iterator[datetime | None]:
    """`created` first: whoever opens an export and saves it again changes `modified`."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        if _PROPERTIES not in archive.namelist():
            return
        xml = archive.read(_PROPERTIES).decode("utf-8", "replace")
    for name in ("created", "modified"):
        if match := re.search(_PROPERTY.format(name=name), xml):
            try:
                said = datetime.fromisoformat(match[1].strip())
            except ValueError:
                continue
            yield said.astimezone(VIETNAM) if said.tzinfo else said.replace(tzinfo=VIETNAM)


def _stamp(file_name: str) -> datetime | None:
    match = _FILE_STAMP.search(file_name)
    try:
        said = "-".join(match.groups()) if match else None
        return datetime.strptime(said, "%Y-%m-%d-%H-%M").replace(tzinfo=VIETNAM) if said else None
    except ValueError:
        return None


def _without_description(rows: pd.DataFrame) -> pd.DataFrame:
    """TikTok's second row explains the columns; it is known by an order number in words, and often not there."""
    said = as_text(rows["order_id"].iloc[0]) if len(rows) else None
    is_description = said is not None and " " in said and not any(letter.isdigit() for letter in said)
    return rows.iloc[1:] if is_description else rows


def _rows(sheet: CalamineSheet) -> Iterator[Sequence[object]]:
    """One row after another, from the first line and column: all at once a large export is millions of objects."""
    left = [None] * (sheet.start[1] if sheet.start else 0)
    return ([*left, *row] for row in sheet.iter_rows())


def _workbook(path: Path) -> Iterator[tuple[str, Iterable[Sequence[object]]]]:
    """Calamine reads what marketplaces write: a `<row>` per cell, and a dimension that says A1:A1."""
    try:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            yield name, _rows(workbook.get_sheet_by_name(name))
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        raise FileRejectedError(
            path.name,
            "file_unreadable",
            "Không mở được tệp Excel: tệp hỏng hoặc chưa tải xong. Hãy xuất lại và gửi lại.",
            "The workbook cannot be opened: it is damaged or incomplete. Export it again and send it again.",
        ) from error
