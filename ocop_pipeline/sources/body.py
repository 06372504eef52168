"""The rows below a form's headings told apart: data, groups, totals, signatures.

Belongs here: which rows are data, what merged cells mean there, and whether totals agree with the rows they add up.
Stays out: where the headings are (`layout`), what the cells mean (`cells`).
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ocop_pipeline.contracts import Column, ColumnType
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import FileRejectedError, NotComputed, WrongTotal
from ocop_pipeline.sources.grid import Grid, Mended, Merge
from ocop_pipeline.sources.tables import column_keys, place_of, refuse_overflow
from ocop_pipeline.vietnamese.amounts import parse_amount, times
from ocop_pipeline.vietnamese.numbers import NotANumberError, written
from ocop_pipeline.vietnamese.personal import HIDDEN
from ocop_pipeline.vietnamese.text import heading_key, without_hint

_NUMERIC = (ColumnType.INTEGER, ColumnType.NUMBER)
_TOTAL = re.compile(
    r"tổng cộng\b.*|(?:tổng số|tổng|cộng)(?: (?:nhóm|mục|phần|toàn|chung|các|[ivx]+|[a-h])\b.*)?[ :.]*(?:\(.*\))?"
)
_GROUP = re.compile(r"(?P<roman>[ivx]{1,5})(?:[.)/: -].*)?|(?P<letter>[a-h])(?:[.)/: -].*)?")
SIGNATURES = re.compile(
    r".*\bngày\b[\s\d.…_]*\btháng\b[\s\d.…_]*\bnăm\b.*|(?:người (?:lập|tổng hợp|báo cáo)|lập biểu|thủ trưởng|lãnh đạo|"
    r"chủ tịch|tm\.|t/m|kt\.|k/t|nơi nhận|xác nhận|kế toán|giám đốc|trưởng phòng|ghi chú ?:|"
    r"\(?(?:đã ký\b|ký(?:,| tên| và ghi| ghi))).*"
)
"""What stands in the lines behind the data, by its `heading_key`."""
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[a-h])\)?(?: ?=.*)?")
FEW = 3
"""Cells that a line of signatures, and a group over merged cells, has at most and at least."""


@dataclass
class _Sum:
    """Numbers that a row of totals states, and the data rows they may be the sum of: any one of `spans` will do."""

    row: int
    said: Mapping[int, float]
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Body:
    """What has been read so far: data rows (`places`, `cells`), sums, and the groups that are open, outer ones first.

    `places` are row numbers from 1; `mended` are cells that were read as something else than they say.
    """

    grid: Grid
    below: int
    columns: Mapping[int, Column]
    places: list[int] = field(default_factory=list)
    cells: list[list[object]] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)
    sums: list[_Sum] = field(default_factory=list)
    groups: dict[str, tuple[_Sum, int]] = field(default_factory=dict)

    @cached_property
    def keys(self) -> dict[int, frozenset[str]]:
        """Keys of the headings by which each column is known, by position."""
        return {position: frozenset(column_keys(column)) for position, column in self.columns.items()}

    @cached_property
    def summed(self) -> dict[int, Column]:
        """The columns that a row of totals adds up, by position."""
        return {
            position: column for position, column in self.columns.items() if column.type in _NUMERIC and column.adds_up
        }

    @cached_property
    def merges_down(self) -> dict[int, list[Merge]]:
        """By row, the ranges merged over several rows that begin in a column of the form and say something."""
        found: defaultdict[int, list[Merge]] = defaultdict(list)
        for merge in self.grid.merges:
            if merge.top < merge.bottom < len(self.grid.rows) and merge.left in self.columns:
                cells = self.grid.rows[merge.top]
                if merge.left < len(cells) and cells[merge.left] is not None:
                    for row in range(merge.top, merge.bottom + 1):
                        found[row].append(merge)
        return found

    @cached_property
    def widths(self) -> dict[tuple[int, int], int]:
        """Over how many columns the ranges are merged, by their first row and column."""
        return {(merge.top, merge.left): merge.right - merge.left + 1 for merge in self.grid.merges}


def read_body(grid: Grid, below: int, width: int, columns: Mapping[int, Column]) -> Body:
    """The rows from `below` on; `columns` are the form's, by position. FileRejectedError for data below signatures."""
    body = Body(grid, below, columns)
    ended = 0
    for index in range(below, len(grid.rows)):
        row = list(grid.rows[index][:width])
        row += [None] * (width - len(row))
        if grid.is_text:
            refuse_overflow(grid.name, index + 1, grid.rows[index][width:])
        filled = [position for position, cell in enumerate(row) if cell is not None]
        if ended:
            _refuse_data_after_end(body, index, row, ended)
        elif _is_end(body, row, filled):
            ended = index + 1
        elif _is_total(row, filled):
            _add_total(body, index, row)
        elif group := _group(body, index, row, filled):
            _close_groups(body, group)
            body.groups[group] = (_Sum(index + 1, _numbers(body, row)), len(body.cells))
        elif any(row[position] is not None for position in columns) and not _is_heading_again(body, row, filled):
            _add(body, index, row)
    for group in list(body.groups)[:1]:
        _close_groups(body, group)
    return body


