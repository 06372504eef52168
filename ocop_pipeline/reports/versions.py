"""What one file changed: the values against the version it replaced, and the KPIs that moved with them.

Belongs here: putting both together, and wording them. Stays out: comparing rows (`changes`), what a figure is (dbt).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ocop_pipeline.changes import Change, Place, changes, renamed
from ocop_pipeline.reports.layout import grouped, objects, show
from ocop_pipeline.reports.scorecard_sheet import Sheet
from ocop_pipeline.reports.wording import Language, worded
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.receipts import Submission
from ocop_pipeline.warehouse.server import Role, Warehouse

SHOWN_CHANGES = 40
CHANGE_COLUMNS = (
    *("submission_id", "replaced", "unit_code", "form", "key", "change", "column", "before", "after"),
    *("sheet_before", "row_before", "sheet_after", "row_after", "kpi", "as_of", "unit_name"),
)
_FORMS = {form.name: form for form in ALL_FORMS}
_LOADS = """
select l.form, l.load_id, l.known_from, coalesce(r.rows_of, r.load_id) as replaced_load, r.submission_id as replaced
from ingest.load as l
left join ingest.load as r on r.closed_by = l.load_id
where l.submission_id = :number and l.rows_of is null and l.is_superseding
order by l.load_id
"""
_HOUSEHOLDS = """
select distinct m.entity_code, m.entity_key
from intermediate.int_entities_mentioned as m inner join intermediate.int_entities as e using (entity_key)
where e.entity_type = 'household_business' and m.entity_code is not null
"""
_FIGURES = """
select kpi_code, kpi_name_vi, unit_code, unit_name, measure_unit, value
from as_known.kpi_scorecard_at() order by unit_sort_order, kpi_sort_order
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class VersionDifference:
    """One file against what it took the place of.

    `replaced` are the numbers of those files, `changes` its rows and cells that differ. `figures` has one row per KPI,
    unit and day whose value it moved: kpi_code, kpi_name_vi, as_of, unit_code, unit_name, measure_unit, before, after;
    None when the figures were never built here.
    """

    submission_id: int
    submission: Submission
    replaced: tuple[int, ...]
    changes: Sequence[Change]
    figures: Sequence[Row] | None


def version_difference(warehouse: Warehouse, submission_id: int, today: date) -> VersionDifference:
    """What the file changed when it was taken in, whatever came after; a WarehouseError when there is no such file.

    The KPIs are computed for two days, the period's last and the last month end before `today`, each as known just
    before the file and as known with it.
    """
    file = ledger.submissions(warehouse).get(submission_id)
    if file is None:
        message = f"there is no submission {submission_id}; `ocop submissions` lists them"
        raise WarehouseError(message)
    loads = objects(fetch(warehouse, _LOADS, {"number": submission_id}, role=Role.LOADER))
    keys = household_keys(warehouse)
    found = [
        renamed(change, keys)
        for load in loads
        for change in changes(
            _FORMS[load["form"]],
            rows_of_load(warehouse, load["form"], load["replaced_load"]),
            rows_of_load(warehouse, load["form"], load["load_id"]),
        )
    ]
    figures: Sequence[Row] | None = []
    if loads and file.period_to is not None:
        days = sorted({min(file.period_to - timedelta(days=1), today), today.replace(day=1) - timedelta(days=1)})
        figures = _moved(warehouse, loads[0]["known_from"], days)
    replaced = tuple(sorted({load["replaced"] for load in loads if load["replaced"]}))
    return VersionDifference(submission_id, file, replaced, found, figures)


def household_keys(warehouse: Warehouse) -> dict[str, str]:
    """Our keys of household businesses by their codes as written: a code may be its owner's, and is shown to nobody."""
    if fetch(warehouse, "select to_regclass('intermediate.int_entities')", role=Role.TRANSFORMER).rows[0][0] is None:
        return {}
    return dict(fetch(warehouse, _HOUSEHOLDS, role=Role.TRANSFORMER).rows)


def rows_of_load(warehouse: Warehouse, form: str, load_id: int | None) -> list[Row]:
    """The rows that a load brought, as they were taken in; none for None."""
    if load_id is None:
        return []
    sql = f"select * from raw.{form} where load_id = :load_id order by source_sheet, source_row"  # noqa: S608 - ours
    return objects(fetch(warehouse, sql, {"load_id": load_id}, role=Role.LOADER))


