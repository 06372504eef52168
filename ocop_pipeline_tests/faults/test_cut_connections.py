"""The connection to the server is cut in the middle of a night, also where a commit's answer is lost: it ends well."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.cluster import SUPERUSER, Cluster
from ocop_pipeline.warehouse.embedded import DATABASE
from ocop_pipeline.warehouse.programs import installed_programs
from ocop_pipeline_tests.conftest import find_unused_port
from ocop_pipeline_tests.faults.conftest import Home
from ocop_pipeline_tests.faults.nights import said, spend_night

pytestmark = pytest.mark.faults


@dataclass(frozen=True)
class Cut:
    """At which statement of a connection all connections end: the first `at` that comes `after` another one.

    The server gets it where only its answer is lost.
    """

    after: bytes
    at: bytes
    is_answer_lost: bool = False


CUTS = {
    "a file's commit": Cut(b"insert into ingest.submission", b"COMMIT", is_answer_lost=True),
    "dbt": Cut(b'int_sales_daily"} */', b"delete from"),
    "a model's commit": Cut(b'kpi_scorecard"} */', b"COMMIT", is_answer_lost=True),
}


class Proxy:
    """Passes bytes on between a port of its own and the server's until the cut; connections after it are left alone."""

    def __init__(self, server_port: int, cut: Cut) -> None:
        self.is_cut = False
        self._server_port = server_port
        self._cut = cut
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        self._end_all()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                self._open += [client, server]
                threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        is_armed = False
        with suppress(OSError):
            while asked := client.recv(1 << 16):
                is_armed = is_armed or self._cut.after in asked
                with self._lock:
                    is_it = is_armed and self._cut.at in asked and not self.is_cut
                    self.is_cut = self.is_cut or is_it
                if not is_it:
                    server.sendall(asked)
                    continue
                if self._cut.is_answer_lost:
                    client.shutdown(socket.SHUT_RDWR)
                    server.sendall(asked)
                    server.settimeout(5)
                    server.recv(1)
                self._end_all()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while answered := server.recv(1 << 16):
                client.sendall(answered)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def _end_all(self) -> None:
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def reached_over(home: Home, cut: Cut) -> Iterator[tuple[Settings, Proxy]]:
    """The home's server as one that is not ours, behind a proxy."""
    cluster = Cluster(home.settings.root / "warehouse" / "data", installed_programs())
    with (cluster.data / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 127.0.0.1/32 trust\n")
    port = find_unused_port()
    cluster.start(port)
    proxy = Proxy(port, cut)
    try:
        url = f"postgresql://{SUPERUSER}@127.0.0.1:{proxy.port}/{DATABASE}"
        yield Settings(home=home.settings.home, warehouse_url=url), proxy
    finally:
        proxy.close()
        cluster.stop()


@pytest.mark.parametrize("moment", CUTS)
def test_a_connection_that_is_cut_costs_a_night_nothing_but_time(home: Home, moment: str) -> None:
    with reached_over(home, CUTS[moment]) as (settings, proxy):
        assert spend_night(settings) == 0, said(settings)
        assert proxy.is_cut
    home.assert_as_undisturbed()