def _add(body: Body, index: int, row: list[object]) -> None:
    """A data row; what is merged with rows above or below counts for each of them, but no number does."""
    for merge in body.merges_down.get(index, ()):
        column = body.columns[merge.left]
        said = body.grid.rows[merge.top][merge.left]
        if column.type in _NUMERIC:
            row[merge.left] = f"{as_text(said)} (ô gộp {merge.bottom - merge.top + 1} dòng)"
        elif index > merge.top:
            row[merge.left] = said
            body.mended.append(Mended(index + 1, merge.left, "", as_text(said) or "", "merged_range"))
    body.places.append(index + 1)
    body.cells.append(row)


def _add_total(body: Body, index: int, row: Sequence[object]) -> None:
    """A sum of the rows above it, of all or of those of an open group; above all rows it is a group of all."""
    body.mended += _unchecked(body, index, row)
    stated = _Sum(index + 1, _numbers(body, row))
    if body.cells or body.groups:
        stated.spans = [(start, len(body.cells)) for start in (0, *(at for _, at in body.groups.values()))]
        body.sums.append(stated)
    else:
        body.groups["total"] = (stated, 0)


def _is_complete(body: Body, row: Sequence[object]) -> bool:
    """Whether every column that must be filled is: such a row is data whatever it says."""
    return all(row[position] is not None for position, column in body.columns.items() if column.required)


def _says_data(body: Body, row: Sequence[object]) -> bool:
    """Whether a row is complete and no line of signatures: those may stand in the very columns that must be filled."""
    cells = [cell for cell in row if cell is not None]
    texts = [cell for cell in cells if isinstance(cell, str)]
    signed = [text for text in texts if text == HIDDEN or SIGNATURES.fullmatch(heading_key(text))]
    return _is_complete(body, row) and not (len(signed) == len(cells) <= FEW)


def _is_end(body: Body, row: Sequence[object], filled: Sequence[int]) -> bool:
    return (
        0 < len(filled) <= FEW
        and not _says_data(body, row)
        and any(
            isinstance(row[position], str) and SIGNATURES.fullmatch(heading_key(str(row[position])))
            for position in filled
        )
    )


def _refuse_data_after_end(body: Body, index: int, row: Sequence[object], ended: int) -> None:
    if _says_data(body, row) or sum(row[position] is not None for position in body.columns) > FEW:
        raise FileRejectedError(
            place_of(body.grid.name, index + 1),
            "rows_after_end",
            f"Dòng {index + 1} có số liệu nằm dưới phần ký tên hoặc ghi chú (dòng {ended}); hãy chuyển lên trên.",
            f"Row {index + 1} holds data below the signatures or notes (row {ended}); move it above them.",
        )


def _is_total(row: Sequence[object], filled: Sequence[int]) -> bool:
    """The first text of the row is a word for a sum."""
    label = next((heading_key(str(row[position])) for position in filled if isinstance(row[position], str)), "")
    return _TOTAL.fullmatch(label) is not None


def _group(body: Body, index: int, row: Sequence[object], filled: Sequence[int]) -> str | None:
    """Level of the group that the row opens ("roman", "letter", "merged"), None for any other row.

    Beside its number and its title such a row holds nothing but sums.
    """
    others = [position for position in filled if not _is_numeric(body, position)]
    if not 0 < len(others) < FEW:
        return None
    label = others[0]
    across = body.widths.get((index, label), 1)
    column = body.columns.get(label)
    if (across == 1 and column is not None and column.choices is not None) or (
        _is_complete(body, row) and (column is not None or not _counts_otherwise(body, label))
    ):
        return None
    if match := _GROUP.fullmatch(heading_key(as_text(row[label]) or "")):
        return match.lastgroup
    return "merged" if len(others) == 1 and across >= FEW else None


def _counts_otherwise(body: Body, label: int) -> bool:
    """Whether rows of data are numbered in another way in that column: then I, II or A, B do not number data."""
    return any(
        _is_complete(body, row) and not _GROUP.fullmatch(heading_key(as_text(row[label]) or ""))
        for row in body.grid.rows[body.below :]
        if len(row) > max(label, *body.columns)
    )


