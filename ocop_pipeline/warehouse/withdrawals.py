"""Taking one file back: its rows stop counting, and those it had replaced count again.

Belongs here: writing that. Stays out: taking files in (`ledger`); nothing is ever deleted.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from ocop_pipeline.vietnamese.personal import hide_personal
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.numbering import next_moment, next_position, publishing
from ocop_pipeline.warehouse.server import Warehouse

_STATE = """
select s.inbox_path, s.outcome, st.state from ingest.submission as s
inner join ingest.submission_state as st on st.submission_id = s.submission_id where s.submission_id = :number
"""
_CURRENT = """
select load_id, form, unit_code, period_from, period_to, is_superseding from ingest.load
where submission_id = :number and known_to is null order by load_id
"""
_LAST_BEFORE = """
select load_id, submission_id, source, row_count from ingest.load
where form = :form and unit_code = :unit_code and is_superseding and rows_of is null
    and period_from is not distinct from cast(:period_from as date)
    and period_to is not distinct from cast(:period_to as date)
    and submission_id not in (select submission_id from ingest.withdrawal)
order by load_id desc limit 1
"""
_REOPEN = """
insert into ingest.load (
    load_id, submission_id, source, form, unit_code, period_from, period_to, known_from, row_count, is_superseding,
    rows_of
)
select
    :new_id, submission_id, source, form, unit_code, period_from, period_to, :moment, row_count, is_superseding, load_id
from ingest.load where load_id = :load_id
"""


class WithdrawalError(WarehouseError):
    """There is nothing to withdraw; one line that says why."""


@dataclass(frozen=True)
class Withdrawal:
    """What was withdrawn and which files' rows count again in its place: submission and form."""

    submission_id: int
    inbox_path: str
    withdrawn_at: datetime
    counts_again: tuple[tuple[int, str], ...]


def withdraw(warehouse: Warehouse, submission_id: int, reason: str) -> Withdrawal:
    """Take an accepted file back, in one transaction.

    Per form, unit and period the last accepted version that was not withdrawn counts again. What was known before
    stays known of its time. A WithdrawalError for a file that brought nothing or was withdrawn already.
    """
    reason = hide_personal(reason.strip())
    if not reason:
        message = "say why: the reason is kept in the ledger"
        raise WithdrawalError(message)
    with publishing(warehouse) as connection:
        inbox_path = _require_withdrawable(connection, submission_id)
        moment, position = next_moment(connection), next_position(connection)
        connection.execute(
            text(
                "insert into ingest.withdrawal (submission_id, position, withdrawn_at, reason) "
                "values (:number, :position, :moment, :reason)"
            ),
            {"number": submission_id, "position": position, "moment": moment, "reason": reason},
        )
        counts_again = _close_and_reopen(connection, submission_id, moment)
    return Withdrawal(submission_id, inbox_path, moment, counts_again)


def _require_withdrawable(connection: Connection, submission_id: int) -> str:
    found = connection.execute(text(_STATE), {"number": submission_id}).mappings().one_or_none()
    if found is None:
        message = f"there is no submission {submission_id}; `ocop submissions` lists them"
        raise WithdrawalError(message)
    if found["state"] == "withdrawn":
        message = f"submission {submission_id} ({found['inbox_path']}) was withdrawn already"
        raise WithdrawalError(message)
    if found["outcome"] in {"rejected", "duplicate"}:
        message = f"submission {submission_id} ({found['inbox_path']}) brought no rows: it is {found['outcome']}"
        raise WithdrawalError(message)
    return str(found["inbox_path"])


def _close_and_reopen(connection: Connection, submission_id: int, moment: datetime) -> tuple[tuple[int, str], ...]:
    counts_again = []
    for load in connection.execute(text(_CURRENT), {"number": submission_id}).mappings().all():
        before = connection.execute(text(_LAST_BEFORE), dict(load)).mappings().one_or_none()
        new_id = None
        if load["is_superseding"] and before is not None:
            new_id = next_position(connection)
            counts_again.append((int(before["submission_id"]), str(load["form"])))
        connection.execute(
            text("update ingest.load set known_to = :moment, closed_by = :new_id where load_id = :load_id"),
            {"moment": moment, "new_id": new_id, "load_id": load["load_id"]},
        )
        if new_id is not None and before is not None:
            connection.execute(text(_REOPEN), {"new_id": new_id, "moment": moment, "load_id": before["load_id"]})
    return tuple(counts_again)
