"""Bytes of xlsx and CSV files, the same for the same rows.

Belongs here: turning rows into a file's content. Stays out: what the rows mean.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias

import xlsxwriter

from ocop_pipeline.contracts import Form

Cell: TypeAlias = str | int | float | date | None
Row: TypeAlias = Mapping[str, Cell]
"""Cells by the names of a form's columns; a column that is left out is empty."""
Rows: TypeAlias = Sequence[Sequence[Cell]]

_MADE = datetime(2024, 1, 1, tzinfo=UTC)
"""A fixed time of making, so that equal rows give equal bytes."""


def form_rows(form: Form, rows: Sequence[Row]) -> list[list[Cell]]:
    """The form's headings and the rows under them; KeyError for a cell whose column the form lacks."""
    names = [column.name for column in form.columns]
    for row in rows:
        if unknown := row.keys() - set(names):
            raise KeyError(form.name, *unknown)
    return [[column.heading for column in form.columns], *([row.get(name) for name in names] for row in rows)]


def xlsx(sheets: Mapping[str, Rows], made: datetime = _MADE) -> bytes:
    """A workbook of those sheets; dates become real Excel dates, and no text becomes a formula.

    `made` is the moment of making that its properties name.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties({"created": made.astimezone(UTC)})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row_number, row in enumerate(rows):
                for column_number, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(row_number, column_number, cell, day)
                    elif cell is not None:
                        sheet.write(row_number, column_number, cell)
    return content.getvalue()


def csv_file(rows: Rows) -> bytes:
    """A CSV file in UTF-8 with commas; dates as dd/mm/yyyy."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")
