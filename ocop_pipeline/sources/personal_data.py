"""Personal data taken out of a sheet as soon as it has been read: nothing behind sees what the cell said.

Belongs here: which cells of a sheet may not stay as they are, by the column they stand in. Stays out: what personal
data look like (`vietnamese.personal`), lists of persons, of which only sums are read (`labour_lists`).
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from ocop_pipeline.contracts import Column, ColumnType, Form
from ocop_pipeline.sources.body import FEW, SIGNATURES, stated_number
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import NotComputed
from ocop_pipeline.sources.grid import Grid, Mended
from ocop_pipeline.sources.header_sheet import HEADER_SHEET, is_called
from ocop_pipeline.sources.layout import find_headings
from ocop_pipeline.sources.tables import column_keys, is_citizen_id
from ocop_pipeline.vietnamese.personal import (
    HIDDEN,
    hide_personal,
    is_personal_heading,
    is_tax_code,
    is_written_as_name,
    lost_its_zero,
)
from ocop_pipeline.vietnamese.text import heading_key, without_hint

RULE = "personal_data"
ROWS_OF_HEADINGS = 400
"""Among these the headings are looked for."""
_DEEPEST = 3
"""Rows over which headings may reach."""
_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)
_BARE_CODE = re.compile(r"[\d\s.–-]+")
_WORD = re.compile(r"\w")
_SHORTEST_MOBILE = 9

Place = tuple[int, int]
"""Row and column, both counted from 0."""


def redacted(grid: Grid, forms: Sequence[Form]) -> Grid:
    """The sheet without personal data; what was taken out of a cell is told as mended, without what it was.

    Emptied are the cells below a heading about persons, in the header sheet those beside such a label, every cell
    outside the forms' columns that says personal data, and codes that are none. Inside them the rest of a text stays.
    An amount that can be read is one, whatever it looks like.
    """
    cells = {
        (row, position): cell
        for row, values in enumerate(grid.rows)
        for position, cell in enumerate(values)
        if cell is not None
    }
    hidden = hidden_cells(grid, cells, forms)
    rows = [list(row) for row in grid.rows]
    for (row, position), left in hidden.items():
        # Not empty: what is data and what a signature is told by the cells that are filled.
        rows[row][position] = HIDDEN if left is None else left
    mended = [one for one in grid.mended if (one.row - 1, one.position) not in hidden]
    mended += [
        Mended(row + 1, position, HIDDEN, as_text(left) or "", RULE) for (row, position), left in sorted(hidden.items())
    ]
    return replace(grid, name=hide_personal(grid.name), rows=tuple(map(tuple, rows)), mended=tuple(mended))


def hidden_cells(top: Grid, cells: Mapping[Place, object], forms: Sequence[Form]) -> dict[Place, object]:
    """What each cell that says personal data may still say, None for nothing.

    `cells` are those of the sheet that are filled, `top` has at least the rows in which headings may stand.
    """
    if is_called(top.name, HEADER_SHEET):
        return _of_header(cells)
    sheet = _sheet(replace(top, rows=top.rows[:ROWS_OF_HEADINGS]), cells, forms)
    # A column says the same again and again.
    once = lru_cache(maxsize=1_000, typed=True)
    left_of = {at: once(partial(_left, column=sheet.columns.get(at))) for at in {position for _, position in cells}}
    found: dict[Place, object] = {}
    for place, cell in cells.items():
        row, position = place
        if row > sheet.personal.get(position, row) or place in sheet.signed:
            found[place] = None
        else:
            left = left_of[position](cell)
            if left != cell:
                found[place] = left
    return found


@dataclass
class _Sheet:
    """`columns` are the forms' by position, `personal` the rows of headings about persons, `signed` signatures."""

    columns: dict[int, Column] = field(default_factory=dict)
    personal: dict[int, int] = field(default_factory=dict)
    signed: set[Place] = field(default_factory=set)


def _of_header(cells: Mapping[Place, object]) -> dict[Place, object]:
    labels: dict[int, int] = {}
    for (row, position), cell in sorted(cells.items(), key=lambda item: item[0]):
        if isinstance(cell, str) and is_personal_heading(cell):
            labels.setdefault(row, position)
    found: dict[Place, object] = {}
    for place, cell in cells.items():
        row, position = place
        left = None if position > labels.get(row, position) else _in_text(cell)
        if left != cell:
            found[place] = left
    return found


