"""What is wrong with what has been sent, as the ledger stands: the basis of the ingest checks.

A check tells the state, not the last run: a rejected file or row stays red over nights without new files, until
a file replaced it. So nothing here depends on which run it was found in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

EXAMPLES = 10

_OPEN_FILES = """
    select s.inbox_path, s.place, s.rule, s.reason_vi, s.reason_en, s.received_at
    from ingest.open_return as r inner join ingest.submission as s using (submission_id)
    where r.source = :source and r.form is null
    order by s.submission_id desc
"""
_OPEN_ROWS = """
    from ingest.open_return as r
    inner join ingest.quarantine as q using (submission_id, form, source_sheet, source_row)
    inner join ingest.submission as s using (submission_id)
    where r.source = :source and r.form = :form
"""


@dataclass(frozen=True)
class RejectedFile:
    """A file that was rejected and that no accepted file has replaced: same name, or same unit and period."""

    inbox_path: str
    place: str | None
    rule: str | None
    reason_vi: str | None
    reason_en: str | None
    received_at: object


@dataclass(frozen=True)
class RejectedRows:
    """The quarantined rows of one form whose unit and period nobody has sent again.

    `by_rule` is (rule, rows), most frequent first; a row may break several rules. `examples` are up to ten rows:
    file, sheet, row, rules, reason_vi, reason_en.
    """

    total: int
    by_rule: Sequence[tuple[str, int]]
    examples: Sequence[Sequence[Any]]


def rejected_files(warehouse: Warehouse, source: str) -> list[RejectedFile]:
    """The source's open file rejections, newest first."""
    found = fetch(warehouse, _OPEN_FILES, {"source": source}, role=Role.LOADER)
    return [RejectedFile(*row) for row in found.rows]


def rejected_rows(warehouse: Warehouse, source: str, form: str) -> RejectedRows:
    """The form's open row rejections."""
    parameters = {"source": source, "form": form}
    total = int(fetch(warehouse, f"select count(*) {_OPEN_ROWS}", parameters, role=Role.LOADER).rows[0][0])
    if not total:
        return RejectedRows(0, (), ())
    by_rule = f"""
        select rule, count(*) from (select q.rules {_OPEN_ROWS}) as open_rows
        cross join lateral unnest(open_rows.rules) as rule group by rule order by count(*) desc, rule
    """  # noqa: S608 - a text of this module
    examples = f"""
        select s.inbox_path, q.source_sheet, q.source_row, array_to_string(q.rules, ', '), q.reasons_vi, q.reasons_en
        {_OPEN_ROWS} order by submission_id desc, q.source_sheet, q.source_row limit {EXAMPLES}
    """
    rules = fetch(warehouse, by_rule, parameters, role=Role.LOADER).rows
    rows = fetch(warehouse, examples, parameters, role=Role.LOADER).rows
    return RejectedRows(total, [(rule, int(count)) for rule, count in rules], rows)


def received_count(warehouse: Warehouse, source: str) -> int:
    """Files ever received from the source, whatever became of them."""
    sql = "select count(*) from ingest.submission where source = :source"
    return int(fetch(warehouse, sql, {"source": source}, role=Role.LOADER).rows[0][0])
