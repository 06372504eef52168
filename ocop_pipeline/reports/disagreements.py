"""Where the sources disagree: listed for people, and as a workbook for each unit that must answer.

Belongs here: choosing from the mart, wording, and which workbooks lie in the outbox. Stays out: finding disagreements
(dbt), when workbooks are written (`defs`), and their layout (`disagreement_workbook`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ocop_pipeline.reports.disagreement_workbook import FILE_NAME, disagreement_workbook
from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.outbox import Outbox
from ocop_pipeline.settings import Settings
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

_LISTED = """
select
    rule_code, importance, unit_code, unit_name, subject_kind, subject_key, subject_name, period_from, period_to,
    left_measure, left_value, operator, right_measure, right_value, difference, relative_difference,
    allowed_difference, measure_unit, is_suppressed, as_of_date as as_of, stands_since_date as stands_since, age_days,
    left_file_name as left_file, left_source_sheet as left_sheet, left_source_row as left_row, left_row_count,
    right_file_name as right_file, right_source_sheet as right_sheet, right_source_row as right_row, right_row_count,
    rule_name_vi, rule_name_en
from marts.fct_disagreements
where (cast(:unit as text) is null or :unit in (unit_code, territory_code))
    and (cast(:rule as text) is null or rule_code = :rule)
order by sort_order, unit_code, subject_name, subject_key, period_from
"""
# Who must answer sent these figures itself: in its workbook those about people stand too.
_TO_ANSWER = """
select
    d.unit_code, d.unit_name, d.subject_name, d.subject_key, d.period_from, d.period_to, d.operator, d.importance,
    d.stands_since_date, d.rule_name_vi, d.to_do_vi, d.left_name_vi, d.right_name_vi, i.left_value, i.right_value,
    i.difference, d.left_file_name, d.left_source_sheet, d.left_source_row, d.left_row_count, d.right_file_name,
    d.right_source_sheet, d.right_source_row, d.right_row_count
from marts.fct_disagreements as d
inner join intermediate.int_disagreements as i using (rule_code, subject_key, period_from, period_to)
order by d.unit_code, d.period_from, d.period_to, d.sort_order, d.subject_name, d.subject_key
"""
HEADINGS = {
    "en": ("What", "Who answers", "About", "Period", "Left side", "Right side", "Days"),
    "vi": ("Chênh lệch", "Ai trả lời", "Về", "Kỳ", "Vế trái", "Vế phải", "Số ngày"),
}
_NONE = {"en": "No sources disagree.", "vi": "Các nguồn không có chênh lệch."}
_HIDDEN = "•••"


def disagreements_of(
    warehouse: Warehouse, as_of: date | None = None, unit_code: str | None = None, rule: str | None = None
) -> Answer:
    """One row per disagreement that stands on the day (today for None); figures about people are null.

    `unit_code` is who must answer, or the district of what it is about.
    """
    return fetch(warehouse, _LISTED, {"unit": unit_code, "rule": rule}, as_of=as_of)


def disagreement_table(answer: Answer, lang: str) -> list[Sequence[Any]]:
    """The rows of `disagreements_of` worded for people, under HEADINGS[lang]."""
    return [_row(row, lang) for row in objects(answer)]


def no_disagreements(lang: str) -> str:
    """The sentence that stands for an empty answer."""
    return _NONE[lang]


def write_disagreements(warehouse: Warehouse, settings: Settings) -> Outbox:
    """Bring the workbooks up to the warehouse: one per unit and period, gone when nothing is left to answer.

    A file is written only when what it says changes. What cannot be written stops nothing.
    """
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in objects(fetch(warehouse, _TO_ANSWER, role=Role.TRANSFORMER)):
        path = f"{row['unit_code']}/{period_label(row).replace('/', '_')}/{FILE_NAME}"
        grouped.setdefault(path, []).append(row)
    outbox = Outbox(settings.outbox)
    for path, rows in grouped.items():
        unit = rows[0]["unit_name"] or rows[0]["unit_code"]
        outbox.keep(path, disagreement_workbook, (unit, period_label(rows[0]), rows), len(rows))
    for target in sorted(settings.outbox.glob(f"*/*/{FILE_NAME}")):
        path = target.relative_to(settings.outbox).as_posix()
        if path not in grouped:
            outbox.remove(path)
    return outbox


def period_label(row: Mapping[str, Any]) -> str:
    """The period of a row as folders and tables name it: 2023-06, 2023-Q2."""
    return Period(row["period_from"], row["period_to"]).label


def _row(row: Mapping[str, Any], lang: str) -> Sequence[Any]:
    hidden = _HIDDEN if row["is_suppressed"] else None
    return (
        row[f"rule_name_{lang}"],
        row["unit_name"] or row["unit_code"],
        row["subject_name"] or row["subject_key"],
        period_label(row),
        hidden or row["left_value"],
        hidden or row["right_value"],
        row["age_days"],
    )