def _sheet(grid: Grid, cells: Mapping[Place, object], forms: Sequence[Form]) -> _Sheet:
    """The columns of the form that the headings fit best; where they fit none, any of the first rows may be one."""
    called = [form for form in forms if is_called(grid.name, form.sheet, *form.sheet_aliases)]
    found = [(form, headings) for form in called or forms if (headings := find_headings(grid, form))]
    form, headings = max(found, key=lambda one: len(one[1].known), default=(None, None))
    sheet = _Sheet()
    if form is None or headings is None or not headings.known:
        rows = range(len(grid.rows))
    else:
        rows = range(max(0, headings.below - _DEEPEST), headings.below)
        known = {key: column for column in form.columns for key in column_keys(column)}
        for position, text in enumerate(headings.texts):
            key = heading_key(text)
            if column := known.get(key) or known.get(without_hint(key)):
                sheet.columns[position] = column
    for row in rows:
        for position, cell in enumerate(grid.rows[row]):
            if position not in sheet.columns and isinstance(cell, str) and is_personal_heading(cell):
                sheet.personal.setdefault(position, row)
    _sign(sheet, cells, rows.stop)
    return sheet


def _sign(sheet: _Sheet, cells: Mapping[Place, object], below: int) -> None:
    """Names that stand alone below a line of signatures."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, position in sorted(cells):
        if row >= below:
            rows[row].append(position)
    is_signed = False
    for row, positions in rows.items():
        if len(positions) > FEW:
            continue
        texts = {position: cell for position in positions if isinstance(cell := cells[row, position], str)}
        if is_signed:
            sheet.signed |= {(row, position) for position, text in texts.items() if is_written_as_name(text)}
        is_signed = is_signed or any(SIGNATURES.fullmatch(heading_key(text)) for text in texts.values())


def _left(cell: object, column: Column | None) -> object:
    """What a cell of the column may still say; the cell itself where that is all."""
    if column is None:
        is_said = is_citizen_id(cell) if isinstance(cell, int | float) else _in_text(cell) != cell
        return None if is_said else cell
    if column.may_hold_citizen_id:
        return _left_of_code(cell)
    if column.type in _NUMBERS:
        # Nobody counts, or writes twelve digits of money, with a zero in front.
        is_typed = isinstance(cell, str) and (column.type is ColumnType.INTEGER or is_citizen_id(cell))
        return cell if _is_amount(cell, column) and not is_typed else _hidden(cell, column)
    if column.type is ColumnType.TEXT and column.choices is None:
        # A number is one that a spreadsheet made of a code.
        if isinstance(cell, int | float) and column.name.endswith(("_code", "_number")):
            return cell
        left = _hidden(cell, column)
        return left if left == cell or _WORD.search(str(left)) else None
    return _hidden(cell, column)


def _left_of_code(cell: object) -> object:
    """Nothing of a citizen id or a phone: entities would be one that share what is left. A tax code stays."""
    text = as_text(cell) or ""
    if is_citizen_id(cell):
        return None
    if not _BARE_CODE.fullmatch(text):
        return _in_text(cell)
    digits = re.sub(r"\D", "", text)
    has_lost_zero = lost_its_zero(digits)
    if is_tax_code(f"0{digits}" if has_lost_zero and len(digits) == _SHORTEST_MOBILE else digits):
        return cell
    return None if has_lost_zero or hide_personal(text) != text else cell


def _is_amount(cell: object, column: Column) -> bool:
    """Whether a cell says a number that the column allows."""
    number = stated_number(cell, column)
    if number is None:
        return False
    lowest, highest = column.minimum, column.maximum
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)


def _hidden(cell: object, column: Column) -> object:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return _in_text(cell, also_addressed=not column.name.endswith("_name"))
    return HIDDEN if lost_its_zero(as_text(cell) or "") else cell


def _in_text(cell: object, *, also_addressed: bool = True) -> object:
    """A text without what it says of persons; another cell as it is."""
    if not isinstance(cell, str):
        return cell
    left = hide_personal(cell, also_addressed=also_addressed)
    return NotComputed(left) if isinstance(cell, NotComputed) else left
