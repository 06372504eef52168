"""Each role logs in with its password and may do what it is named for; no password can be read anywhere."""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psutil
import psycopg2
import pytest
from sqlalchemy import event

from ocop_pipeline.settings import PROJECT_ROOT, Settings
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.roles import cancel_overdue, let_in, script
from ocop_pipeline.warehouse.schema import NOT_FOR_ALL
from ocop_pipeline.warehouse.server import LONGEST_READ, Role, Warehouse, open_warehouse
from ocop_pipeline_tests.commands import asked, ocop


@pytest.fixture(scope="module")
def passwords() -> dict[Role, str]:
    """One for each."""
    return {role: f"{secrets.token_urlsafe(12)}'$$%:" for role in Role}


@pytest.fixture(scope="module")
def logged_in(
    tcp_warehouse: Warehouse, passwords: dict[Role, str]
) -> Iterator[Mapping[Role, psycopg2.extensions.connection]]:
    """A session of each, over TCP, on a server that has a figure, a row of evidence and a row of raw."""
    with tcp_warehouse.engine(Role.TRANSFORMER).begin() as maker:
        for sql in (
            "create table if not exists marts.kpi_of_all as select 194 as value",
            "create table if not exists intermediate.evidence_of_one as select 3 as numerator",
            "create table if not exists staging.told as select 3 as workers",
        ):
            maker.exec_driver_sql(sql)
    for _ in range(2):
        let_in(tcp_warehouse, passwords)
    opened = {role: log_in(tcp_warehouse, role, password=passwords[role]) for role in Role}
    for connection in opened.values():
        connection.autocommit = True
    yield opened
    for connection in opened.values():
        connection.close()


def log_in(warehouse: Warehouse, role: Role, **more: Any) -> psycopg2.extensions.connection:  # noqa: ANN401 - libpq's
    """A session of the role itself."""
    known: dict[str, Any] = {name: warehouse.parameters[name] for name in ("host", "port", "dbname")}
    session: psycopg2.extensions.connection = psycopg2.connect(**known, user=str(role), **more)
    return session


def do(connection: psycopg2.extensions.connection, sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize(
    ("role", "sql"),
    [
        (Role.READER, "select value from marts.kpi_of_all"),
        (Role.AUDITOR, "select value from marts.kpi_of_all"),
        (Role.AUDITOR, "select numerator from intermediate.evidence_of_one"),
        (Role.TRANSFORMER, "select count(*) from raw.toy_values"),
        (Role.TRANSFORMER, "create table marts.new_one as select 1 as value; drop table marts.new_one"),
        (Role.TRANSFORMER, "create temporary table new_one as select 1 as value; drop table new_one"),
        (Role.LOADER, "begin; insert into raw.toy_values values (1, 1, 'x', 1); rollback"),
    ],
)
def test_a_role_may_do_what_it_is_named_for(
    logged_in: Mapping[Role, psycopg2.extensions.connection], role: Role, sql: str
) -> None:
    do(logged_in[role], sql)


_TEMPORARY = "create temporary table mine (value integer)"
_MARTS, _RAW = "create table marts.mine (value integer)", "insert into raw.toy_values values (1, 1, 'x', 1)"


@pytest.mark.parametrize(
    ("role", "sql"),
    [
        *((Role.READER, f"table {name}") for name in ("raw.toy_values", "ingest.submission", "staging.told")),
        (Role.READER, "table intermediate.evidence_of_one"),
        *((role, sql) for role in LONGEST_READ for sql in (_MARTS, _RAW, "update marts.kpi_of_all set value = 0")),
        *((role, f"set default_transaction_read_only = off; {_MARTS}") for role in LONGEST_READ),
        *((role, f"set default_transaction_read_only = off; {_TEMPORARY}") for role in (*LONGEST_READ, Role.LOADER)),
        *((role, f"set role {other}") for role in LONGEST_READ for other in (Role.LOADER, Role.TRANSFORMER)),
        (Role.READER, "set role ocop_auditor"),
        *((Role.AUDITOR, f"table {name}") for name in ("raw.toy_values", "ingest.submission", "staging.told")),
        (Role.LOADER, _MARTS),
        (Role.LOADER, "update raw.toy_values set product_code = 'x'"),
        (Role.LOADER, "delete from ingest.submission"),
        (Role.TRANSFORMER, _RAW),
        (Role.TRANSFORMER, "update ingest.load set known_to = now()"),
        (Role.TRANSFORMER, "create table ingest.mine (value integer)"),
    ],
)
def test_a_role_may_do_nothing_else(
    logged_in: Mapping[Role, psycopg2.extensions.connection], role: Role, sql: str
) -> None:
    with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)):
        do(logged_in[role], sql)


