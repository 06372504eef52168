"""The embedded server: one per home, shared by every process that uses the home, gone with the last of them.

Belongs here: where its data lie, who uses it, when it starts and stops. Stays out: connections (`server`).

Two locked files do it, without any list of processes that could be out of date:
`start.lock` is held while one process starts the server; `users.lock` is held, shared, by every process that
uses it. Whoever can have `users.lock` for itself alone knows that nobody else is left and stops the server:
the last to leave, or the `keeper` when the last was killed.
"""

import fcntl
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocop_pipeline.warehouse import keeper
from ocop_pipeline.warehouse.cluster import Address, Cluster
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.programs import ROOT_STATE, Programs, installed_programs, open_to_others

DATABASE = "ocop"
READER_LOGIN = "ocop_bi"
_ACCESS_RULES = f"""\
# The socket lies in a private folder: whoever reaches it owns the data anyway.
local all all trust
# Over TCP, which only `ocop up` opens, the reader alone, with its password.
host {DATABASE} {READER_LOGIN} 127.0.0.1/32 scram-sha-256
"""
_logger = logging.getLogger(__name__)


@contextmanager
def embedded_server(folder: Path, tcp_port: int | None = None) -> Iterator[Address]:
    """Use the server of `folder` (made when missing), started by the first user, stopped by the last.

    With `tcp_port` it also listens on 127.0.0.1; that needs a server which nobody else uses yet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    programs = installed_programs()
    # A file of its own per use: locks belong to the open file, so one process may use the server twice.
    users = _open_lock(folder / "users.lock")
    owner = os.getpid()
    try:
        with _locked(folder / "start.lock"):
            cluster = Cluster(_data_folder(folder, programs), programs)
            address = _join(cluster, folder, users, tcp_port)
        try:
            yield address
        finally:
            # A fork that unwinds through here must not give up what its parent holds.
            if os.getpid() == owner:
                _leave(cluster, users)
    finally:
        os.close(users)


def is_running(folder: Path) -> bool:
    """Whether the server of `folder` runs; nothing is made or started."""
    if not (folder / "users.lock").exists():
        return False
    programs = installed_programs()
    return Cluster(_data_folder(folder, programs), programs).address() is not None


def _join(cluster: Cluster, folder: Path, users: int, tcp_port: int | None) -> Address:
    if tcp_port is not None:
        _stop_unless_listening(cluster, users, tcp_port)
    # Waits while a keeper is stopping the server.
    fcntl.flock(users, fcntl.LOCK_SH)
    cluster.create(_ACCESS_RULES)
    address = cluster.address() or cluster.start(tcp_port)
    _ensure_keeper(cluster, folder)
    return address


def _leave(cluster: Cluster, users: int) -> None:
    fcntl.flock(users, fcntl.LOCK_UN)
    if _try_alone(users):
        cluster.stop()
    else:
        # At once when others use it; when the keeper was faster, after it has stopped the server.
        fcntl.flock(users, fcntl.LOCK_SH)
    fcntl.flock(users, fcntl.LOCK_UN)


def _stop_unless_listening(cluster: Cluster, users: int, tcp_port: int) -> None:
    address = cluster.address()
    if address is None or (address.listens_on_tcp and address.port == tcp_port):
        return
    if not _try_alone(users):
        message = (
            f"another process uses the warehouse, so it cannot begin to listen on 127.0.0.1:{tcp_port}; "
            "start again when that process has ended"
        )
        raise WarehouseError(message)
    cluster.stop()


def _ensure_keeper(cluster: Cluster, folder: Path) -> None:
    """Start a keeper unless one lives: it inherits the lock that says so, hence is known from its birth."""
    lock = _open_lock(folder / "keeper.lock")
    users = _open_lock(folder / "users.lock")
    try:
        if _try_alone(lock):
            programs = cluster.programs
            subprocess.run(  # noqa: S603 - our own interpreter and script
                [
                    *(sys.executable, "-I", "-S", keeper.__file__),
                    *(str(users), str(lock), programs.account or ""),
                    *(str(programs.folder / "pg_ctl"), *cluster.stop_arguments),
                ],
                check=True,
                pass_fds=(users, lock),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    finally:
        os.close(lock)
        os.close(users)


def _data_folder(folder: Path, programs: Programs) -> Path:
    """Where the data lie: below `folder`, or elsewhere when the server's account cannot come there."""
    location = folder / "LOCATION"
    if location.exists():
        elsewhere = Path(location.read_text(encoding="utf-8").strip())
        if not elsewhere.is_dir():
            message = f"the warehouse's data were in {elsewhere}, which is gone; put it back, or delete {location}"
            raise WarehouseError(message)
        return elsewhere / "data"
    if programs.account is None or (folder / "data").exists() or open_to_others(folder):
        return folder / "data"
    elsewhere = Path(tempfile.mkdtemp(prefix="ocop-", dir=ROOT_STATE))
    programs.give(elsewhere)
    location.write_text(f"{elsewhere}\n", encoding="utf-8")
    _logger.warning(
        "%s lies below a folder that only root may enter, and PostgreSQL does not run as root: "
        "the warehouse keeps its data in %s (noted in %s)",
        folder,
        elsewhere,
        location,
    )
    return elsewhere / "data"


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _try_alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = _open_lock(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
