"""A sheet as it lies in its file: every cell at its place, and what had to be mended to read it.

Belongs here: the shapes that files become before anyone looks for headings in them. Stays out: opening files
(`workbooks`, `csv_files`), finding headings (`layout`).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from ocop_pipeline.sources.document import NotComputed

_FIRST_FILLED = 40
EXCEL_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


@dataclass(frozen=True)
class Mended:
    """A cell read as something else than it says; `row` counts from 1, `position` (the column) from 0.

    What was mended for the whole file lies at row 0 and position -1.
    """

    row: int
    position: int
    said: str
    read: str
    rule: str


@dataclass(frozen=True)
class Merge:
    """A merged range, its first and last row and column counted from 0."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, position: int) -> bool:
        """Whether the cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= position <= self.right


@dataclass(frozen=True)
class Grid:
    """A sheet: `rows[0][0]` is cell A1, an empty cell None, text trimmed, a number or date as the sheet holds it.

    In a CSV file (`is_text`) a row longer than the headings holds a delimiter that was not quoted.
    """

    name: str
    rows: tuple[tuple[object, ...], ...]
    merges: tuple[Merge, ...] = ()
    mended: tuple[Mended, ...] = ()
    is_text: bool = False

    @cached_property
    def first_filled(self) -> list[int]:
        """The first rows that are not empty: among them headings are looked for, once for each form."""
        filled = (number for number, row in enumerate(self.rows) if any(cell is not None for cell in row))
        return list(islice(filled, _FIRST_FILLED))


def column_number(letters: bytes) -> int:
    """A column's number by its letters in an xlsx file: 1 is A, 27 is AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def column_letters(position: int) -> str:
    """A column's letters by its place, counted from 0."""
    letters, number = "", position + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def cell_value(cell: object) -> object:
    """Text trimmed, an empty cell None, yes and no as Excel shows them, a number or date as the sheet holds it."""
    if isinstance(cell, NotComputed):
        return cell
    if isinstance(cell, str):
        text = cell.strip()
        return NotComputed(text) if text in EXCEL_ERRORS else text or None
    if isinstance(cell, bool):
        # Left as it is, True would be taken for the number 1 where both stand in a column.
        return str(cell).upper()
    return cell