@pytest.mark.parametrize("role", LONGEST_READ)
@pytest.mark.parametrize(
    "sql",
    [
        "select lo_from_bytea(0, 'kept')",
        "select lo_create(0)",
        "select pg_advisory_lock(4553002)",
        "select pg_try_advisory_xact_lock_shared(4553002)",
        "select lo_creat(-1)",
        "select pg_logical_emit_message(false, 'kept', repeat('x', 1000))",
        "create temporary table mine as select 1 as value",
        "create temporary sequence mine",
        "create function pg_temp.mine() returns integer language sql return 1",
        "create table public.mine (value integer)",
        "create schema mine",
        "copy (select 1) to program 'true'",
    ],
)
def test_a_reader_that_leaves_read_only_still_stores_nothing(
    embedded_warehouse: Warehouse, role: Role, sql: str
) -> None:
    with closing(log_in(embedded_warehouse, role)) as session:
        session.autocommit = True
        do(session, "set default_transaction_read_only = off")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            do(session, sql)


def test_a_wrong_password_stays_outside(tcp_warehouse: Warehouse, passwords: dict[Role, str]) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        log_in(tcp_warehouse, Role.READER, password=passwords[Role.AUDITOR])


def test_sessions_of_readers_are_read_only_and_end_their_queries(
    logged_in: Mapping[Role, psycopg2.extensions.connection],
) -> None:
    for role, limit in ((Role.READER, "1min"), (Role.AUDITOR, "10min")):
        assert do(logged_in[role], "show default_transaction_read_only") == [("on",)]
        assert do(logged_in[role], "show statement_timeout") == [(limit,)]
    with pytest.raises(psycopg2.errors.QueryCanceled):
        do(logged_in[Role.READER], "set statement_timeout = '50ms'; select pg_sleep(30)")