def _moved(warehouse: Warehouse, moment: datetime, days: Sequence[date]) -> list[Row] | None:
    if fetch(warehouse, "select to_regclass('as_known.kpi_scorecard_at')", role=Role.TRANSFORMER).rows[0][0] is None:
        return None
    moved = []
    for day in days:
        before, after = (
            {(row["kpi_code"], row["unit_code"]): row for row in objects(answer)}
            for answer in (
                fetch(warehouse, _FIGURES, role=Role.TRANSFORMER, as_of=day, known_at=known_at)
                for known_at in (moment - timedelta(microseconds=1), moment)
            )
        )
        moved += [
            {**row, "as_of": day, "before": before.get(key, {}).get("value"), "after": row["value"]}
            for key, row in after.items()
            if before.get(key, {}).get("value") != row["value"]
        ]
    return moved


def version_rows(difference: VersionDifference) -> Answer:
    """One row per change, then one per KPI, day and unit that moved, for other tools."""
    number, file = difference.submission_id, difference.submission
    replaced = ", ".join(map(str, difference.replaced))
    rows: list[tuple[Any, ...]] = [
        (
            *(number, replaced, file.unit_code, change.form, " | ".join(change.key), _kind(change), change.column),
            *(
                change.before,
                change.after,
                *(change.place_before or (None, None)),
                *(change.place_after or (None, None)),
            ),
            *(None, None, None),
        )
        for change in difference.changes
    ]
    rows += [
        (
            *(number, replaced, figure["unit_code"], None, None, "kpi", None, figure["before"], figure["after"]),
            *(None, None, None, None, figure["kpi_code"], figure["as_of"], figure["unit_name"]),
        )
        for figure in difference.figures or ()
    ]
    return Answer(CHANGE_COLUMNS, tuple(rows))


def change_sheet(found: Sequence[Change], title: str) -> Sheet:
    """The first changes, for people: what, where, before and after."""
    rows: list[list[str | None]] = [
        [
            f"{_FORMS[change.form].sheet}: {' | '.join(change.key)}",
            _FORMS[change.form].column(change.column).heading if change.column else _WORDS[_kind(change)],
            show(change.before),
            show(change.after),
            _places(change),
        ]
        for change in found[:SHOWN_CHANGES]
    ]
    if len(found) > SHOWN_CHANGES:
        rows.append([f"… và {len(found) - SHOWN_CHANGES} thay đổi nữa (--format json)", None, None, None, None])
    return Sheet(title, ("Biểu: khóa", "Cột", "Trước", "Sau", "Vị trí"), rows)


def figure_sheet(difference: VersionDifference) -> Sheet:
    """The KPIs that moved, for people."""
    rows: list[list[str | None]] = [
        [
            f"{figure['kpi_name_vi']}, {figure['unit_name']}",
            f"{figure['as_of']:%d/%m/%Y}",
            *_told_apart(figure),
        ]
        for figure in difference.figures or ()
    ]
    return Sheet("Chỉ tiêu thay đổi", ("Chỉ tiêu, đơn vị", "Đến ngày", "Trước", "Sau"), rows)


def _told_apart(figure: Row) -> list[str]:
    """Before and after as the scorecard words them; with more digits where that would be the same."""
    before, after = figure["before"], figure["after"]
    words = [worded(value, figure["measure_unit"], Language.VI) or "–" for value in (before, after)]
    return words if words[0] != words[1] else [grouped(before, _MORE_DIGITS), grouped(after, _MORE_DIGITS)]


def version_notes(difference: VersionDifference) -> Iterator[str]:
    """Whose file it is and what it replaced; what could not be compared."""
    file = difference.submission
    moment = f"{file.received_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    yield f"Số {difference.submission_id}: {file.inbox_path}, đơn vị {file.unit_code or '?'}, nhận lúc {moment}."
    if difference.replaced:
        yield f"Thay thế số {', '.join(map(str, difference.replaced))}."
    elif file.source == "ecommerce_sales":
        yield "Đơn hàng không thay thế cả tệp: từng dòng đơn lấy theo tệp mới nhất."
    else:
        yield "Không thay thế tệp nào."
    if difference.replaced and not difference.changes:
        yield "Không có giá trị nào thay đổi."
    if difference.figures is None:
        yield "Chưa tính chỉ tiêu nào ở đây; hãy chạy `ocop run`."
    elif not difference.figures:
        yield "Không có chỉ tiêu nào thay đổi vào cuối kỳ và cuối tháng trước."


_MORE_DIGITS = 6
_WORDS = {"added": "(dòng mới)", "removed": "(dòng bị bỏ)"}


def _kind(change: Change) -> str:
    if change.column:
        return "changed"
    return "added" if change.place_before is None else "removed"


def _places(change: Change) -> str:
    before, after = (_shown(place) if place else "" for place in (change.place_before, change.place_after))
    return " → ".join(place for place in (before, after) if place)


def _shown(place: Place) -> str:
    return f"{place[0]}:{place[1]}"
