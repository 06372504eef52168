"""A sheet as people lay one out: title, headings over one to three rows, groups, totals, signatures.

Belongs here: where the headings are, and what the sheet's headings then are. Stays out: telling the rows below apart
(`body`), which column of a form a heading is (`tables`), opening files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ocop_pipeline.contracts import Column, Form
from ocop_pipeline.sources.body import read_body, wrong_totals
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import SOURCE_ROW
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.sources.tables import Table, column_keys, find_columns, frame, heading_unit
from ocop_pipeline.vietnamese.amounts import UNIT_LABEL, money_unit, with_unit
from ocop_pipeline.vietnamese.text import heading_key, without_hint

_DEEPEST = 3
_FEW = 3
"""Cells that a line about the unit of money has at most."""
_FEWEST = 2
"""Columns by which headings are told from a title that is called like one."""


@dataclass(frozen=True)
class Headings:
    """`texts` by position, and all that stands over each column (`whole`); `known` are the form's columns in them.

    `below` is the first row under them, counted from 0.
    """

    texts: tuple[str, ...]
    whole: tuple[str, ...]
    below: int
    known: frozenset[str]

    def are_of(self, form: Form) -> bool:
        """Whether every column that a row of the form must have is among them."""
        return {column.name for column in form.columns if column.required} <= self.known


def lay_out(grid: Grid, form: Form, cover: Grid | None = None) -> Table:
    """The form's rows of the sheet; without headings when the sheet is empty.

    A unit of money that headings, title, notes or the `cover` sheet state is written behind the numbers it is meant
    for, so that they are read like "12,5 triệu đồng" in a cell; the heading is then the form's own.

    Raises FileRejectedError as `find_columns` does, when data follow the signatures, and for a unit of money that is
    not known.
    """
    headings = find_headings(grid, form)
    if headings is None:
        return Table(grid.name, (), pd.DataFrame({SOURCE_ROW: []}), grid.mended)
    width = len(headings.texts)
    found = find_columns(grid.name, headings.texts, form)
    columns = {position: form.column(name) for name, position in found.items()}
    units, below = _stated_units(grid, headings, columns, cover)
    in_their_unit = {at: replace(column, scale=units.get(at, column.scale)) for at, column in columns.items()}
    body = read_body(grid, below, width, in_their_unit)
    for row in body.cells:
        for position, worth in units.items():
            row[position] = with_unit(row[position], worth)
    kept = {-1: {0}} | {position: set(body.places) for position in columns}
    return Table(
        grid.name,
        tuple(columns[at].heading if at in units else text for at, text in enumerate(headings.texts)),
        frame(body.places, body.cells, width),
        tuple(one for one in (*grid.mended, *body.mended) if one.row in kept.get(one.position, ())),
        wrong_totals(body),
    )


def find_headings(grid: Grid, form: Form) -> Headings | None:
    """The rows that name most of the form's columns, the first such; None when the sheet is empty.

    Where nothing is recognised they are the first row that is not empty.
    """
    keys = {key: column.name for column in form.columns for key in column_keys(column)}
    enough = max(_FEWEST, sum(column.required for column in form.columns))
    filled = grid.first_filled
    head = replace(grid, merges=tuple(merge for merge in grid.merges if filled and merge.top <= filled[-1]))
    best: Headings | None = None
    for first in filled:
        for depth in range(_depth(head, first), _DEEPEST + 1):
            candidate = _headings(head, first, depth, keys)
            if best is None or len(candidate.known) > len(best.known):
                best = candidate
            if not candidate.known:
                break
        if best is not None and len(best.known) >= enough:
            break
    return best


def _stated_units(
    grid: Grid, headings: Headings, columns: Mapping[int, Column], cover: Grid | None
) -> tuple[dict[int, int], int]:
    """Worth of the unit of each money column that is not in the form's, by position; and the first row of data.

    What stands over a column says more than a row of units below the headings, and that more than a title.
    """
    money = {position: column for position, column in columns.items() if column.is_money}
    if not money:
        return {}, headings.below
    own = {position: heading_unit(grid.name, headings.whole[position]) for position in money}
    row = grid.rows[headings.below] if headings.below < len(grid.rows) else ()
    under = {position: _unit_alone(grid.name, row[position]) for position in money if position < len(row)}
    is_of_units = any(under.values()) and all(under[at] or row[at] is None for at in under)
    rows = [*(cover.rows if cover else ()), *grid.rows]
    above = [cells for cells in grid.rows[: headings.below - 1] if sum(cell is not None for cell in cells) == 1]
    titles = [
        " ".join(filter(None, map(as_text, cells)))
        for cells in [*above, *(cells for cells in rows if cells not in above and _is_title(cells))]
    ]
    general = heading_unit(grid.name, "; ".join(titles))
    units = {at: own[at] or (under.get(at) if is_of_units else None) or general for at in money}
    stated = {at: worth for at, worth in units.items() if worth and worth != money[at].scale}
    return stated, headings.below + is_of_units


def _unit_alone(sheet: str, cell: object) -> int | None:
    """The worth of a unit of money that is all a cell says."""
    text = as_text(cell) or ""
    return money_unit(text) or (heading_unit(sheet, f"({text})") if text.isalpha() else None)


def _is_title(cells: Sequence[object]) -> bool:
    """A row that says in few cells what the numbers are counted in."""
    texts = [text for cell in cells if (text := as_text(cell))]
    return 0 < len(texts) <= _FEW and any(UNIT_LABEL.match(heading_key(text)) for text in texts)


def is_heading_of(form: Form, text: str) -> bool:
    """Whether a heading names one of the form's columns."""
    key = heading_key(text)
    return any(key in keys or without_hint(key) in keys for keys in map(column_keys, form.columns))


def _depth(grid: Grid, first: int) -> int:
    """How many rows the merged ranges that begin in the row reach down, at least one."""
    return min(_DEEPEST, max((merge.bottom - merge.top + 1 for merge in grid.merges if merge.top == first), default=1))


def _headings(grid: Grid, first: int, depth: int, keys: Mapping[str, str]) -> Headings:
    """Below a heading that is merged over several columns, each has its own: both together, or the lower one."""
    texts = []
    whole = []
    known: set[str] = set()
    last = first + depth - 1
    for position in range(max(map(len, grid.rows[first : last + 1]))):
        parts: list[str] = []
        for row in range(first, last + 1):
            text = _shown(grid, row, position, last)
            if text and text not in parts:
                parts.append(text)
        choices = [" ".join(parts[start:]) for start in range(len(parts))] + parts[:1]
        names = {text: _known(text, keys) for text in choices}
        texts.append(next((text for text in choices if names[text]), (choices or [""])[0]))
        whole.append(" ".join(parts))
        known |= {name for name in (names.get(texts[-1]),) if name}
    return Headings(tuple(texts), tuple(whole), last + 1, frozenset(known))


def _known(text: str, keys: Mapping[str, str]) -> str | None:
    key = heading_key(text)
    return keys.get(key) or keys.get(without_hint(key))


def _shown(grid: Grid, row: int, position: int, last: int) -> str:
    """What stands in the cell; to the right in a merged range that has further headings below, what it says."""
    for merge in grid.merges:
        if merge.holds(row, position) and merge.bottom < last:
            row, position = merge.top, merge.left
    cells = grid.rows[row] if row < len(grid.rows) else ()
    return as_text(cells[position] if position < len(cells) else None) or ""
