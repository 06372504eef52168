"""Numbers and moments of the ledger, given out one transaction at a time.

Belongs here: the publish lock and what may only be done while holding it. Stays out: what is written (`ledger`,
`withdrawals`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, text

from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.server import Role, Warehouse

_PUBLISH_LOCK = 4_553_002


@contextmanager
def publishing(warehouse: Warehouse) -> Iterator[Connection]:
    """A transaction as the loader that no other one of its kind runs beside; a WarehouseError undoes it."""
    with one_line_errors(), warehouse.engine(Role.LOADER).begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _PUBLISH_LOCK})
        yield connection


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
