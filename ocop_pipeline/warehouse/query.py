"""Reading the warehouse.

Belongs here: one read-only query with the session settings that the marts know. Stays out: which query.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from threading import Timer
from typing import Any

from sqlalchemy import Connection, text

from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.server import LONGEST_READ, Role, Warehouse

_GRACE_SECONDS = 5


@dataclass(frozen=True)
class Answer:
    """The columns of a query and its rows; both empty for a statement that returns nothing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def fetch(
    warehouse: Warehouse,
    sql: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    role: Role | None = Role.READER,
    as_of: date | None = None,
    known_at: datetime | None = None,
    seconds: float | None = None,
) -> Answer:
    """Run one query in a read-only transaction as `role`.

    `parameters` bind `:name` in the SQL; without any the SQL is sent as it stands. `as_of` is the day that
    the KPI views compute, `known_at` the moment whose knowledge the functions of `as_known` show; `seconds` is how long
    the server may take, where that is less than the role may. A WarehouseError is the server's own sentence.
    """
    settings = {
        "ocop.as_of": "" if as_of is None else as_of.isoformat(),
        "ocop.known_at": "" if known_at is None else known_at.isoformat(),
        "statement_timeout": "" if seconds is None else f"{1000 * seconds:.0f}ms",
    }
    with one_line_errors(), warehouse.engine(role).connect() as connection, _in_time(connection, role):
        for name, value in settings.items():
            if value:
                connection.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})
        connection.exec_driver_sql("set transaction read only")
        if parameters is None:
            result = connection.execution_options(no_parameters=True).exec_driver_sql(sql)
        else:
            result = connection.execute(text(sql), parameters)
        if not result.returns_rows:
            return Answer((), ())
        return Answer(tuple(result.keys()), tuple(tuple(row) for row in result))


@contextmanager
def _in_time(connection: Connection, role: Role | None) -> Iterator[None]:
    """Cancel what a reader asks when it takes too long, also where the SQL itself has lifted the session's limit."""
    longest = LONGEST_READ.get(role) if role else None
    if longest is None:
        yield
        return
    driver: Any = connection.connection.driver_connection
    timer = Timer(longest + _GRACE_SECONDS, driver.cancel)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
