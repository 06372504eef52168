"""Lists of persons recognised: which columns a sheet of workers has, however it is laid out.

D02-LT has 130 columns and more, some headings twice, and its first person in row 5; 01/PLI has three rows of headings.

Belongs here: what headings mean, which rows are persons, and refusing a list where none belongs. Stays out: what is
counted (`labour_lists`).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.sources.layout import Headings, find_headings
from ocop_pipeline.sources.tables import is_citizen_id
from ocop_pipeline.vietnamese.personal import hide_personal, is_person_name, lost_its_zero
from ocop_pipeline.vietnamese.text import heading_key

_NO_WORKER = (
    r"giám đốc|chủ (?:hộ|thể|cơ sở|nhiệm|tịch|doanh nghiệp)|đại diện|liên hệ|người (?:mua|bán|nhận|gửi|lập|báo cáo|ký)|"
    r"khách|phụ trách|thủ trưởng|kế toán|buyer|customer|recipient|shipping|contact|director|owner"
)
"""Whom a form names beside what it is about: a column of these makes no list of persons."""
_WORKER = "lao động|nlđ|công nhân|nhân viên|nhân công|cbcnv|xã viên|thành viên"
_KINDS = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "name": rf"^(?!.*(?:{_NO_WORKER})).*(?:"
        r"\bhọ ?(?:và |, ?|& ?|/ ?|- ?)?(?:chữ )?(?:tên|đệm|lót)\b|\bho ?(?:va |, ?)?(?:ten|dem|lot)\b|^họ$|"
        rf"\btên (?:người )?(?:{_WORKER})\b|^(?:{_WORKER}|người lao động)$|"
        r"\bfull ?name\b|^(?:employee|worker|staff)(?:'s)?(?: name)?$|\bname of (?:the )?(?:employee|worker)|"
        r"^(?:first|last|family|given|middle) ?name$|^surname$)",
        "woman": r"^(?:giới tính )?nữ$|^female$",
        "man": r"^(?:giới tính )?nam$|^male$",
        "sex": r"giới tính|gioi tinh|^nam ?/ ?nữ$|^phái$|^sex$|^gender$",
        "permanent": r"không (?:xác định|có) thời hạn",
        "fixed": r"xác định thời hạn",
        "other": r"(?:hđlđ|hợp đồng|hđ) (?:lao động )?khác|dưới 0?1 tháng|thử việc",
        "contract": r"(?:loại|hình thức) (?:và hiệu lực )?(?:hợp đồng|hđ)|^loại lao động$|^(?:hợp đồng|hđlđ)\b|"
        r"^loai (?:hop dong|hd)|\bcontract\b",
        "insurance": r"bhxh|bảo hiểm xã hội|social insurance",
        "allowance": r"phụ cấp|thưởng|khấu trừ|tạm ứng|thâm niên|bổ sung|allowance|bonus",
        "wage": r"mức (?:lương|đóng)|tiền (?:lương|công|nhận)|^lương\b|ngày công|^nhận$|"
        r"^thu nhập|thực (?:lĩnh|nhận)|tổng lương|muc luong|"
        r"^luong|\bsalary\b|\bwages?\b|\bpay\b|^net$",
        "change": r"phương án|loại phát sinh|^tăng ?/ ?giảm",
        "personal": r"cccd|cmnd|[đd]dcn\b|"
        r"căn cước|can cuoc|chứng minh|định danh|dinh danh|hộ chiếu|ho chieu|sinh\b|dân tộc|"
        r"quê quán|\bid (?:number|no\b|card)|\bnational id|\bcitizen id|\bidentity|\bpassport|\bbirth|\bdob\b",
        "contact": r"điện thoại|dien thoai|^(?:số )?(?:đt|sđt|sdt)\b|\b(?:tele)?phone\b|\bmobile\b|chức vụ|chuc vu|"
        r"^position$",
    }.items()
}
"""What a heading means, the first that it says."""
_TOLD_OF_ALL = frozenset({"", "name", "contact"})
"""Kinds that make no list of workers: buyers and directors have names and phones too."""
_TOLD_OF_ONE = frozenset({"personal", "wage", "insurance", "contact"})
_LONGEST_HEADING = 250
_ROWS_ABOVE = 40
_DEEPEST = 6
_COLUMN_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-h])\)?")
_NO_NAME = re.compile(
    r"^(?:tổng|cộng|người lập|giám đốc|thủ trưởng|kế toán|lao động (?:tăng|giảm)|(?:sub|grand )?total|prepared by)\b"
)


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
    """The list in the sheet, if its headings name persons, with names below, and tell of their work."""
    return _find(grid, _TOLD_OF_ALL)


def require_no_list(grids: Iterable[Grid], forms: Sequence[Form]) -> None:
    """FileRejectedError when one of the sheets is a list of persons and none of the forms, where no list belongs."""
    for grid in grids:
        if _lists_persons(grid, forms):
            raise list_error(grid.name)


def require_no_persons(grids: Iterable[Grid]) -> None:
    """FileRejectedError when one of the sheets, none of which is read, names people beside their ids, wages, phones."""
    for grid in grids:
        if shows_persons(grid):
            raise list_error(grid.name)


def list_error(sheet: str) -> FileRejectedError:
    """The refusal of a file with a list of persons in this sheet."""
    error = FileRejectedError(
        sheet,
        "personal_list",
        f"“{sheet}” có danh sách người lao động (họ tên cùng số định danh, hợp đồng, lương, điện thoại ...), ở đây "
        "không nhận: gửi báo cáo không kèm danh sách. Danh sách lao động của chủ thể nộp vào "
        "labour_statistics/<mã đơn vị>/, nơi chỉ lấy số liệu tổng hợp. Tệp không được lưu lại ở đâu.",
        f"“{sheet}” has a list of persons, which is not taken here: send the report without it. An entity's "
        "list of workers belongs into labour_statistics/<unit>/, where only sums are taken. It was not kept.",
    )
    error.lists_persons = True
    return error


def _lists_persons(grid: Grid, forms: Sequence[Form]) -> bool:
    """Whether it is a list, or has one below the rows of its form."""
    headings = _headings_of_a_form(grid, forms)
    if headings is None:
        return find_list(grid) is not None
    return _find(Grid(grid.name, grid.rows[headings.below :]), _TOLD_OF_ALL, len(grid.rows)) is not None


def is_of_a_form(grid: Grid, forms: Sequence[Form]) -> bool:
    """Whether the sheet has all columns that a row of one of the forms must have."""
    return _headings_of_a_form(grid, forms) is not None


def _headings_of_a_form(grid: Grid, forms: Sequence[Form]) -> Headings | None:
    found = ((form, find_headings(grid, form)) for form in forms)
    return next((headings for form, headings in found if headings and headings.are_of(form)), None)


def shows_persons(grid: Grid, *, has_buyers: bool = False) -> bool:
    """Whether the sheet names people beside their ids, wages or phones, whatever its headings are called.

    By the headings, also those of contacts; or by two Vietnamese names in one column where another one has ids or
    phones, or in one column or row where something is called so. Of a sheet that `has_buyers`, with phones and amounts,
    by ids alone.
    """
    if _find(grid, _TOLD_OF_ALL if has_buyers else {"", "name"}):
        return True
    cells = (cell for row in grid.rows[:_ROWS_ABOVE] for cell in row)
    is_told = not has_buyers and any(_kind(as_text(cell) or "") in _TOLD_OF_ONE for cell in cells)
    tells = _is_id if has_buyers else _is_id_or_phone
    found: Counter[tuple[int, int]] = Counter()
    for row in grid.rows:
        names = [position for position, cell in enumerate(row) if isinstance(cell, str) and is_person_name(cell)]
        if is_told and len(names) > 1:
            return True
        others = [-1] if is_told else [position for position, cell in enumerate(row) if tells(cell)]
        found.update(product(names, others))
    return any(count > 1 for count in found.values())


def _find(grid: Grid, too_little: AbstractSet[str], rows: int = _ROWS_ABOVE) -> PersonList | None:
    """Headings for names in one of the first rows, names below, and a heading beyond what is `too_little`."""
    for first, row in enumerate(grid.rows[:rows]):
        name = next((position for position, cell in enumerate(row) if _kind(as_text(cell) or "") == "name"), None)
        named = (at for at in range(first + 1, len(grid.rows)) if name is not None and _is_name(grid, at, name))
        person = next(named, None)
        if name is None or person is None:
            continue
        below = person if person <= first + _DEEPEST else first + 1
        headings = {position: _heading(grid, first, below, position) for position in range(_width(grid, first, below))}
        kinds: dict[str, list[int]] = defaultdict(list)
        for position, heading in headings.items():
            kinds[_kind(heading) or ""].append(position)
        if not kinds.keys() <= too_little:
            return PersonList(grid, {**kinds, "name": [name]}, headings, first, below)
    return None


def _is_id(cell: object) -> bool:
    return is_citizen_id(as_text(cell) or "")


def _is_id_or_phone(cell: object) -> bool:
    text = as_text(cell) or ""
    return is_citizen_id(text) or lost_its_zero(text) or hide_personal(text) != text


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


@lru_cache(maxsize=10_000)
def _kind(text: str) -> str | None:
    key = heading_key(text).replace("_", " ")
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
