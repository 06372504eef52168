"""Nights in processes of their own that can be killed or frozen at any step.

Belongs here: starting them, and stopping them where a test wants to. Stays out: what is then expected.

A step is whatever a night changes in the world outside its process: a statement that is no question, a commit, a file
written, renamed or removed. They are counted inside the process, so a test need not guess when to strike.
"""

import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import psycopg2.extensions

from ocop_pipeline.errors import OcopError
from ocop_pipeline.settings import Settings

_FILE_STEPS = {"os.rename": 1, "os.remove": 0, "os.mkdir": 0, "open": 0}
_FOLDERS = ("inbox", "outbox", "archive")
_QUESTION = re.compile(r"(/\*.*?\*/)?\s*(select|set|show|with)\b", re.DOTALL | re.IGNORECASE)
STEPS = "steps.txt"
"""In the home of a night that counted: a line per step."""
_LOG = "night.txt"


@dataclass(frozen=True)
class Trip:
    """Where a night stops itself by a signal: at the step of that number, or at the n-th that says so."""

    number: int
    saying: str = ""
    signal: int = signal.SIGKILL


def begin_night(settings: Settings, trip: Trip | None = None, **environment: str) -> BaseProcess:
    """A night on that home, begun. Its exit code is 0 or 1; what it printed is `said`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ocop_pipeline.runs", "dbt.cli.main", "great_expectations", "psutil"])
    process = context.Process(target=_night, args=(settings, trip, environment))
    process.start()
    return process


def spend_night(settings: Settings, trip: Trip | None = None, **environment: str) -> int | None:
    """The exit code of a night; of a killed one the signal's negative."""
    process = begin_night(settings, trip, **environment)
    process.join(180)
    assert process.exitcode is not None, "the night does not end"
    return process.exitcode


def said(settings: Settings) -> str:
    """How the last night ended, in its own words."""
    return (settings.root / _LOG).read_text(encoding="utf-8")


def wait_until_frozen(process: BaseProcess) -> None:
    """Return when the night has stopped itself by SIGSTOP."""
    one = psutil.Process(process.pid)
    wait_until(lambda: one.status() in {psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE})
    assert process.is_alive(), "the night ended before it came to that step"


def wait_until(is_so: Callable[[], bool], seconds: float = 90) -> None:
    """Return when it is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be in time"
        time.sleep(0.05)


def _night(settings: Settings, trip: Trip | None, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    time.tzset()
    from ocop_pipeline.runs import RunResult, refresh

    steps = _Steps(settings.root, trip)
    steps.watch()
    try:
        result = refresh(settings, lambda _: None)
    except OcopError as error:
        # The command says it as it is.
        result = RunResult("", success=False, message=str(error))
    (settings.root / _LOG).write_text(f"{result.failed_step}: {result.message}", encoding="utf-8")
    (settings.root / STEPS).write_text("\n".join(steps.seen), encoding="utf-8")
    sys.exit(0 if result.success else 1)


class _Steps:
    """The steps of this process; at the one of the trip it stops itself."""

    def __init__(self, home: Path, trip: Trip | None) -> None:
        self.seen: list[str] = []
        self._matching = 0
        self._trip = trip
        self._home = str(home)
        self._roots = tuple(str(home / folder) for folder in _FOLDERS)

    def watch(self) -> None:
        sys.addaudithook(self._on_event)
        connect = psycopg2.connect
        psycopg2.connect = lambda *a, **kw: connect(*a, **{**kw, "connection_factory": _connection(self.step)})

    def step(self, what: str) -> None:
        self.seen.append(" ".join(what.replace(self._home, "~").split())[:400])
        if self._trip is not None and self._trip.saying in self.seen[-1]:
            self._matching += 1
            if self._matching == self._trip.number:
                os.kill(os.getpid(), self._trip.signal)

    def _on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _FILE_STEPS:
            return
        path = str(arguments[_FILE_STEPS[event]])
        if path.startswith(self._roots) and (event != "open" or "r" not in str(arguments[1] or "r")):
            self.step(f"{event} {path}")


def _connection(step: Callable[[str], None]) -> type[psycopg2.extensions.connection]:
    class Cursor(psycopg2.extensions.cursor):
        def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002, ANN401 - psycopg2's names
            if not _QUESTION.match(str(query)):
                step(str(query))
            super().execute(query, vars)

        def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:  # noqa: ANN401
            step(str(sql))
            super().copy_expert(sql, file, size)

    class Connection(psycopg2.extensions.connection):
        def cursor(self, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401
            return super().cursor(*arguments, **{"cursor_factory": Cursor, **more})

        def commit(self) -> None:
            step("commit")
            super().commit()
            step("committed")

    return Connection
