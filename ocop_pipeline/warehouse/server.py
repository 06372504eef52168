"""Which PostgreSQL server the warehouse is, and connections to it.

Belongs here: the embedded server or the one of `OCOP_WAREHOUSE_URL`, the roles one may act as, engines.
Stays out: the embedded server's life (`embedded`), tables (`schema`).
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import psycopg2
from psycopg2.extensions import parse_dsn
from sqlalchemy import Engine, create_engine, text

from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.cluster import SUPERUSER
from ocop_pipeline.warehouse.embedded import DATABASE, embedded_server, is_running
from ocop_pipeline.warehouse.errors import WarehouseError, one_line_errors
from ocop_pipeline.warehouse.migrations import recorded_revision, require_known

OLDEST_SERVER = 150_000
"""PostgreSQL 15: the first whose unique indexes can treat nulls as equal."""
_logger = logging.getLogger(__name__)


class Role(StrEnum):
    """As whom one acts; each is a role of the server that may do no more than its name says."""

    LOADER = "ocop_loader"
    TRANSFORMER = "ocop_transformer"
    READER = "ocop_reader"
    AUDITOR = "ocop_auditor"
    """Reads what the reader does, and the evidence behind figures about few people."""


LONGEST_READ: Mapping[Role, int] = MappingProxyType({Role.READER: 60, Role.AUDITOR: 600})
"""Seconds that a query of these roles may take. A session may set its own limit: see `overdue`."""

_FROZEN = {"idle_in_transaction_session_timeout": "10min"}
"""Who has begun to write and says nothing for longer than reading and judging a piece of a file can take (2 minutes) is
frozen or gone, and must not keep its locks from the next."""

# A role's own settings apply when it logs in, not when a session becomes it: so they come with the connection.
_SESSION: Mapping[Role | None, Mapping[str, str]] = MappingProxyType(
    {
        None: {},
        # It copies 100,000 rows at a time, which takes seconds.
        Role.LOADER: {"lock_timeout": "60s", "statement_timeout": "10min", **_FROZEN},
        # A BI client that reads for long must not hold up the night.
        # It sums up millions of rows: what fits into memory is hashed, what does not is sorted on disk. The planner
        # expects ten to forty times as many groups as there are, so it must be free to hash what will not be that many.
        # A statement is a model; of a nation's first build the longest takes minutes, and a run may take three hours.
        Role.TRANSFORMER: {
            "lock_timeout": "30s",
            "statement_timeout": "1h",
            **_FROZEN,
            "work_mem": "32MB",
            "hash_mem_multiplier": "4",
        },
        **{
            role: {"statement_timeout": f"{seconds}s", "default_transaction_read_only": "on"}
            for role, seconds in LONGEST_READ.items()
        },
    }
)


@dataclass(frozen=True)
class Warehouse:
    """An open warehouse. `parameters` are libpq's connection keywords, the password among them, so never shown."""

    parameters: Mapping[str, str] = field(repr=False)
    is_embedded: bool
    _engines: dict[Role | None, Engine] = field(default_factory=dict, repr=False, compare=False)

    @property
    def url(self) -> str:
        """Where it is, for people: without the password."""
        known = self.parameters
        host, port = known.get("host", "localhost"), known.get("port", "5432")
        if host.startswith("/"):
            return f"postgresql://{known['user']}@/{known['dbname']}?host={host}&port={port}"
        return f"postgresql://{known['user']}@{host}:{port}/{known['dbname']}"

    def engine(self, role: Role | None) -> Engine:
        """Connections that act as `role`; None is the connecting user, who owns `ingest` and `raw`."""
        if role not in self._engines:
            self._engines[role] = create_engine(
                # Bare postgresql:// means psycopg 3 in SQLAlchemy 2.1.
                "postgresql+psycopg2://",
                connect_args={**self.parameters, **self._login(role), "options": self._options(role)},
                pool_size=2,
                pool_pre_ping=True,
            )
        return self._engines[role]

    def dbt_environment(self) -> dict[str, str]:
        """The variables that dbt's profile reads, and those that libpq reads below it."""
        known = self.parameters
        environment = {
            "OCOP_PG_HOST": known.get("host", "localhost"),
            "OCOP_PG_PORT": known.get("port", "5432"),
            "OCOP_PG_USER": known["user"],
            "OCOP_PG_PASSWORD": known.get("password", ""),
            "OCOP_PG_DATABASE": known["dbname"],
            # The role from the start: dbt's own `set role` is undone by the first rollback of a connection.
            "PGOPTIONS": _as_options({"role": str(Role.TRANSFORMER), **_SESSION[Role.TRANSFORMER]}),
        }
        for name in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
            if name in known:
                environment[f"PG{name.upper()}"] = known[name]
        return environment

    def close(self) -> None:
        """Give back all connections."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()

    def _login(self, role: Role | None) -> dict[str, str]:
        """Who logs in: on the embedded server who reads, with no other role to fall back on."""
        return {"user": str(role)} if self.is_embedded and role in LONGEST_READ else {}

    def _options(self, role: Role | None) -> str:
        own = {} if role is None or self._login(role) else {"role": str(role)}
        return f"{self.parameters.get('options', '')} {_as_options({**own, **_SESSION[role]})}".strip()


@contextmanager
def open_warehouse(settings: Settings, tcp_port: int | None = None) -> Iterator[Warehouse]:
    """The warehouse of these settings for as long as the context lasts.

    `tcp_port` makes the embedded server listen on 127.0.0.1 as well (see `bi_access`); a server of your own
    listens as it likes. A WarehouseError says in one line why it cannot be opened.
    """
    if settings.warehouse_url is not None:
        with _opened(Warehouse(_read_url(settings.warehouse_url), is_embedded=False)) as warehouse:
            yield warehouse
        return
    with embedded_server(settings.root / "warehouse", tcp_port) as address:
        parameters = {"host": address.socket_folder, "port": str(address.port), "user": SUPERUSER}
        _create_database(parameters)
        with _opened(Warehouse({**parameters, "dbname": DATABASE}, is_embedded=True)) as warehouse:
            yield warehouse


def is_up(settings: Settings) -> bool:
    """Whether the warehouse can be asked without starting it: a server of your own always can."""
    return settings.warehouse_url is not None or is_running(settings.root / "warehouse")


def session_settings(role: Role) -> Mapping[str, str]:
    """The settings under which sessions of the role run."""
    return _SESSION[role]


@contextmanager
def _opened(warehouse: Warehouse) -> Iterator[Warehouse]:
    try:
        with one_line_errors(), warehouse.engine(None).connect() as connection:
            found = int(connection.exec_driver_sql("show server_version_num").scalar_one())
            revision = recorded_revision(connection)
        if found < OLDEST_SERVER:
            message = f"{warehouse.url} is PostgreSQL {found // 10_000}; the warehouse needs 15 or newer"
            raise WarehouseError(message)
        require_known(revision)
        _logger.debug("the warehouse is %s", warehouse.url)
        yield warehouse
    finally:
        warehouse.close()


def _read_url(url: str) -> dict[str, str]:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg2"}:
        raise WarehouseError(_NOT_A_URL)
    try:
        parameters = parse_dsn(f"postgresql://{rest}")
    except psycopg2.ProgrammingError:
        # Its message quotes the URL, and with it the password.
        raise WarehouseError(_NOT_A_URL) from None
    port = parameters.get("port", "5432")
    # Also what an unquoted @ or / in the password looks like: libpq would name parts of it in its messages.
    has_many_at = rest.partition("?")[0].count("@") > 1
    if not parameters.get("user") or not parameters.get("dbname") or has_many_at or not port.isdigit():
        raise WarehouseError(_NOT_A_URL)
    return {"connect_timeout": "10", "application_name": "ocop", **parameters}


_NOT_A_URL = (
    "OCOP_WAREHOUSE_URL is not of the form postgresql://user:password@host:5432/database "
    "(in the password write %40 for @, %2F for /, %3A for :, %3F for ?)"
)


def _create_database(parameters: Mapping[str, str]) -> None:
    """Make the database of a fresh embedded server."""
    server = Warehouse({**parameters, "dbname": "postgres"}, is_embedded=True)
    with one_line_errors(), closing(server), server.engine(None).connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        # Several processes may come first at once; the lock ends with the connection.
        connection.exec_driver_sql("select pg_advisory_lock(1)")
        is_there = connection.execute(text("select 1 from pg_database where datname = :name"), {"name": DATABASE})
        if is_there.first() is None:
            connection.exec_driver_sql(f"create database {DATABASE}")


def _as_options(settings: Mapping[str, str]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in settings.items())
