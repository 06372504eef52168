"""What was sent, out of the database and back, by PostgreSQL's own programs.

Belongs here: which schemas a dump holds, and that it is of one moment. Stays out: where copies lie
(`backup`). What dbt makes is not dumped: it is computed anew, by the rules of the day it is restored on.
"""

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select, table, text

from ocop_pipeline.contracts import Form
from ocop_pipeline.warehouse.errors import WarehouseError, one_line_errors
from ocop_pipeline.warehouse.migrations import recorded_revision
from ocop_pipeline.warehouse.programs import installed_programs
from ocop_pipeline.warehouse.schema import ROLES, initialise
from ocop_pipeline.warehouse.server import Warehouse

_SCHEMAS = ("ingest", "raw")
_TABLES = """
select table_schema, table_name from information_schema.tables
where table_schema = any(:schemas) and table_type = 'BASE TABLE' order by 1, 2
"""
_ARCHIVED = "select distinct archive_path from ingest.submission where archive_path is not null order by 1"
_STILL_ARCHIVED = """
select distinct archive_path from ingest.submission
where archive_path is not null and submission_id not in (select submission_id from ingest.deleted_copy) order by 1
"""
_KEYWORDS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
"""In the environment, a password is on no command line."""


@dataclass(frozen=True)
class Contents:
    """What the database held at one moment.

    Rows by table, the files in the archive that the ledger names, and the revision that its tables were at.
    """

    rows: dict[str, int]
    archived: tuple[str, ...]
    revision: str | None


def dump(warehouse: Warehouse, target: Path) -> Contents:
    """Write ledger, publications and rows as sent to one file, all as of one moment, while others go on writing.

    A WarehouseError says in one line why it cannot be done.
    """
    with one_line_errors(), warehouse.engine(None).connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        if connection.scalar(text("select to_regclass('ingest.submission')")) is None:
            message = "the warehouse holds nothing yet; run `ocop run` first"
            raise WarehouseError(message)
        snapshot = connection.scalar(text("select pg_export_snapshot()"))
        _run(
            warehouse,
            "pg_dump",
            *(f"--schema={schema}" for schema in _SCHEMAS),
            "--format=custom",
            "--no-owner",
            f"--snapshot={snapshot}",
            f"--file={target}",
        )
        return _contents(connection)


def bring_back(warehouse: Warehouse, source: Path, forms: Iterable[Form]) -> Contents:
    """Fill an unused database with a dump, as a whole or not at all, and bring it to the state this version needs.

    Nothing counts as built there. A WarehouseError says that the database has been used, or why it failed.
    """
    with one_line_errors(), warehouse.engine(None).begin() as connection:
        if connection.scalar(text("select to_regclass('ingest.submission')")) is not None:
            message = f"{warehouse.url} has been used; a backup is restored into an empty place only"
            raise WarehouseError(message)
        connection.execution_options(no_parameters=True).exec_driver_sql(ROLES)
    _run(
        warehouse,
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        f"--dbname={warehouse.parameters['dbname']}",
        str(source),
    )
    with one_line_errors(), warehouse.engine(None).begin() as connection:
        contents = _contents(connection)
        connection.execute(text("delete from ingest.deployment"))
    initialise(warehouse, forms)
    return contents


def _contents(connection: Connection) -> Contents:
    rows: dict[str, int] = {}
    for schema, name in connection.execute(text(_TABLES), {"schemas": list(_SCHEMAS)}).all():
        counted = select(func.count()).select_from(table(str(name), schema=str(schema)))
        rows[f"{schema}.{name}"] = connection.execute(counted).scalar_one()
    # A warehouse of an older version, which deleted none, may be backed up before it is upgraded.
    archived = _STILL_ARCHIVED if "ingest.deleted_copy" in rows else _ARCHIVED
    return Contents(rows, tuple(connection.scalars(text(archived))), recorded_revision(connection))


def _run(warehouse: Warehouse, program: str, *arguments: str) -> None:
    known = {_KEYWORDS[name]: value for name, value in warehouse.parameters.items() if name in _KEYWORDS}
    others = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's programs and our own arguments
        [str(installed_programs().folder / program), *arguments],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        env={**others, **known},
        cwd="/",
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        message = f"{program} failed: {next((line for line in lines if 'error' in line), lines[-1])}"
        raise WarehouseError(message)
