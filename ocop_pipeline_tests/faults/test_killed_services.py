"""A process of `ocop up` is killed while a run takes files in: what it had to do is done without anybody's help."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psutil
import psycopg2
import pytest

from ocop_pipeline.defs.jobs import JOB_NAME
from ocop_pipeline.inbox import waiting_files
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.warehouse.cluster import SUPERUSER
from ocop_pipeline.warehouse.embedded import DATABASE
from ocop_pipeline_tests.conftest import find_unused_port
from ocop_pipeline_tests.faults.conftest import Home
from ocop_pipeline_tests.faults.nights import wait_until

pytestmark = pytest.mark.faults
_LOCATIONS = "{ repositoriesOrError { ... on RepositoryConnection { nodes { location { name } } } } }"
_LAUNCH = """
mutation { launchRun(executionParams: { selector: {
    jobName: "%s", repositoryLocationName: "ocop", repositoryName: "__repository__"
} }) { __typename } }
"""
_RUNS = """
{ runsOrError(filter: {pipelineName: "%s"}) { ... on Runs { results { status } } } }
"""
VICTIMS = {
    "worker": "multiprocessing.spawn",
    "code server": "dagster api grpc",
    "daemon": "dagster._daemon",
    "ocop up": "",
}
"""Part of the command line of each; none of what started them all."""


class Services:
    """`ocop up` on a home, and its UI."""

    def __init__(self, settings: Settings) -> None:
        self._port = find_unused_port()
        arguments = ["up", "--port", str(self._port), "--bi-port", str(find_unused_port())]
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from ocop_pipeline.cli import main; main()", *arguments],
            env={**os.environ, "OCOP_HOME": str(settings.root)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: "ocop" in json.dumps(self.ask(_LOCATIONS)))

    def ask(self, query: str) -> Any:  # noqa: ANN401 - JSON
        """The UI's answer; None while it has none."""
        url, content = f"http://127.0.0.1:{self._port}/graphql", json.dumps({"query": query}).encode()
        request = urllib.request.Request(url, content, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own server
                return json.load(answer)["data"]
        except OSError:
            return None

    def is_done(self) -> bool:
        """Whether no run goes on and the last one has ended well."""
        statuses = [
            run["status"] for run in (self.ask(_RUNS % JOB_NAME) or {}).get("runsOrError", {}).get("results", [])
        ]
        return statuses[:1] == ["SUCCESS"] and set(statuses) <= {"SUCCESS", "FAILURE", "CANCELED"}

    def processes(self, command: str) -> list[psutil.Process]:
        """Those of the command lines that hold it."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if command in " ".join(child.cmdline())]


@contextmanager
def services_of(settings: Settings) -> Iterator[Services]:
    """`ocop up`, and when the block ends its end."""
    services = Services(settings)
    try:
        yield services
    finally:
        services.process.terminate()
        services.process.wait(60)


@contextmanager
def files_counted(settings: Settings) -> Iterator[Callable[[], int]]:
    """How many files the ledger knows, as the home's server tells."""
    data = settings.root / "warehouse" / "data"
    port = int((data / "postmaster.pid").read_text().splitlines()[3])
    with closing(psycopg2.connect(host=str(data), port=port, user=SUPERUSER, dbname=DATABASE)) as connection:
        connection.autocommit = True

        def count() -> int:
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from ingest.submission")
                return int((cursor.fetchone() or [0])[0])

        yield count


@pytest.mark.parametrize("victim", VICTIMS)
def test_whatever_of_the_services_is_killed_the_run_is_repeated_and_ends_well(home: Home, victim: str) -> None:
    with services_of(home.settings) as services:
        services.ask(_LAUNCH % JOB_NAME)
        with files_counted(home.settings) as count:
            wait_until(lambda: count() > 1)
            (worker,) = services.processes(VICTIMS["worker"])
            killed = services.processes(VICTIMS[victim]) if VICTIMS[victim] else [psutil.Process(services.process.pid)]
            for process in killed:
                process.kill()
            wait_until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
        if victim == "worker":
            wait_until(lambda: not waiting(home.settings) and services.is_done(), 240)
        else:
            # Without the others Dagster starts no run. It ends, and a service manager starts it again.
            assert services.process.wait(90) not in (0, None)
    if victim != "worker":
        with services_of(home.settings) as again:
            wait_until(lambda: not waiting(home.settings) and again.is_done(), 240)
    home.assert_as_undisturbed()


def waiting(settings: Settings) -> list[tuple[str, str]]:
    """The files that lie in the inbox."""
    return waiting_files(ALL_SOURCES, settings.inbox)
