"""Dagster's run history: in the home, in SQLite quick enough for a night of a thousand events, or on a server.

Belongs here: where it is and how it is connected to. Stays out: what is written there, which is Dagster's business.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from ocop_pipeline.errors import OcopError
from ocop_pipeline.settings import Settings

DAGSTER_URL = "OCOP_DAGSTER_URL"
"""Where dagster.yaml finds the URL of its server: the file itself holds no password."""
_BUSY_SECONDS = 60
_CONNECTING_SECONDS = 10


class HistoryError(OcopError):
    """Dagster's history cannot be opened; one line that says why and what to do."""


@contextmanager
def run_history(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The history of this home, as its dagster.yaml says; a HistoryError when it cannot be reached or written.

    Dagster reads the server's URL from the environment alone, in this process and in those that it starts.
    """
    if settings.dagster_url:
        os.environ[DAGSTER_URL] = settings.dagster_url.get_secret_value()
        _require_reachable(os.environ[DAGSTER_URL])
    elif DAGSTER_URL in (settings.dagster_home / "dagster.yaml").read_text():
        message = (
            f"the history of this home's runs is on a server: set {DAGSTER_URL}, or take `storage` out of dagster.yaml"
        )
        raise HistoryError(message)
    try:
        with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
            yield instance
    except (SQLAlchemyError, sqlite3.Error) as error:
        message = f"Dagster's history in {settings.dagster_home} cannot be written: {_said(error)}; see `ocop doctor`"
        raise HistoryError(message) from error


def _require_reachable(url: str) -> None:
    """Dagster itself would try for long, and end without the reason."""
    try:
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _CONNECTING_SECONDS})
        engine.connect().close()
    except SQLAlchemyError as error:
        message = f"the history of runs cannot be reached, look at {DAGSTER_URL}: {_said(error)}"
        raise HistoryError(message) from None


def _said(error: Exception) -> str:
    """Without the statement and what was to be written."""
    return " ".join(str(getattr(error, "orig", None) or error).split())


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
