"""Lists of persons recognised: which columns a sheet of workers has, however it is laid out.

D02-LT has 130 columns and more, some headings twice, and its first person in row 5; 01/PLI has three rows of headings.

Belongs here: what headings mean, and which rows are persons. Stays out: what is counted (`labour_lists`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.vietnamese.text import heading_key

_KINDS = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "name": r"\bhọ (?:và |, ?)?tên\b|\bho[ _](?:va[ _])?ten\b|\btên (?:người )?lao động\b|\bfull ?name\b",
        "woman": r"^(?:giới tính )?nữ$",
        "man": r"^(?:giới tính )?nam$",
        "sex": r"giới tính|gioi[ _]tinh|^nam ?/ ?nữ$|^phái$",
        "permanent": r"không (?:xác định|có) thời hạn",
        "fixed": r"xác định thời hạn",
        "other": r"(?:hđlđ|hợp đồng|hđ) (?:lao động )?khác|dưới 0?1 tháng|thử việc",
        "contract": r"(?:loại|hình thức) (?:và hiệu lực )?(?:hợp đồng|hđ)|^loại lao động$|^(?:hợp đồng|hđlđ)\b",
        "insurance": r"bhxh|bảo hiểm xã hội",
        "allowance": r"phụ cấp|thưởng|khấu trừ|tạm ứng|thâm niên|bổ sung",
        "wage": r"mức lương|tiền lương|^lương\b|^thu nhập|thực lĩnh|tổng lương|muc_luong|^luong",
        "change": r"phương án|loại phát sinh|^tăng ?/ ?giảm",
        "personal": r"cccd|cmnd|căn cước|chứng minh|định danh|hộ chiếu|sinh\b|điện thoại|^sđt|chức vụ|dân tộc|quê quán",
    }.items()
}
"""What a heading means, the first that it says."""
_FEWEST_KINDS = 2
_LONGEST_HEADING = 250
_ROWS_ABOVE = 40
_DEEPEST = 6
_COLUMN_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-h])\)?")
_NO_NAME = re.compile(r"^(?:tổng|cộng|người lập|giám đốc|thủ trưởng|kế toán|lao động (?:tăng|giảm))\b")


@dataclass(frozen=True)
class PersonList:
    """A sheet that lists persons: `kinds` has the positions of the columns, `below` is the first row under them."""

    grid: Grid
    kinds: Mapping[str, Sequence[int]]
    headings: Mapping[int, str]
    first: int
    below: int


def is_list_heading(text: str) -> bool:
    """Whether a heading is one of a list of persons."""
    return _kind(text) is not None


def find_list(grid: Grid) -> PersonList | None:
    """The list in the sheet, if one row of its headings names persons and something else of them."""
    for first, row in enumerate(grid.rows[:_ROWS_ABOVE]):
        said = {position: kind for position, cell in enumerate(row) if (kind := _kind(as_text(cell) or ""))}
        names = [position for position, kind in said.items() if kind == "name"]
        if not names or len(set(said.values())) < _FEWEST_KINDS:
            continue
        below = next(
            (at for at in range(first + 1, min(first + 1 + _DEEPEST, len(grid.rows))) if _is_name(grid, at, names[0])),
            first + 1,
        )
        headings = {position: _heading(grid, first, below, position) for position in range(_width(grid, first, below))}
        kinds: dict[str, list[int]] = defaultdict(list)
        for position, heading in headings.items():
            kinds[_kind(heading) or ""].append(position)
        return PersonList(grid, {**kinds, "name": names[:1]}, headings, first, below)
    return None


def person_rows(persons: PersonList) -> Iterator[int]:
    """Rows that name somebody and say something else of them: neither groups, totals nor signatures."""
    (name,) = persons.kinds["name"]
    others = [position for kind, found in persons.kinds.items() if kind and kind != "name" for position in found]
    for row in range(persons.below, len(persons.grid.rows)):
        if _is_name(persons.grid, row, name) and any(cell_of(persons.grid, row, position) for position in others):
            yield row


def texts_in(persons: PersonList, row: int, kind: str) -> list[str]:
    """What the columns of that kind say in the row."""
    cells = (cell_of(persons.grid, row, position) for position in persons.kinds.get(kind, ()))
    return [text for cell in cells if (text := as_text(cell))]


def _kind(text: str) -> str | None:
    key = heading_key(text)
    if not key or len(key) > _LONGEST_HEADING:
        return None
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(key)), None)


def _is_name(grid: Grid, row: int, position: int) -> bool:
    """Whether a person's name stands there: letters, and no heading, total, group or signature."""
    cell = cell_of(grid, row, position)
    key = heading_key(cell) if isinstance(cell, str) else ""
    return len(key) > 1 and key[0].isalpha() and not _NO_NAME.search(key) and not _KINDS["name"].search(key)


def _heading(grid: Grid, first: int, below: int, position: int) -> str:
    """What the rows of headings say of a column, from the top; a merged range says it of all its columns."""
    said: list[str] = []
    for row in range(first, below):
        at = next(((merge.top, merge.left) for merge in grid.merges if merge.holds(row, position)), (row, position))
        text = heading_key(as_text(cell_of(grid, *at)) or "")
        if text and text not in said and not _COLUMN_NUMBER.fullmatch(text):
            said.append(text)
    return " ".join(said)


def _width(grid: Grid, first: int, below: int) -> int:
    return max(map(len, grid.rows[first:below]))


def cell_of(grid: Grid, row: int, position: int) -> object:
    """The cell, None where the row ends before it; both are counted from 0."""
    cells = grid.rows[row]
    return cells[position] if position < len(cells) else None
