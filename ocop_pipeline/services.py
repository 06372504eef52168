"""The services of `ocop up`: Dagster's UI, daemon and code server, beside the warehouse.

Belongs here: starting them, noticing that they are gone, ending them. Stays out: runs (`runs`, `run_history`).
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

from ocop_pipeline.defs.upkeep import fail_abandoned_runs
from ocop_pipeline.errors import OcopError
from ocop_pipeline.run_history import run_history
from ocop_pipeline.runs import prepare_dagster_home
from ocop_pipeline.settings import PROJECT_ROOT, Settings
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.warehouse.bi_access import allow_bi_access
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.migrations import NewerVersionError
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Warehouse, open_warehouse

PATIENCE_SECONDS = 20
"""How long a service may take to stop before it is killed, or to be there again."""
LOOK_SECONDS = 5
"""How often the code server and the port for BI tools are looked for."""
_PR_SET_PDEATHSIG = 1
_PROCESSES = Path("/proc")
"""Missing on macOS; there nobody notices."""
_CODE_SERVER = b"\0api\0grpc\0"
"""Part of its command line."""


class ServiceError(OcopError):
    """`ocop up` cannot begin; one line that says why and what to do."""


def serve(settings: Settings, host: str, port: int, warehouse_port: int, report: Callable[[str], None]) -> int:
    """The Dagster UI, the daemon and the warehouse until Ctrl-C or SIGTERM; nothing stays behind.

    The embedded warehouse listens on 127.0.0.1:`warehouse_port` for BI tools meanwhile. `report` gets what to
    open and where. Returns 0 when it was asked to stop, else the exit code of a Dagster that ended by itself or goes on
    without starting runs. A ServiceError says that the UI's port is taken, a WarehouseError why the warehouse cannot be
    opened.
    """
    _require_free(host, port)
    prepare_dagster_home(settings)
    with _stop_signals() as asked_to_stop, _open_for_bi(settings, warehouse_port) as warehouse:
        initialise(warehouse, ALL_FORMS)
        report(f"Dagster: http://{host}:{port}")
        if warehouse.is_embedded:
            access = allow_bi_access(settings, warehouse)
            where = f"{access.user}@{access.host}:{access.port}/{access.database}"
            report(f"Warehouse for BI tools: postgresql://{where} (password in {access.password_file})")
        # It puts the server's URL into the environment that Dagster's processes inherit.
        with run_history(settings) as instance:
            service = _start_dagster(settings, host, port)
            code_server = _CodeServer(service.pid)
            try:
                for _ in _looks(service, asked_to_stop):
                    if code_server.is_gone():
                        report("Dagster's code server has ended, so `ocop up` does too: start it again")
                        break
                    if warehouse.is_embedded and not _is_listening(warehouse_port):
                        report("the warehouse has ended, so `ocop up` does too: start it again")
                        break
            finally:
                _stop(service)
                # The runs that it had started ended with it.
                fail_abandoned_runs(settings, instance, 0)
    return 0 if asked_to_stop else service.returncode or 1


def _is_listening(port: int) -> bool:
    """Whether BI tools still reach the embedded server: started anew by a run, it would lack the port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=LOOK_SECONDS).close()
    except OSError:
        return False
    return True


def _looks(service: subprocess.Popen[bytes], asked_to_stop: list[int]) -> Iterator[None]:
    """Every now and then, until somebody asks to stop or the service has ended."""
    next_look = 0.0
    while not asked_to_stop and service.poll() is None:
        time.sleep(0.2)
        if time.monotonic() > next_look:
            yield
            next_look = time.monotonic() + LOOK_SECONDS


def _require_free(host: str, port: int) -> None:
    """ServiceError when something else listens there: `dagster dev` would go on without its UI."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        message = f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port"
        raise ServiceError(message) from error


@contextmanager
def _open_for_bi(settings: Settings, port: int) -> Iterator[Warehouse]:
    with ExitStack() as stack:
        try:
            warehouse = stack.enter_context(open_warehouse(settings, port))
        except NewerVersionError:
            raise
        except WarehouseError as error:
            message = f"{error} (for BI tools the embedded server listens on 127.0.0.1:{port}; --bi-port names another)"
            raise WarehouseError(message if settings.warehouse_url is None else str(error)) from error
        yield warehouse


def _end_with_parent() -> None:
    """Ask the system to interrupt this process when the one that started it is killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _start_dagster(settings: Settings, host: str, port: int) -> subprocess.Popen[bytes]:
    """UI, daemon and one code server for both: apart, the daemon would start a new code server every minute."""
    command = ["dagster", "dev", "--host", host, "--port", str(port), "--log-level", "warning"]
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(settings.dagster_home),
        "OCOP_HOME": str(settings.root),
        "OCOP_DBT_PROJECT": str(settings.dbt_project.resolve()),
        # It would say at every start that a further package has a newer command for the same.
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", *command, "--workspace", str(PROJECT_ROOT / "workspace.yaml")],
        env=environment,
        cwd=settings.dagster_home,
        # A group of its own: a Ctrl-C reaches us alone, and we stop it with all its children.
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - nothing but one system call, and no thread of ours runs yet
    )


class _CodeServer:
    """The code server among the processes of a group: when it is killed, Dagster goes on and starts no run any more."""

    def __init__(self, group: int) -> None:
        """It may not have begun yet."""
        self._group = group
        self._last_seen: float | None = None

    def is_gone(self) -> bool:
        """Whether it was there, and has not been for longer than a new one takes when definitions are loaded again."""
        now = time.monotonic()
        if self._lives():
            self._last_seen = now
        return self._last_seen is not None and now - self._last_seen > PATIENCE_SECONDS

    def _lives(self) -> bool:
        for process in _PROCESSES.glob("[0-9]*"):
            with suppress(OSError):
                command = (process / "cmdline").read_bytes()
                if _CODE_SERVER in command and os.getpgid(int(process.name)) == self._group:
                    return True
        return False


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """Collect SIGINT and SIGTERM instead of dying of them."""
    seen: list[int] = []

    def remember(number: int, _: FrameType | None) -> None:
        seen.append(number)

    before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield seen
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(service: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, kill it when it does not, and with it whatever it left behind in its group."""
    if service.poll() is None:
        service.send_signal(signal.SIGINT)
        try:
            service.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            service.kill()
            service.wait()
    with suppress(ProcessLookupError):
        os.killpg(service.pid, signal.SIGKILL)
        # Until the last of them is gone, and with it what it had locked.
        deadline = time.monotonic() + LOOK_SECONDS
        while time.monotonic() < deadline:
            os.killpg(service.pid, 0)
            time.sleep(0.05)
