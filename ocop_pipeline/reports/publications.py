"""What has moved since a scorecard was published, and because of which files.

Belongs here: putting figure, cause and definition together, and wording them. Stays out: what was frozen, and
finding what differs (`warehouse.publications`).
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.scorecard_sheet import Sheet
from ocop_pipeline.reports.wording import Language, counted, worded, worded_difference
from ocop_pipeline.warehouse.publications import (
    Publication,
    built_from,
    moved_contributions,
    moved_definitions,
    moved_figures,
    publication,
    taken_in_since,
)
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Warehouse

FLAT_COLUMNS = (
    *("publication_id", "kpi", "as_of", "unit_code", "unit_name", "then", "now", "change", "target_then", "target_now"),
    *("submission_id", "file", "received_at", "numerator_then", "numerator_now", "denominator_then", "denominator_now"),
)

SHOWN_FILES = 20

Row = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """A publication against the same day's figures of now.

    `figures` are those that moved, each with its `because`: the files that give more or less than they did, and those
    that made them. `by` is the kind of their units; `others_moved`, whether a value of the other kind has moved.
    `files` were taken in since: one of them can make rows of an older file count.
    """

    published: Publication
    by: str
    position_now: int
    project_changed: bool
    figures: Sequence[Row]
    others_moved: bool
    files: Sequence[Row]
    definitions: Sequence[Row]


def publication_sheet(publications: Sequence[Row]) -> Sheet:
    """The publications for people; the project's fingerprint is left to other tools."""
    columns = ("publication", "as of", "published at", "as known at", "ledger position", "note")
    rows = [
        (
            *(str(row["publication_id"]), f"{row['as_of_date']:%d/%m/%Y}"),
            *(f"{row[name]:%d/%m/%Y %H:%M}" for name in ("published_at", "known_at")),
            *(str(row["ledger_position"]), row["note"]),
        )
        for row in publications
    ]
    return Sheet("Published scorecards: ocop scorecard --published ID, what has moved since: --diff ID", columns, rows)


def difference_of(warehouse: Warehouse, publication_id: int, by: str) -> Difference:
    """What has moved since; `by` is "province" or "district". A PublicationError when there is no such publication."""
    published = publication(warehouse, publication_id)
    project_now, position_now = built_from(warehouse)
    kind = "select unit_code from marts.dim_unit where unit_kind = :kind"
    units = {row[0] for row in fetch(warehouse, kind, {"kind": by}).rows}
    causes: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for cause in objects(moved_contributions(warehouse, published)):
        causes[cause.pop("kpi_code"), cause.pop("unit_code")].append(cause)
    moved = objects(moved_figures(warehouse, published))
    files = objects(taken_in_since(warehouse, published))
    return Difference(
        published,
        by,
        position_now,
        project_now != published.project_fingerprint,
        [
            {**row, "because": _because(row, causes[row["kpi_code"], row["unit_code"]], files)}
            for row in moved
            if row["unit_code"] in units
        ],
        any(_has_moved(row) for row in moved if row["unit_code"] not in units),
        files,
        objects(moved_definitions(warehouse, published)),
    )


def difference_rows(difference: Difference) -> Answer:
    """One row per moved figure and file behind it, for other tools; a figure that no file moved has one row."""
    published = difference.published
    rows = []
    for figure in difference.figures:
        start = (
            *(published.publication_id, figure["kpi_code"], published.as_of_date, figure["unit_code"]),
            *(figure["unit_name"], figure["value_then"], figure["value_now"], _change(figure)),
            *(figure["target_then"], figure["target_now"]),
        )
        names = FLAT_COLUMNS[len(start) :]
        rows += [(*start, *(cause.get(name) for name in names)) for cause in figure["because"] or [{}]]
    return Answer(FLAT_COLUMNS, tuple(rows))


def difference_sheet(difference: Difference, language: Language) -> Sheet:
    """Per moved figure then, now and change, and below it each file with what it gave then and gives now."""
    published, vi = difference.published, language is Language.VI
    rows: list[list[str | None]] = []
    for figure in moved_values(difference):
        name, unit = figure["kpi_name_vi" if vi else "kpi_name_en"], figure["measure_unit"]
        then, now = (worded(figure[key], unit, language) or "–" for key in ("value_then", "value_now"))
        change = _signed(worded_difference(_change(figure), unit, language))
        rows.append([f"{name}, {figure['unit_name']}", then, now, change])
        rows += [_cause_row(cause, language) for cause in figure["because"]]
    day, number = f"{published.as_of_date:%d/%m/%Y}", published.publication_id
    if vi:
        title = f"Thay đổi từ lần công bố {number}, đến ngày {day}"
        return Sheet(title, ("Chỉ tiêu, đơn vị / tệp", "Khi công bố", "Hiện nay", "Thay đổi"), rows)
    title = f"What has moved since publication {number}, as of {day}"
    return Sheet(title, ("KPI, unit / file", "Then", "Now", "Change"), rows)


def moved_values(difference: Difference) -> list[Row]:
    """The figures that are others now; a target that alone has moved stands among the definitions."""
    return [figure for figure in difference.figures if _has_moved(figure)]