def _is_heading_again(body: Body, row: Sequence[object], filled: Sequence[int]) -> bool:
    """The headings repeated on a new page, or the numbers of the columns under them."""
    if all(
        without_hint(heading_key(as_text(row[position]) or "")) in keys
        for position, keys in body.keys.items()
        if row[position] is not None
    ):
        return True
    if body.cells or len(filled) < FEW:
        return False
    found = [_COLUMN_NUMBER.fullmatch(heading_key(as_text(row[position]) or "")) for position in filled]
    numbers = [match[1] for match in found if match]
    letters = [number for number in numbers if not number.isdigit()]
    expected = [*"abcdefgh"[: len(letters)], *(str(number + 1) for number in range(len(numbers) - len(letters)))]
    return len(numbers) == len(filled) and numbers == expected


def _is_numeric(body: Body, position: int) -> bool:
    column = body.columns.get(position)
    return column is not None and column.type in _NUMERIC


def _numbers(body: Body, row: Sequence[object]) -> dict[int, float]:
    """What a row of totals states, by position, where the form's column adds up."""
    stated = {position: stated_number(row[position], column) for position, column in body.summed.items()}
    return {position: number for position, number in stated.items() if number is not None}


def _unchecked(body: Body, index: int, row: Sequence[object]) -> list[Mended]:
    """What stands for a sum in a row of totals and says no number, so that nothing can be held against it."""
    return [
        Mended(0, -1, f"{place_of(body.grid.name, index + 1)} {row[position]}", "", "total_not_checked")
        for position, column in body.summed.items()
        if row[position] is not None and stated_number(row[position], column) is None
    ]


def stated_number(cell: object, column: Column) -> float | None:
    """The number that a cell says, in the unit that the column is stated in; None where it says none."""
    if isinstance(cell, int | float):
        return float(cell)
    try:
        number, worth = parse_amount("" if isinstance(cell, NotComputed) else as_text(cell) or "", units=column.units)
    except NotANumberError:
        return None
    return number if worth is None else times(number, worth) / column.scale


def _close_groups(body: Body, group: str) -> None:
    """A group ends where one of its level begins, and those inside it with it."""
    levels = list(body.groups)
    for level in levels[levels.index(group) :] if group in levels else []:
        stated, start = body.groups.pop(level)
        body.sums.append(_Sum(stated.row, stated.said, [(start, len(body.cells))]))


def wrong_totals(body: Body) -> tuple[WrongTotal, ...]:
    """The cells of rows of totals that say something else than what the rows add up to, from the top.

    A cell that says no number ends the check of its sum.
    """
    wrong = [(stated, *found) for stated in body.sums for found in _wrong(body, stated)]
    return tuple(
        _wrong_total(body, stated, position, summed)
        for stated, position, summed in sorted(wrong, key=lambda found: (found[0].row, found[1]))
    )


def _wrong_total(body: Body, stated: _Sum, position: int, summed: float) -> WrongTotal:
    said, heading, sheet = stated.said[position], body.columns[position].heading, body.grid.name
    return WrongTotal(
        stated.row,
        position + 1,
        heading,
        written(said),
        f"Trang “{sheet}”, dòng cộng {stated.row}, cột “{heading}”: ghi {written(said)} "
        f"nhưng các dòng cộng lại được {written(summed)}.",
        f"Sheet “{sheet}”, row of totals {stated.row}, column “{heading}”: it says {said:,.15g}, "
        f"the rows add up to {summed:,.15g}.",
    )


def _wrong(body: Body, stated: _Sum) -> list[tuple[int, float]]:
    """The positions where no span adds up to what is stated, with the sums of the rows that come nearest to it."""
    disagreeing = [_disagreeing(body, stated, span) for span in stated.spans]
    if not all(disagreeing):
        return []
    return min(disagreeing, key=lambda found: (len(found), abs(found[0][1] - stated.said[found[0][0]])))


def _disagreeing(body: Body, stated: _Sum, span: tuple[int, int]) -> list[tuple[int, float]]:
    """The positions whose cells add up to something else, with their sums."""
    found = []
    for position, said in stated.said.items():
        cells = [row[position] for row in body.cells[slice(*span)] if row[position] is not None]
        numbers = [stated_number(cell, body.columns[position]) for cell in cells]
        summed = math.fsum(number for number in numbers if number is not None)
        # A sheet that computes has parts of a đồng that nobody sees.
        tolerance = 0.5 / body.columns[position].scale if body.columns[position].is_money else 1e-6
        if None not in numbers and not math.isclose(said, summed, rel_tol=1e-9, abs_tol=tolerance):
            found.append((position, summed))
    return found
