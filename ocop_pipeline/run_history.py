"""Dagster's run history in SQLite, quick enough for a night of a thousand events.

Belongs here: how its files are connected to. Stays out: what is written there, which is Dagster's business.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine

_BUSY_SECONDS = 60


@contextmanager
def kept_connections(instance: dg.DagsterInstance) -> Iterator[None]:
    """Keep the instance's history open, where it is in SQLite.

    By itself Dagster makes an engine for every event, compiles the statement anew and lets SQLite clear up behind it:
    9 ms of 12, with 360 events in the quietest night.
    """
    history = instance.event_log_storage
    if not isinstance(history, SqliteEventLogStorage):
        yield
        return
    with ExitStack() as opened:

        @cache
        def engine_of(shard: str) -> Engine:
            engine = create_engine(history.conn_string_for_shard(shard), connect_args={"timeout": _BUSY_SECONDS})
            opened.callback(engine.dispose)
            history._initdb(engine)  # noqa: SLF001 - as its own _connect does
            return engine

        @contextmanager
        def connect(shard: str) -> Iterator[Connection]:
            with history._db_lock, engine_of(shard).begin() as connection:  # noqa: SLF001 - as its own
                yield connection

        history._connect = connect  # type: ignore[method-assign] # noqa: SLF001 - no setting says so
        yield
