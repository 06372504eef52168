"""A sheet as people lay one out: title, headings over one to three rows, groups, totals, signatures.

Belongs here: where the headings are, and what the sheet's headings then are. Stays out: telling the rows below apart
(`body`), which column of a form a heading is (`tables`), opening files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.body import read_body
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import SOURCE_ROW
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.sources.tables import Table, column_keys, form_positions, frame
from ocop_pipeline.vietnamese.text import heading_key, without_hint

_ROWS_ABOVE = 40
"""Filled rows among which the headings are looked for."""
_DEEPEST = 3
_FEWEST = 2
"""Columns by which headings are told from a title that is called like one."""


@dataclass(frozen=True)
class Headings:
    """`texts` by position; `below` is the first row under them, counted from 0; `known` the form's columns in them."""

    texts: tuple[str, ...]
    below: int
    known: frozenset[str]


def lay_out(grid: Grid, form: Form) -> Table:
    """The form's rows of the sheet; without headings when the sheet is empty.

    Raises FileRejectedError as `form_positions` does, when a row of totals disagrees with the rows it adds up, and
    when data follow the signatures.
    """
    headings = find_headings(grid, form)
    if headings is None:
        return Table(grid.name, (), pd.DataFrame({SOURCE_ROW: []}), grid.mended)
    table = Table(grid.name, headings.texts, frame([], [], len(headings.texts)))
    columns = {position: form.column(name) for name, position in form_positions(table, form).items()}
    places, cells, mended = read_body(grid, headings.below, len(headings.texts), columns)
    kept = {-1: {0}} | {position: set(places) for position in columns}
    return Table(
        grid.name,
        headings.texts,
        frame(places, cells, len(headings.texts)),
        tuple(one for one in (*grid.mended, *mended) if one.row in kept.get(one.position, ())),
    )


def find_headings(grid: Grid, form: Form) -> Headings | None:
    """The rows that name most of the form's columns, the first such; None when the sheet is empty.

    Where nothing is recognised they are the first row that is not empty.
    """
    keys = {key: column.name for column in form.columns for key in column_keys(column)}
    enough = max(_FEWEST, sum(column.required for column in form.columns))
    filled = [number for number, row in enumerate(grid.rows) if any(cell is not None for cell in row)][:_ROWS_ABOVE]
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
        known |= {name for name in (names.get(texts[-1]),) if name}
    return Headings(tuple(texts), last + 1, frozenset(known))


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
