"""One PostgreSQL cluster on this machine: made, started, stopped, found.

Belongs here: the life of one data folder. Stays out: who uses it and when it may stop (`embedded`), what is
in it (`schema`).
"""

import hashlib
import shutil
import socket
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.keeper import STOP_MODES
from ocop_pipeline.warehouse.programs import Programs

SUPERUSER = "ocop"
_LONGEST_SOCKET_PATH = 103
"""Bytes of a socket's path that every system takes: macOS has the shortest, 104 with its closing zero."""
_PROCESSES = Path("/proc")
"""Missing on macOS; there PostgreSQL's own judgement has to do."""
_INITDB_OPTIONS = (
    f"--username={SUPERUSER}",
    "--auth=trust",
    "--encoding=UTF8",
    # The collation is the programs' own: the same on every machine, and lower('Đ') is 'đ'.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
)


@dataclass(frozen=True)
class Address:
    """Where a running cluster listens. The port names the socket as well, TCP or not."""

    socket_folder: str
    port: int
    listens_on_tcp: bool


@dataclass(frozen=True)
class Cluster:
    """One data folder, and the programs that run it."""

    data: Path
    programs: Programs

    def create(self, access_rules: str) -> None:
        """Make the data folder unless it is there; `access_rules` is its pg_hba.conf."""
        if self.data.exists():
            return
        # It appears whole: a process that is killed half-way leaves nothing that looks like a cluster.
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.programs.give(unfinished)
        self.programs.run("initdb", f"--pgdata={unfinished}", *_INITDB_OPTIONS)
        (unfinished / "pg_hba.conf").write_text(access_rules, encoding="ascii")
        unfinished.rename(self.data)

    def start(self, tcp_port: int | None = None) -> Address:
        """Start the server, on a socket and, with a port, on 127.0.0.1; a WarehouseError says why it could not."""
        self._forget_dead_server()
        log = self.data / "server.log"
        seen = log.stat().st_size if log.exists() else 0
        listen = f"-c listen_addresses=127.0.0.1 -p {tcp_port}" if tcp_port else "-c listen_addresses= -p 5432"
        options = f"{listen} -k {self._socket_folder()}"
        try:
            self.programs.run("pg_ctl", "-w", "-D", str(self.data), "-l", str(log), "-o", options, "start")
        except WarehouseError as error:
            reason = _last_failure(log, seen) or str(error)
            message = f"the embedded PostgreSQL server did not start: {reason} (log: {log})"
            raise WarehouseError(message) from None
        address = self.address()
        if address is None:
            message = f"the embedded PostgreSQL server started but does not answer (log: {log})"
            raise WarehouseError(message)
        return address

    def stop(self) -> None:
        """Stop the server if it runs, breaking off what its clients are doing."""
        if (self.data / "postmaster.pid").exists():
            for mode in STOP_MODES:
                # It may have ended by itself in between; then pg_ctl complains, and nothing is wrong.
                with suppress(WarehouseError):
                    self.programs.run("pg_ctl", *self.stop_arguments, mode)
                    break
            if (sockets := self._socket_folder()) != self.data:
                sockets.rmdir()

    @property
    def stop_arguments(self) -> tuple[str, ...]:
        """Arguments of pg_ctl that stop this server, but for the mode."""
        return ("stop", "-w", "-t", "30", "-D", str(self.data), "-m")

    def address(self) -> Address | None:
        """Where the server listens, or None when nobody answers there."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            address = Address(lines[4].strip(), int(lines[3]), listens_on_tcp=bool(lines[5].strip()))
        except (FileNotFoundError, IndexError):
            return None
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(f"{address.socket_folder}/.s.PGSQL.{address.port}")
            except OSError:
                return None
        return address

    def _socket_folder(self) -> Path:
        """The data folder, or a short private folder when its path is too long or odd for a socket."""
        fits = len(bytes(self.data / ".s.PGSQL.65535")) <= _LONGEST_SOCKET_PATH
        if fits and not set(" \t'\"\\,") & set(str(self.data)):
            return self.data
        name = hashlib.sha256(bytes(self.data)).hexdigest()[:16]
        # Not the default temporary folder: TMPDIR may itself be long, or private to root.
        folder = Path("/tmp") / f"ocop-{name}"  # noqa: S108 - checked below to be ours alone
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self.programs.give(folder)
        found = folder.lstat()
        is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if not is_private or found.st_uid != self.programs.user_id:
            message = f"{folder} must be a private folder of the account that runs PostgreSQL; remove it"
            raise WarehouseError(message)
        return folder

    def _forget_dead_server(self) -> None:
        """Remove the notes of a server that did not end by itself, when none of its processes lives.

        PostgreSQL believes them while any process has the number in them, which after the restart of a
        container is some other program, and in one without an init process may be the dead server itself.
        """
        note = self.data / "postmaster.pid"
        if not note.exists() or not _PROCESSES.exists():
            return
        # The parts of a killed server notice it within moments; two at once would ruin the data.
        deadline = time.monotonic() + 10
        while self._has_processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        if not self._has_processes():
            note.unlink(missing_ok=True)
            for lock in self._socket_folder().glob(".s.PGSQL.*.lock"):
                lock.unlink()

    def _has_processes(self) -> bool:
        data = self.data.resolve()
        for process in _PROCESSES.glob("[0-9]*"):
            with suppress(OSError):
                if (process / "comm").read_bytes() == b"postgres\n" and (process / "cwd").readlink() == data:
                    return True
        return False


def _last_failure(log: Path, seen: int) -> str | None:
    """The server's own reason, from what its log has gained since it had `seen` bytes."""
    if not log.exists():
        return None
    gained = log.read_bytes()[seen:].decode(errors="replace").splitlines()
    reasons = [line for line in gained if "FATAL:" in line or "could not" in line]
    return reasons[0].split(":  ", 1)[-1] if reasons else None
