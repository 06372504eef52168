"""Numbers and moments of the ledger, given out one transaction at a time.

Belongs here: the publish lock and what may only be done while holding it, and which run may publish. Stays out: what is
written (`ledger`, `withdrawals`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from ocop_pipeline.warehouse.errors import WarehouseError, one_line_errors
from ocop_pipeline.warehouse.server import Role, Warehouse

_PUBLISH_LOCK = 4_553_002


@dataclass(frozen=True)
class Attempt:
    """A run's beginning to take in the files of a source. Attempts at a source are numbered from 1.

    `emptied_at` is when the last one began that took in all that lay in the inbox.
    """

    source: str
    number: int
    emptied_at: datetime | None


def begin_attempt(warehouse: Warehouse, source: str, run_id: str) -> Attempt:
    """Begin to take in the source's files. From here on no earlier attempt publishes any more, should one wake up."""
    with publishing(warehouse) as connection:
        found = connection.execute(
            text(
                # What was taken in before attempts were noted had emptied the inbox.
                "insert into ingest.attempt (source, number, run_id, started_at, emptied_at) "
                "select :source, 1, :run_id, clock_timestamp(), max(received_at) from ingest.submission "
                "where source = :source on conflict (source) do update set "
                "number = attempt.number + 1, run_id = excluded.run_id, started_at = excluded.started_at "
                "returning number, emptied_at"
            ),
            {"source": source, "run_id": run_id},
        )
        row = found.one()
        return Attempt(source, row.number, row.emptied_at)


def end_attempt(warehouse: Warehouse, attempt: Attempt) -> None:
    """All that lay in the inbox when the attempt began was taken in."""
    with publishing(warehouse, attempt) as connection:
        connection.execute(
            text("update ingest.attempt set emptied_at = started_at where source = :source"), {"source": attempt.source}
        )


@contextmanager
def publishing(warehouse: Warehouse, attempt: Attempt | None = None) -> Iterator[Connection]:
    """A transaction as the loader that no other one of its kind runs beside; a WarehouseError undoes it.

    So does an attempt that a later one has taken over from: its run was given up, but had not ended.
    """
    with one_line_errors(), warehouse.engine(Role.LOADER).begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _PUBLISH_LOCK})
        if attempt is not None:
            _require_last(connection, attempt)
        yield connection


def _require_last(connection: Connection, attempt: Attempt) -> None:
    last = connection.execute(
        text("select number, run_id from ingest.attempt where source = :source"), {"source": attempt.source}
    ).one()
    if last.number != attempt.number:
        message = f"run {last.run_id} has taken over {attempt.source} from this one, which must not go on"
        raise WarehouseError(message)


def next_submission(connection: Connection) -> int:
    """The next file's number; a sequence's numbers would not be in the order of the commits."""
    found = connection.exec_driver_sql("select coalesce(max(submission_id), 0) + 1 from ingest.submission")
    return int(found.scalar_one())


def next_position(connection: Connection) -> int:
    """The next number in the one series of loads and withdrawals."""
    return int(connection.exec_driver_sql("select position + 1 from ingest.ledger_position").scalar_one())


def next_moment(connection: Connection) -> datetime:
    """Now, and later than all that is known, even when the clock was set back."""
    moment: datetime = connection.exec_driver_sql(
        "select greatest(clock_timestamp(), (select max(known_from) from ingest.load) + interval '1 microsecond', "
        "(select max(withdrawn_at) from ingest.withdrawal) + interval '1 microsecond')"
    ).scalar_one()
    return moment