def files_sheet(difference: Difference, language: Language) -> Sheet:
    """The first files taken in since the publication, and how many more there are."""
    vi, more = language is Language.VI, len(difference.files) - SHOWN_FILES
    rows: list[list[str | None]] = [
        [str(file["submission_id"]), file["file"], f"{file['received_at']:%d/%m/%Y %H:%M}"]
        for file in difference.files[:SHOWN_FILES]
    ]
    if more > 0:
        count = counted(more, language)
        rows.append(["…", f"và {count} tệp nữa" if vi else f"and {count} more", None])
    if vi:
        return Sheet("Tệp đã nhận từ lần công bố", ("Số", "Tệp", "Nhận lúc"), rows)
    return Sheet("Files taken in since", ("Number", "File", "Received at"), rows)


def difference_notes(difference: Difference, language: Language) -> list[str]:
    """The ledger then and now, and whether definitions, targets or parameters have changed."""
    then, now, vi = difference.published.ledger_position, difference.position_now, language is Language.VI
    moment = f"{difference.published.published_at:%d/%m/%Y %H:%M}"
    found = [] if moved_values(difference) else [_nothing_moved(difference, language)]
    found.append(
        f"Công bố lúc {moment} tại vị trí sổ cái {then}; hiện nay {now}."
        if vi
        else f"Published on {moment} at ledger position {then}; now {now}."
    )
    found += [_definition_note(row, language) for row in difference.definitions]
    if not difference.definitions:
        found.append(
            "Định nghĩa, mục tiêu và tham số không đổi." if vi else "Definitions, targets and parameters are the same."
        )
    if difference.project_changed:
        found.append(
            "Dự án (SQL hoặc dữ liệu tham chiếu) đã thay đổi."
            if vi
            else "The project (SQL or reference data) is another."
        )
    return found


def _nothing_moved(difference: Difference, language: Language) -> str:
    """That nothing has; or that nothing of these units has, and how to see what has."""
    vi = language is Language.VI
    if not difference.others_moved:
        return "Không có số liệu nào thay đổi." if vi else "No figure has moved."
    if difference.by == "province":
        return (
            "Không có số liệu nào của tỉnh thay đổi; --by district cho thấy số liệu nào của huyện đã thay đổi."
            if vi
            else "No figure of the province has moved; --by district shows which of the districts' have."
        )
    return (
        "Không có số liệu nào của huyện thay đổi; --by province cho thấy số liệu nào của tỉnh đã thay đổi."
        if vi
        else "No figure of a district has moved; --by province shows which of the province's have."
    )


def _definition_note(row: Row, language: Language) -> str:
    """The columns of a definition that changed, then and now; or that it is new or gone."""
    vi, then, now = language is Language.VI, row["definition_then"], row["definition_now"]
    what = f"{row['kind']} {row['name']}"
    if then is None or now is None:
        was_added = then is None
        return f"{what}: {('mới' if was_added else 'đã bỏ') if vi else ('new' if was_added else 'gone')}"
    columns = sorted(column for column in {*then, *now} if then.get(column) != now.get(column))
    return f"{what}: " + "; ".join(f"{name} {_json(then.get(name))} → {_json(now.get(name))}" for name in columns)


def _cause_row(cause: Row, language: Language) -> list[str | None]:
    """A file and its parts, where they may be told; a ratio's with what they are divided by."""
    file = f"  {cause['file']} (#{cause['submission_id']}, {cause['received_at']:%d/%m/%Y %H:%M})"
    if "numerator_now" not in cause:
        return [file, None, None, None]
    then, now = (_part(cause, moment, language) for moment in ("then", "now"))
    change = (cause["numerator_now"] or 0) - (cause["numerator_then"] or 0)
    return [file, then, now, _signed(counted(change, language)) if change else None]


def _because(figure: Row, causes: Sequence[Row], files: Sequence[Row]) -> list[Row]:
    """The files behind a figure, without what would tell a hidden one or, about people, a single entity's.

    Where only older files give more or less, a new one of the same sender says why (a revocation gives nothing itself):
    those go first, without a part.
    """
    if figure["is_suppressed"]:
        return []
    new = {file["submission_id"]: file for file in files}
    led_by: list[Row] = []
    if not any(cause["submission_id"] in new for cause in causes):
        senders = {cause["sent_by"] for cause in causes}
        led_by = [_named(file) for file in files if file["unit_code"] in senders][:SHOWN_FILES]
    return [*led_by, *(map(_named, causes) if figure["is_about_people"] else causes)]


def _named(file: Row) -> Row:
    return {name: file[name] for name in ("submission_id", "file", "received_at")}


def _has_moved(figure: Row) -> bool:
    return bool(figure["value_then"] != figure["value_now"])


def _part(cause: Row, moment: str, language: Language) -> str:
    numerator, denominator = cause[f"numerator_{moment}"], cause[f"denominator_{moment}"]
    if numerator is None and denominator is None:
        return "–"
    over = "" if denominator is None else f" / {counted(denominator, language)}"
    return f"{counted(numerator or 0, language)}{over}"


def _change(figure: Row) -> Any:  # noqa: ANN401 - a number or nothing
    then, now = figure["value_then"], figure["value_now"]
    return None if then is None or now is None else now - then


def _signed(difference: str | None) -> str | None:
    return difference if difference is None or difference.startswith("-") else f"+{difference}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
