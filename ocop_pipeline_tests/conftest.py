"""Fixtures that several kinds of tests share: homes and real PostgreSQL servers.

Belongs here: what opens and closes. Stays out: data of one test.
"""

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind
from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.cluster import SUPERUSER, Cluster
from ocop_pipeline.warehouse.programs import installed_programs
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Warehouse, open_warehouse
from ocop_pipeline_tests.commands import asked

TOY_FORM = Form(
    "toy_values",
    "Thử",
    "a product in the period",
    FormKind.FLOW,
    (
        Column("product_code", "Mã", "Product"),
        Column("worker_count", "Số", "Workers", ColumnType.INTEGER),
        Column("revenue_vnd", "Tiền", "Revenue, VND", ColumnType.NUMBER),
        Column("opened_date", "Ngày", "Day", ColumnType.DATE),
        Column("ordered_at", "Lúc", "Time", ColumnType.TIMESTAMP),
        Column("is_woman_led", "Nữ", "Flag", ColumnType.BOOLEAN),
        Column("commune_code", "Xã", "Commune", ColumnType.COMMUNE),
    ),
)
"""A form with a column of every type, for tests of the warehouse itself."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that every account may enter: pytest's own are private, and root's server is not root."""
    folder = Path(tempfile.mkdtemp(prefix="ocop-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def find_unused_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many of the tests that end processes and servers (`-m faults`) are run, and which."""
    parser.addoption(
        "--fault-sample", type=int, default=None, help="run so many of the fault tests, chosen by the seed"
    )
    parser.addoption("--fault-seed", type=int, default=4553, help="seed of that choice and of the points of a night")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the sample does not hold."""
    size = config.getoption("--fault-sample")
    faults = [item for item in items if item.get_closest_marker("faults")]
    if size is not None and size < len(faults):
        chosen = Random(config.getoption("--fault-seed")).sample(faults, size)  # noqa: S311
        left_out = [item for item in faults if item not in chosen]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_configure(config: pytest.Config) -> None:
    """A folder for what all workers of the test run share, until it ends."""
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="ocop-test-shared-"))
        folder.chmod(0o755)
        os.environ[_SHARED] = str(folder)
        config.add_cleanup(lambda: shutil.rmtree(folder))


_SHARED = "TEST_SHARED_FOLDER"


@contextmanager
def copied_home(name: str, fill: Callable[[Path], None]) -> Iterator[Path]:
    """A copy of the home of that name, which is filled for the first test of any worker that asks for it."""
    shared = Path(os.environ[_SHARED]) / name
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            with temporary_folder() as folder:
                fill(folder)
                copy_home(folder, shared)
    with temporary_folder() as home:
        copy_home(shared, home)
        yield home


def copy_home(home: Path, target: Path) -> None:
    """With its owners: root's server is not root."""
    subprocess.run(["cp", "--archive", "--no-target-directory", home, target], check=True)


@contextmanager
def standing_home() -> Iterator[Path]:
    """A home after a night without files: every relation is there, which takes half a minute to build."""

    def spend_first_night(home: Path) -> None:
        done = asked(home, "run")
        assert done.returncode == 0, done.stdout + done.stderr

    with copied_home("standing", spend_first_night) as home:
        yield home


@pytest.fixture
def unused_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now."""
    return find_unused_port()


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty OCOP_HOME of the test's own."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def used_home() -> Iterator[Path]:
    """A home whose warehouse has been open before; whoever opens it leaves nothing running."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def embedded_warehouse() -> Iterator[Warehouse]:
    """The embedded server in a home of the whole test run, with roles, ledger and the toy form."""
    with temporary_folder() as folder, open_warehouse(Settings(home=folder, warehouse_url=None)) as warehouse:
        initialise(warehouse, [TOY_FORM])
        yield warehouse


@pytest.fixture(scope="session")
def tcp_url() -> Iterator[str]:
    """A server that is not ours: on 127.0.0.1, with a password, for a user who owns one database."""
    password = secrets.token_urlsafe() + "/@:%"
    with temporary_folder() as folder:
        port = find_unused_port()
        cluster = Cluster(folder / "data", installed_programs())
        cluster.create("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        # It holds nothing worth keeping, and its end would take seconds.
        (cluster.data / "postgresql.auto.conf").write_text("fsync = off\n")
        address = cluster.start(port)
        try:
            inside = {"host": address.socket_folder, "port": str(port), "user": SUPERUSER, "dbname": "postgres"}
            server = Warehouse(inside, is_embedded=True)
            with server.engine(None).connect() as plain:
                connection = plain.execution_options(isolation_level="AUTOCOMMIT", no_parameters=True)
                connection.exec_driver_sql(f"create role somebody login createrole password '{password}'")
                connection.exec_driver_sql("create database theirs owner somebody")
            server.close()
            yield f"postgresql://somebody:{quote(password, safe='')}@127.0.0.1:{port}/theirs"
        finally:
            cluster.stop()


@pytest.fixture(scope="session")
def tcp_warehouse(tcp_url: str) -> Iterator[Warehouse]:
    """The same programs, reached over TCP through a URL with a password."""
    with open_warehouse(Settings(warehouse_url=tcp_url)) as warehouse:
        initialise(warehouse, [TOY_FORM])
        yield warehouse


@pytest.fixture(params=["embedded_warehouse", "tcp_warehouse"])
def any_warehouse(request: pytest.FixtureRequest) -> Warehouse:
    """Each kind of server in turn, its ledger and toy rows gone."""
    warehouse: Warehouse = request.getfixturevalue(request.param)
    empty(warehouse)
    return warehouse


@pytest.fixture
def warehouse(embedded_warehouse: Warehouse) -> Warehouse:
    """The embedded server, its ledger and toy rows gone."""
    empty(embedded_warehouse)
    return embedded_warehouse


def empty(warehouse: Warehouse) -> None:
    """Take every row out of the ledger and the toy form."""
    with warehouse.engine(None).begin() as connection:
        ledger = (
            *("attempt", "correction", "deleted_copy", "withdrawal", "quarantine", "repair", "load", "submission"),
        )
        for table in (f"raw.{TOY_FORM.name}", *(f"ingest.{name}" for name in ledger)):
            connection.exec_driver_sql(f"delete from {table}")  # noqa: S608


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a server account of its own")
