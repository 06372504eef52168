"""Lists of persons that people send instead of their entity's report (D02-LT, 01/PLI, sheets of their own).

Only sums leave this module: no name, id, day of birth or wage of a person does, in no return value and no message. The
lowest and the highest wage are persons' wages, so they stay empty, and so does a mean over fewer than five persons.

Belongs here: counting the rows of a list, and whose of which period they are. Stays out: recognising one
(`person_lists`), the report that an entity fills in itself (`labour_reports`).
"""

import re
from collections.abc import Sequence
from contextlib import suppress

import pandas as pd

from ocop_pipeline.contracts import Column
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import SOURCE_ROW, Arrival, Document, FileRejectedError, Part
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.sources.header_sheet import labelled
from ocop_pipeline.sources.labour_forms import LABOUR_REPORTS
from ocop_pipeline.sources.labour_reports import unit_of
from ocop_pipeline.sources.person_lists import PersonList, cell_of, person_rows, texts_in
from ocop_pipeline.sources.personal_data import redacted
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.tables import is_citizen_id
from ocop_pipeline.vietnamese.amounts import parse_amount, times
from ocop_pipeline.vietnamese.numbers import NotANumberError
from ocop_pipeline.vietnamese.periods import Period, find_period, parse_period
from ocop_pipeline.vietnamese.personal import HIDDEN
from ocop_pipeline.vietnamese.text import heading_key

_FEWEST_WAGES = 5
_SEASONAL = re.compile(
    r"thời vụ|mùa vụ|thử việc|khoán|ngắn hạn|khác|dưới 0?[1-9]\d? tháng|\b(?:0?[1-9]|1[01]) (?:tháng|months?)|tv\b|"
    r"seasonal|temporary|casual|probation"
)
_REGULAR = re.compile(
    r"xác định|thường xuyên|dài hạn|chính thức|biên chế|\bk?xđth\b|\b(?:1[2-9]|2\d|3[0-6]) (?:tháng|months?)|"
    r"\b[1-3] năm|permanent|definite|fixed.?term"
)
_NOT_INSURED = {"0", "-", "không", "chưa", "no"}
_LEAVING = re.compile(r"giảm|nghỉ|thôi việc|chấm dứt|^g[a-z]\b")
_SEXES = {"nữ": True, "nu": True, "f": True, "female": True, "nam": False, "m": False, "male": False}
_ENTITY_LABELS = (
    *("tên chủ thể", "chủ thể", "tên đơn vị", "tên đơn vị sử dụng lao động", "đơn vị", "tên cơ sở", "cơ sở"),
    *("tên doanh nghiệp, cơ quan, tổ chức", "tên doanh nghiệp", "doanh nghiệp", "tên hợp tác xã", "hợp tác xã"),
)
_OFFICE = re.compile(r"(?:phòng|ubnd|ủy ban|uỷ ban|sở|chi cục)\b")
"""Who collects lists names itself above them."""
_CODE_LABELS = ("mã chủ thể", "mã số thuế", "mã số doanh nghiệp", "mst")
_NO_PERIOD = re.compile(r"\bngày\b|ban hành|kèm theo|nghị định|thông tư|quyết định")
_WAGE = LABOUR_REPORTS.column("mean_income_vnd")


def read_list(arrival: Arrival, persons: PersonList, reference: Reference) -> Document:
    """The report of the persons' entity, as far as the columns tell it; FileRejectedError where they do not."""
    above = redacted(Grid(persons.grid.name, persons.grid.rows[: persons.first]), (LABOUR_REPORTS,))
    period = _period(above, arrival)
    unit_code = unit_of(arrival, "", (), period, reference)
    name = _labelled(above, _ENTITY_LABELS) or _own_folder(arrival)
    if _of_several(persons):
        raise _refused(
            arrival,
            "ghi lao động của nhiều chủ thể; mỗi chủ thể nộp một danh sách riêng",
            "lists the workers of several entities; send one list for each",
        )
    if not name or _OFFICE.match(heading_key(name)):
        raise _refused(
            arrival,
            "không ghi tên chủ thể ở phần đầu (“Tên đơn vị: …”)",
            "does not name its entity above the table (“Tên đơn vị: …”)",
        )
    stated_code = _labelled(above, _CODE_LABELS)
    code = stated_code if stated_code and HIDDEN not in stated_code and not is_citizen_id(stated_code) else None
    report = {
        SOURCE_ROW: persons.first + 1,
        **dict.fromkeys(column.name for column in LABOUR_REPORTS.columns),
        "report_period": period.label,
        "entity_code": code,
        "entity_name": name,
        **_counted(arrival, persons),
    }
    rows = pd.DataFrame([report], dtype="object").astype({SOURCE_ROW: "int64"})
    owner = f"{unit_code}/{code or name}"
    part = Part(LABOUR_REPORTS.name, owner, period, above.name, rows, communes_of=unit_code)
    return Document(unit_code, period, (part,))


def _of_several(persons: PersonList) -> bool:
    """Whether a column of the list says whose worker each is, and not always the same."""
    owners = [at for at, text in persons.headings.items() if text in _ENTITY_LABELS and not text.endswith("đơn vị")]
    rows = list(person_rows(persons))
    return any(len({as_text(cell_of(persons.grid, row, at)) for row in rows} - {None}) > 1 for at in owners)


