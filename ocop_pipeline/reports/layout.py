"""An answer of the warehouse as a table for the terminal, as JSON or as CSV.

Belongs here: laying out rows. Stays out: choosing them.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table

from ocop_pipeline.formulas import disarmed
from ocop_pipeline.warehouse.query import Answer

SHEET_WIDTH = 120
"""What people read is laid out for so many characters."""

_VIETNAMESE = str.maketrans(",.", ".,")


def objects(answer: Answer) -> list[dict[str, Any]]:
    """The rows by column name."""
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def as_json(answer: Answer) -> str:
    """A list of objects; dates are ISO text, exact numbers are numbers."""
    return json.dumps(objects(answer), ensure_ascii=False, indent=2, default=_plain)


def as_csv(answer: Answer) -> str:
    """Comma separated with a heading row; an empty cell is null. No text is a formula when a spreadsheet opens it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([disarmed(cell) if isinstance(cell, str) else cell for cell in row] for row in answer.rows)
    return text.getvalue()


def as_table(
    columns: Iterable[str], rows: Iterable[Sequence[Any]], title: str | None = None, first_width: int | None = None
) -> Table:
    """A table for the terminal; numbers stand to the right and have their thousands marked.

    With `first_width` the first column gets what the others leave of SHEET_WIDTH, and never less than that.
    """
    columns, rows = list(columns), list(rows)
    first = None if first_width is None else max(first_width, _left_for_first(columns, rows))
    table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for position, column in enumerate(columns):
        is_number = any(isinstance(row[position], int | float | Decimal) for row in rows)
        # A width that is set: below a mere minimum rich would shrink the column, widen it again and cut the last ones.
        width = first if position == 0 else None
        table.add_column(column, justify="right" if is_number else "left", overflow="fold", width=width)
    for row in rows:
        table.add_row(*(show(cell) for cell in row))
    return table


def _left_for_first(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """The width of the first column, or what the others leave of it."""
    first, *others = (
        max(cell_len(line) for cell in cells for line in show(cell).split("\n"))
        for cells in zip(columns, *rows, strict=True)
    )
    # Each column has a space behind it and one before it, and one more closes the line.
    return min(first, SHEET_WIDTH - sum(others) - 2 * len(columns) - 1)


def show(cell: object) -> str:
    """A value for people: 361.250.000.000 and 0,4 in the Vietnamese style, nothing for null."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "có" if cell else "không"
    if isinstance(cell, int | float | Decimal):
        size = abs(float(cell))
        digits = 0 if size.is_integer() else 1 if size >= 100 else 4  # noqa: PLR2004 - a matter of looks
        return grouped(cell, digits)
    return str(cell)


def grouped(number: float | Decimal, digits: int) -> str:
    """A number in the Vietnamese style: 1.234,5 with one digit behind the comma."""
    return f"{number:,.{digits}f}".translate(_VIETNAMESE)


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
