"""One embedded server for every process of a home, gone with the last of them, however it went."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg2
import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.bi_access import BiAccess, allow_bi_access
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Role, open_warehouse
from ocop_pipeline_tests.conftest import as_root

USER_OF_THE_HOME = """
import signal, sys
from pathlib import Path
from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.server import open_warehouse

# A test run that was started in the background ignores SIGINT, and after a run of Dagster SIGTERM as well.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
with open_warehouse(Settings(home=Path(sys.argv[1]), warehouse_url=None)) as warehouse:
    with warehouse.engine(None).connect() as connection:
        print(connection.exec_driver_sql("select 'open'").scalar(), flush=True)
        sys.stdin.read()
"""


@contextmanager
def another_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that opens the home's warehouse and keeps it open until its input ends."""
    command = [sys.executable, "-W", "error", "-c", USER_OF_THE_HOME, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def wait_until_open(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=10)
    assert process.returncode == 0


def processes_of(home: Path) -> list[str]:
    """The command lines of living processes that name the home, other than those of this test."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text(errors="replace")
        except OSError:
            continue
        if str(home) in command and USER_OF_THE_HOME[:20] not in command:
            found.append(command.replace("\0", " "))
    return found


def assert_nothing_is_left_running(home: Path) -> None:
    deadline = time.monotonic() + 5
    while (left := processes_of(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def settings(home: Path) -> Settings:
    return Settings(home=home, warehouse_url=None)


def test_three_processes_may_be_the_first_at_once(home: Path) -> None:
    with ExitStack() as stack:
        processes = [stack.enter_context(another_process(home)) for _ in range(3)]
        for process in processes:
            wait_until_open(process)
        for process in processes:
            leave(process)
    assert_nothing_is_left_running(home)


def test_the_server_stays_while_one_process_uses_it_and_goes_when_that_is_killed(used_home: Path) -> None:
    with another_process(used_home) as killed, open_warehouse(settings(used_home)) as warehouse:
        wait_until_open(killed)
        killed.kill()
        killed.wait()
        with another_process(used_home) as other:
            wait_until_open(other)
            leave(other)
        assert fetch(warehouse, "select 1", role=None).rows == ((1,),)
    assert_nothing_is_left_running(used_home)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_a_signal_to_the_last_process_ends_the_server_too(used_home: Path, number: signal.Signals) -> None:
    with another_process(used_home) as process:
        wait_until_open(process)
        process.send_signal(number)
        process.wait(timeout=10)
    assert_nothing_is_left_running(used_home)


def test_one_process_may_use_it_twice(used_home: Path) -> None:
    with open_warehouse(settings(used_home)) as outer:
        with open_warehouse(settings(used_home)):
            pass
        assert fetch(outer, "select 1", role=None).rows == ((1,),)
    assert_nothing_is_left_running(used_home)


def test_a_fork_does_not_end_what_its_parent_uses(used_home: Path) -> None:
    use = open_warehouse(settings(used_home))
    warehouse = use.__enter__()
    child = os.fork()
    if child == 0:
        # A worker that unwinds through the context it was born in.
        use.__exit__(None, None, None)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert fetch(warehouse, "select 1", role=None).rows == ((1,),)
    use.__exit__(None, None, None)
    assert_nothing_is_left_running(used_home)


def test_a_server_that_crashed_is_started_again(used_home: Path) -> None:
    with open_warehouse(settings(used_home)):
        note = used_home / "warehouse" / "data" / "postmaster.pid"
        os.kill(int(note.read_text().split()[0]), signal.SIGKILL)
        time.sleep(0.3)
        with open_warehouse(settings(used_home)) as again:
            assert fetch(again, "select 1", role=None).rows == ((1,),)
    assert_nothing_is_left_running(used_home)


def test_the_note_of_a_dead_server_does_not_stop_the_next_one(used_home: Path) -> None:
    with open_warehouse(settings(used_home)):
        pass
    note = used_home / "warehouse" / "data" / "postmaster.pid"
    with subprocess.Popen(["/bin/sleep", "30"], user=_account(used_home), cwd="/") as somebody_else:
        note.write_text(f"{somebody_else.pid}\n{note.parent}\n1\n5432\n{note.parent}\n\n1 1\nready\n")
        shutil.chown(note, _account(used_home))
        with open_warehouse(settings(used_home)) as warehouse:
            assert fetch(warehouse, "select 1", role=None).rows == ((1,),)
        somebody_else.kill()


def _account(home: Path) -> int:
    return (home / "warehouse" / "data").stat().st_uid


def test_a_deep_home_is_no_obstacle(home: Path) -> None:
    deep = home / ("thư mục rất sâu " * 6) / "a" / "b"
    with open_warehouse(settings(deep)) as warehouse:
        assert fetch(warehouse, "select 1", role=None).rows == ((1,),)
    assert_nothing_is_left_running(home)


@as_root
def test_under_a_private_folder_the_data_lie_elsewhere_and_nothing_is_opened(home: Path) -> None:
    private = home / "private"
    private.mkdir(mode=0o700)
    with open_warehouse(settings(private / "home")) as warehouse:
        assert fetch(warehouse, "select 1", role=None).rows == ((1,),)
    elsewhere = Path((private / "home" / "warehouse" / "LOCATION").read_text().strip())
    try:
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
        assert not (private / "home" / "warehouse" / "data").exists()
        with open_warehouse(settings(private / "home")) as again:
            assert fetch(again, "select 1", role=None).rows == ((1,),)
    finally:
        shutil.rmtree(elsewhere)
    with pytest.raises(WarehouseError, match="which is gone"), open_warehouse(settings(private / "home")):
        pass


def connect(access: BiAccess, password: str) -> psycopg2.extensions.connection:
    return psycopg2.connect(
        host=access.host, port=access.port, dbname=access.database, user=access.user, password=password
    )


class TestBiTools:
    """What `ocop up` opens on 127.0.0.1."""

    @pytest.fixture
    def access(self, used_home: Path, unused_port: int) -> Iterator[BiAccess]:
        with open_warehouse(settings(used_home), tcp_port=unused_port) as warehouse:
            initialise(warehouse, [])
            with warehouse.engine(Role.TRANSFORMER).begin() as connection:
                connection.exec_driver_sql("create table if not exists marts.figure as select 194 as value")
            yield allow_bi_access(settings(used_home), warehouse)

    def test_the_reader_comes_in_with_the_password_of_its_file_and_reads_only_marts(self, access: BiAccess) -> None:
        assert stat.S_IMODE(access.password_file.stat().st_mode) == 0o600
        with connect(access, access.password_file.read_text()) as connection, connection.cursor() as cursor:
            cursor.execute("select value from marts.figure")
            assert cursor.fetchall() == [(194,)]
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute("select * from ingest.submission")

    def test_a_wrong_password_and_another_user_stay_outside(self, access: BiAccess) -> None:
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            connect(access, "wrong")
        with pytest.raises(psycopg2.OperationalError, match="no pg_hba"):
            connect(BiAccess(access.host, access.port, access.database, "ocop", access.password_file), "")

    def test_it_cannot_be_opened_under_the_feet_of_another_process(self, used_home: Path, unused_port: int) -> None:
        with open_warehouse(settings(used_home)):
            with (
                pytest.raises(WarehouseError, match="another process uses the warehouse"),
                open_warehouse(settings(used_home), tcp_port=unused_port),
            ):
                pass
            with open_warehouse(settings(used_home)) as still:
                assert fetch(still, "select 1", role=None).rows == ((1,),)