def _counted(arrival: Arrival, persons: PersonList) -> dict[str, int | None]:
    """The measures of the report; what no column tells stays empty."""
    rows = list(person_rows(persons))
    if not rows:
        raise _refused(arrival, "không có dòng nào ghi người lao động", "lists nobody")
    if any(_LEAVING.search(heading_key(text)) for row in rows for text in texts_in(persons, row, "change")):
        raise _refused(
            arrival,
            "ghi cả lao động giảm, nên không phải danh sách những người đang làm việc",
            "names people who left, so it is no list of those who work",
        )
    regular = [_is_regular(persons, row) for row in rows]
    if None in regular:
        unclear = len([one for one in regular if one is None])
        raise _refused(
            arrival,
            f"không cho biết loại hợp đồng (thường xuyên hay thời vụ) ở {unclear} trong {len(rows)} dòng",
            f"does not tell the kind of contract (regular or seasonal) in {unclear} of {len(rows)} rows",
        )
    women = [_is_woman(persons, row) for row in rows]
    insured = [
        row for row in rows if {heading_key(said) for said in texts_in(persons, row, "insurance")} - _NOT_INSURED
    ]
    return {
        "total_workers": len(rows),
        "female_workers": None if None in women else sum(map(bool, women)),
        "regular_workers": sum(map(bool, regular)),
        "seasonal_workers": len(rows) - sum(map(bool, regular)),
        "insured_workers": len(insured) if persons.kinds.get("insurance") else None,
        "mean_income_vnd": _mean_wage(
            persons, [row for row, is_regular in zip(rows, regular, strict=True) if is_regular]
        ),
    }


def _is_regular(persons: PersonList, row: int) -> bool | None:
    """By the word for the contract, else by the column in which its first day stands; None where that is not clear."""
    found: set[bool] = set()
    for text in texts_in(persons, row, "contract"):
        key = heading_key(text)
        if _SEASONAL.search(key) or _REGULAR.search(key):
            found.add(not _SEASONAL.search(key))
    if not found:
        stated = {kind for kind in ("permanent", "fixed", "other") if any(texts_in(persons, row, kind))}
        found = {kind != "other" for kind in stated}
    return found.pop() if len(found) == 1 else None


def _is_woman(persons: PersonList, row: int) -> bool | None:
    if "sex" in persons.kinds:
        said = {_SEXES.get(heading_key(text)) for text in texts_in(persons, row, "sex")}
        return said.pop() if len(said) == 1 else None
    if "woman" in persons.kinds:
        is_woman, is_man = (any(texts_in(persons, row, kind)) for kind in ("woman", "man"))
        return None if is_woman and is_man else is_woman
    return None


def _mean_wage(persons: PersonList, rows: Sequence[int]) -> int | None:
    """In nghìn đồng, over all regular workers; None where one is not told or there are too few to hide one."""
    filled = [
        position
        for position in persons.kinds.get("wage", ())
        if any(cell_of(persons.grid, row, position) for row in rows)
    ]
    if len(rows) < _FEWEST_WAGES or len(filled) != 1:
        return None
    worth = _stated_unit(persons.headings[filled[0]])
    wages = [_wage(cell_of(persons.grid, row, filled[0]), worth) for row in rows]
    told = [wage for wage in wages if wage is not None]
    return round(sum(told) / len(told) / _WAGE.scale) if len(told) == len(wages) else None


def _wage(cell: object, worth: int) -> float | None:
    """In đồng; None for what is no wage of a month, such as a coefficient."""
    try:
        number, own = (float(cell), None) if isinstance(cell, int | float) else parse_amount(as_text(cell) or "")
    except NotANumberError:
        return None
    wage = times(number, own or worth)
    return wage if _bounds(_WAGE)[0] <= wage <= _bounds(_WAGE)[1] else None


def _bounds(column: Column) -> tuple[float, float]:
    return (column.minimum or 0) * column.scale, (column.maximum or 0) * column.scale


def _stated_unit(heading: str) -> int:
    """What a number under the heading is worth in đồng: "Mức lương (nghìn đồng)" is 1,000."""
    return next(
        (power for words, power in ((r"nghìn|ngàn", 1_000), ("triệu", 1_000_000)) if re.search(words, heading)), 1
    )


def _period(above: Grid, arrival: Arrival) -> Period:
    """What the lines above the table say, else the name of the file."""
    with suppress(ValueError):
        return parse_period(labelled(above, "kỳ báo cáo"))
    texts = [text for row in above.rows for cell in row if (text := heading_key(as_text(cell) or ""))]
    said = [find_period(text.replace("/", "-").replace(":", " ")) for text in texts if not _NO_PERIOD.search(text)]
    found = next((period for period in said if period), None) or find_period(arrival.path.name)
    if found is None:
        raise _refused(
            arrival,
            "không ghi kỳ báo cáo ở phần đầu (“Kỳ báo cáo: 2023-Q1”) hoặc trong tên tệp",
            "names its period neither above the table (“Kỳ báo cáo: 2023-Q1”) nor in its own name",
        )
    return found


def _own_folder(arrival: Arrival) -> str:
    """The folder of the entity inside its unit's, if the file lies in one."""
    parent, unit_folder = arrival.path.parent, arrival.path.parent.parent
    return parent.name if arrival.folder and unit_folder.name == arrival.folder else ""


def _refused(arrival: Arrival, reason_vi: str, reason_en: str) -> FileRejectedError:
    return FileRejectedError(
        arrival.path.name,
        "personal_list",
        f"Đây là danh sách người lao động và {reason_vi}. Hãy gửi Báo cáo lao động của chủ thể (số liệu tổng hợp, theo "
        "mẫu). Danh sách không được lưu lại ở đâu.",
        f"This is a list of persons and {reason_en}. Send the entity's labour report (sums, by the template). The list "
        "was not kept.",
    )


def _labelled(above: Grid, labels: Sequence[str]) -> str:
    return next(filter(None, (labelled(above, label) for label in labels)), "")
