"""Exports opened: xlsx, xls or CSV, their sheet and heading row, and only the cells under mapped headings.

Belongs here: getting at the cells, and when the export was made. Stays out: which layout it is
(`marketplace_layout`), what the cells mean (`marketplace_lines`).
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.csv_files import open_csv
from ocop_pipeline.sources.document import SOURCE_ROW, FileRejectedError
from ocop_pipeline.sources.marketplace_layout import Layout
from ocop_pipeline.sources.tables import refuse_overflow
from ocop_pipeline.vietnamese.text import normalise

Rows = Iterator[tuple[int, Sequence[object]]]
_PROPERTIES = "docProps/core.xml"
_PROPERTY = "<dcterms:{name}[^>]*>([^<]*)</dcterms:{name}>"
_FILE_STAMP = re.compile(r"(20\d\d)-(\d\d)-(\d\d)[-_ ](\d\d)[-_:.](\d\d)(?!\d)")
"""TikTok writes when it made an export into its name: `Tất cả đơn hàng-2026-03-01-09_30.csv`."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of an export: its headings, and the rows below with their numbers, read as they are asked for."""

    name: str
    headings: tuple[str, ...]
    rows: Rows
    is_text: bool = False


def sheets_of(path: Path, is_heading: Callable[[str], bool]) -> Iterator[Sheet]:
    """Every sheet that has a row; `is_heading` tells the delimiter of a CSV file by the headings it separates."""
    if path.suffix.lower() == ".csv":
        _, _, records = open_csv(path, is_heading)
        named: Iterable[tuple[str, Iterable[Sequence[object]]]] = [(path.name, records)]
    else:
        named = _workbook(path)
    for name, cells in named:
        rows = (
            (number, row) for number, row in enumerate(cells, start=1) if any(cell not in (None, "") for cell in row)
        )
        first = next(rows, None)
        if first is not None:
            headings = tuple(as_text(cell) or "" for cell in first[1])
            yield Sheet(normalise(name), headings, rows, path.suffix.lower() == ".csv")


def chunks(sheet: Sheet, layout: Layout, size: int) -> Iterator[pd.DataFrame]:
    """The rows, `size` at a time: `source_row` and a column per mapped column that the file has, cells as they came.

    FileRejectedError when a row of a CSV file is longer than its headings: its cells stand in the wrong columns.
    """
    rows = _without_description(sheet, layout) if layout.mapping.has_description_row else sheet.rows
    width = len(sheet.headings)
    positions = list(layout.positions.items())
    while batch := list(islice(rows, size)):
        if sheet.is_text:
            for number, row in batch:
                if len(row) > width:
                    refuse_overflow(sheet.name, number, [cell or None for cell in row[width:]])
        columns = {SOURCE_ROW: pd.Series([number for number, _ in batch], dtype="int64")}
        for name, position in positions:
            cells = [row[position] if position < len(row) else None for _, row in batch]
            columns[name] = pd.Series(cells, dtype="object")
        yield pd.DataFrame(columns)


def made_at(path: Path, latest_event: datetime) -> datetime:
    """When the export was made: by the workbook's property, else the stamp in its name, else its latest event.

    What lies before an event that the export tells of is not believed: some programs write a fixed day.
    """
    for said in (*_properties(path), _stamp(path.name)):
        if said is not None and said >= latest_event:
            return said
    return latest_event


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


def _without_description(sheet: Sheet, layout: Layout) -> Rows:
    """TikTok's second row explains the columns; it is known by an order number in words, and often not there."""
    position = layout.positions["order_id"]
    for count, (number, row) in enumerate(sheet.rows):
        said = as_text(row[position]) if position < len(row) else None
        is_description = said is not None and " " in said and not any(letter.isdigit() for letter in said)
        if count or not is_description:
            yield number, row


def _workbook(path: Path) -> Iterator[tuple[str, Iterable[Sequence[object]]]]:
    """Calamine reads what marketplaces write: a `<row>` per cell, and a dimension that says A1:A1."""
    try:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            yield name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        raise FileRejectedError(
            path.name,
            "file_unreadable",
            "Không mở được tệp Excel: tệp hỏng hoặc chưa tải xong. Hãy xuất lại và gửi lại.",
            "The workbook cannot be opened: it is damaged or incomplete. Export it again and send it again.",
        ) from error