def test_a_query_is_cancelled_where_its_session_has_lifted_the_limit(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocop_pipeline.warehouse.query.LONGEST_READ", {Role.READER: 0.2})
    monkeypatch.setattr("ocop_pipeline.warehouse.query._GRACE_SECONDS", 0)
    began = time.monotonic()
    with pytest.raises(WarehouseError, match="canceling statement due to user request"):
        fetch(warehouse, "set statement_timeout = 0; select pg_sleep(30)")
    assert time.monotonic() - began < 10


def test_what_a_bi_tool_asks_for_too_long_is_cancelled_and_what_others_do_is_not(
    embedded_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cancel_overdue(embedded_warehouse) == 0
    monkeypatch.setattr("ocop_pipeline.warehouse.roles.LONGEST_READ", {Role.READER: 0, Role.AUDITOR: 1000})
    monkeypatch.setattr("ocop_pipeline.warehouse.roles._GRACE_SECONDS", 0)
    roles = (Role.READER, Role.AUDITOR, Role.TRANSFORMER)
    sessions = {role: log_in(embedded_warehouse, role, async_=True) for role in roles}
    cursors = []
    for session in sessions.values():
        _wait(session)
        # Kept: what it has asked ends with it.
        cursors.append(session.cursor())
        cursors[-1].execute("set statement_timeout = 0; select pg_sleep(1)")
    time.sleep(0.1)
    assert cancel_overdue(embedded_warehouse, [Role.READER]) == 1
    with pytest.raises(psycopg2.errors.QueryCanceled):
        _wait(sessions[Role.READER])
    for role in roles[1:]:
        _wait(sessions[role])
    for session in sessions.values():
        session.close()


def _wait(connection: psycopg2.extensions.connection) -> None:
    """Until an asynchronous session is ready."""
    while connection.poll() != psycopg2.extensions.POLL_OK:
        time.sleep(0.01)


def test_the_server_sees_no_password(tcp_warehouse: Warehouse, passwords: dict[Role, str]) -> None:
    asked_last: list[str] = []

    def remember(*arguments: object) -> None:
        asked_last.append(str(arguments[2]))

    engine = tcp_warehouse.engine(None)
    event.listen(engine, "before_cursor_execute", remember)
    try:
        let_in(tcp_warehouse, passwords)
    finally:
        event.remove(engine, "before_cursor_execute", remember)
    assert any("SCRAM-SHA-256" in sql for sql in asked_last)
    assert not [sql for sql in asked_last if any(password in sql for password in passwords.values())]


def test_the_command_takes_passwords_from_the_environment_or_a_file_and_repeats_none(
    tcp_url: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "ocop_reader_password").write_text("geheim-reader\n", encoding="utf-8")
    (tmp_path / "ocop_warehouse_url").write_text(tcp_url, encoding="utf-8")
    environment = {"OCOP_SECRETS": str(tmp_path), "OCOP_AUDITOR_PASSWORD": "geheim-auditor"}
    for _ in range(2):
        done = asked(home, "roles", **environment)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [
            "ocop_loader: is there",
            "ocop_transformer: is there",
            "ocop_reader: may log in with its password",
            "ocop_auditor: may log in with its password",
        ]
        assert "geheim" not in done.stdout + done.stderr
    address = urlsplit(tcp_url)
    for role in ("reader", "auditor"):
        psycopg2.connect(
            host=address.hostname,
            port=address.port,
            dbname="theirs",
            user=f"ocop_{role}",
            password=f"geheim-{role}",
        ).close()


def test_the_embedded_server_lets_nobody_in_by_these_passwords_and_the_command_says_who_is(home: Path) -> None:
    assert asked(home, "init").returncode == 0
    done = asked(home, "roles", OCOP_READER_PASSWORD="geheim-reader")  # noqa: S106 - the test's own
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        *(f"{role}: is there" for role in Role),
        "The embedded server takes no password of theirs: `ocop up` lets in ocop_bi, and says how.",
    ]
    with open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        assert fetch(warehouse, "select count(rolpassword) from pg_authid", role=None).rows == ((0,),)


@pytest.mark.slow
def test_a_night_leaves_the_password_in_no_file_no_output_and_no_process_list(tcp_url: str, home: Path) -> None:
    """A run over the files of one district: Dagster, its runs and dbt, on a server with a password."""
    secret = unquote(urlsplit(tcp_url).password or "")
    with commands_seen() as seen:
        done = ocop(home, "run", OCOP_WAREHOUSE_URL=tcp_url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert any("dagster" in command or "ocop" in command for command in seen)
    told = [done.stdout, done.stderr, *seen]
    # As it is, and as the URL has it.
    written = [secret, quote(secret, safe="")]
    assert not [text for text in told if any(word in text for word in written)]
    files = [file for folder in (home, PROJECT_ROOT / "dbt_project") for file in folder.rglob("*") if file.is_file()]
    assert len([file for file in files if home in file.parents]) > 5
    assert not [file for file in files if any(word.encode() in file.read_bytes() for word in written)]


@contextmanager
def commands_seen() -> Iterator[set[str]]:
    """The command lines of all processes below this one meanwhile."""
    seen: set[str] = set()
    ended = Event()

    def look() -> None:
        while not ended.wait(0.05):
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    seen.add(" ".join(process.cmdline()))

    thread = Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def test_no_setting_shows_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_READER_PASSWORD", "geheim")
    monkeypatch.setenv("OCOP_WAREHOUSE_URL", "postgresql://u:geheim@h/d")
    settings = Settings()
    assert settings.reader_password is not None
    assert settings.reader_password.get_secret_value() == "geheim"
    assert "geheim" not in f"{settings!r} {settings}"


def test_the_script_makes_the_roles_on_a_server_where_the_pipeline_may_not(tcp_warehouse: Warehouse) -> None:
    """It is run twice by psql as an administrator; afterwards the pipeline's user is a member of all."""
    told = script("somebody")
    assert "password '" not in told
    assert NOT_FOR_ALL in told
    statements = [line for line in told.splitlines() if line.startswith("alter role")]
    assert statements
    with tcp_warehouse.engine(None).begin() as connection:
        for _ in range(2):
            connection.execution_options(no_parameters=True).exec_driver_sql(told)
