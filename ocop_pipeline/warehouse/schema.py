"""Roles, schemas, the ledger's views, and one raw table per form: what must exist before the first file is loaded.

Belongs here: what may be made again and again, as SQL, and when that is done. Stays out: the tables of `ingest`
(`migrations`); writing and reading rows (`ledger`, `query`); staging to marts, which dbt makes.
"""

import hashlib
from collections.abc import Iterable
from types import MappingProxyType

from sqlalchemy import Connection, text

from ocop_pipeline.contracts import ColumnType, Form
from ocop_pipeline.warehouse.errors import WarehouseError, one_line_errors
from ocop_pipeline.warehouse.ledger_views import LEDGER_VIEWS
from ocop_pipeline.warehouse.migrations import recorded_revision, revisions, upgrade
from ocop_pipeline.warehouse.publication_guards import PUBLICATION_GUARDS
from ocop_pipeline.warehouse.server import Role, Warehouse

RAW_TYPES = MappingProxyType(
    {
        ColumnType.TEXT: "text",
        ColumnType.INTEGER: "bigint",
        ColumnType.NUMBER: "numeric",
        ColumnType.DATE: "date",
        ColumnType.TIMESTAMP: "timestamp without time zone",
        ColumnType.BOOLEAN: "boolean",
        ColumnType.COMMUNE: "text",
        ColumnType.UNIT: "text",
    }
)
"""The type of a raw column. Timestamps are local times, GMT+7."""
LINEAGE = MappingProxyType(
    {"load_id": "bigint", "submission_id": "bigint", "source_sheet": "text", "source_row": "integer"}
)
"""The columns that every raw table begins with: which load, which file, where in it."""

_LOCK = 4_553_001
_FINGERPRINT = "schema"


def initialise(warehouse: Warehouse, forms: Iterable[Form]) -> bool:
    """Bring the database to the state that this version and these forms need; at once when it is there.

    Whether there was anything to do. Two processes may do it together. A form's new column reaches its raw table; a
    column that is gone from the form stays. A WarehouseError names a raw column whose type has changed: raw is
    append-only; a NewerVersionError says that the tables are beyond this version.
    """
    forms = tuple(forms)
    below = "\n".join([ROLES, *([_LOGINS, NOT_FOR_ALL] if warehouse.is_embedded else []), _SCHEMAS])
    above = "\n".join([LEDGER_VIEWS, PUBLICATION_GUARDS, *(_raw_table(form) for form in forms), _GRANTS])
    with one_line_errors(), warehouse.engine(None).begin() as connection:
        fingerprint = _fingerprint(connection, below, *revisions(), above)
        if _recorded(connection) == fingerprint:
            return False
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.exec_driver_sql("set local client_min_messages = warning")
        # Without parameters the driver leaves every % and : in a script alone.
        connection.execution_options(no_parameters=True)
        connection.exec_driver_sql(below)
        upgrade(connection)
        connection.exec_driver_sql(above)
        _check_types(connection, forms)
        connection.execute(
            text(
                "insert into ingest.deployment (key, value) values (:key, :value) "
                "on conflict (key) do update set value = excluded.value"
            ),
            {"key": _FINGERPRINT, "value": fingerprint},
        )
    return True


def revision_of(warehouse: Warehouse) -> str | None:
    """The revision that the tables of `ingest` are at; None where there are none, or those before the first."""
    with one_line_errors(), warehouse.engine(None).connect() as connection:
        return recorded_revision(connection)


def _fingerprint(connection: Connection, *parts: str) -> str:
    """What is made, and who makes it: another user still needs the membership in the roles."""
    user = str(connection.exec_driver_sql("select current_user").scalar_one())
    return hashlib.sha256("\n".join([user, *parts]).encode()).hexdigest()


def _recorded(connection: Connection) -> str | None:
    if connection.exec_driver_sql("select to_regclass('ingest.deployment')").scalar() is None:
        return None
    found = connection.execute(text("select value from ingest.deployment where key = :key"), {"key": _FINGERPRINT})
    return found.scalar()


def _raw_table(form: Form) -> str:
    wanted = {**LINEAGE, **{column.name: RAW_TYPES[column.type] for column in form.columns}}
    lineage = ", ".join(f"{name} {type_} not null" for name, type_ in LINEAGE.items())
    # No key and no foreign key: checked row by row they cost more than the loading itself.
    statements = [f"create table if not exists raw.{form.name} ({lineage});"]
    statements += [
        f"alter table raw.{form.name} add column if not exists {name} {type_};"
        for name, type_ in wanted.items()
        if name not in LINEAGE
    ]
    statements.append(f"comment on table raw.{form.name} is {_literal('One row is ' + form.grain + '.')};")
    statements += [
        f"comment on column raw.{form.name}.{column.name} is {_literal(column.description)};" for column in form.columns
    ]
    if form.day_column:
        index = f"{form.name}_load_day on raw.{form.name} (load_id, ({form.day_column}::date))"
        statements.append(f"create index if not exists {index};")
    return "\n".join(statements)


def _literal(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _check_types(connection: Connection, forms: Iterable[Form]) -> None:
    rows = connection.exec_driver_sql(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'raw'"
    )
    found = {(table, column): type_ for table, column, type_ in rows}
    for form in forms:
        for column in form.columns:
            has, wants = found[form.name, column.name], RAW_TYPES[column.type]
            if has != wants:
                message = (
                    f"raw.{form.name}.{column.name} is {has} and its form now wants {wants}; "
                    "raw is append-only: give the column another name"
                )
                raise WarehouseError(message)


# A server's administrator may have made the roles for a user who must not; then nothing is left to do here.
# Roles belong to the whole server: another database's initialisation may be making them right now.
ROLES = "\n".join(
    f"""\
do $$ begin
    if to_regrole('{role}') is null then
        create role {role};
    end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
    grant {role} to current_user;
exception when insufficient_privilege then null;
end $$;"""
    for role in Role
)

NOT_FOR_ALL = f"""\
do $$ declare
    able regprocedure;
begin
    for able in
        select oid from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname in (
            'lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_truncate', 'lo_truncate64', 'lowrite',
            'pg_logical_emit_message'
        )
    loop
        execute format('revoke execute on function %s from public', able);
    end loop;
    for able in
        select oid from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^pg_(try_)?advisory_(xact_)?lock'
    loop
        execute format('revoke execute on function %s from public', able);
        execute format('grant execute on function %s to {Role.LOADER}', able);
    end loop;
end $$;"""  # noqa: S608 - a role of ours
"""PostgreSQL lets everybody store large objects, write into its log, and hold the locks under which files are taken in;
only a superuser can end that."""

_LOGINS = "\n".join(f"alter role {role} login;" for role in Role)
"""Over the embedded server's socket, so that a query cannot go back to the role of its owner."""

_SCHEMAS = "\n".join(
    [
        """\
do $$ begin
    execute format('alter database %I set timezone = ''Asia/Ho_Chi_Minh''', current_database());
    -- A lock held by a client that was killed is free after 2 s, not after the network's time-out.
    execute format('alter database %I set client_connection_check_interval = ''2s''', current_database());
end $$;
create schema if not exists ingest;
create schema if not exists raw;""",
        *(
            f"create schema if not exists {schema} authorization {Role.TRANSFORMER};"
            for schema in ("seeds", "staging", "intermediate", "marts", "as_known")
        ),
    ]
)

_AUDITOR_READS = "\n".join(
    f"""\
grant usage on schema {schema} to {Role.AUDITOR};
grant select on all tables in schema {schema} to {Role.AUDITOR};
alter default privileges for role {Role.TRANSFORMER} in schema {schema} grant select on tables to {Role.AUDITOR};"""
    for schema in ("seeds", "intermediate", "marts")
)

_GRANTS = f"""\
do $$ begin
    execute format('revoke temporary on database %I from public', current_database());
    execute format('grant temporary on database %I to {Role.TRANSFORMER}', current_database());
end $$;
grant usage on schema ingest, raw to {Role.LOADER}, {Role.TRANSFORMER};
grant select, insert on all tables in schema ingest, raw to {Role.LOADER};
revoke insert on ingest.alembic_version from {Role.LOADER};
grant update (known_to, closed_by) on ingest.load to {Role.LOADER};
grant update (value) on ingest.deployment to {Role.LOADER};
grant update (number, run_id, started_at, emptied_at) on ingest.attempt to {Role.LOADER};
grant select on all tables in schema ingest, raw to {Role.TRANSFORMER};
grant usage on schema marts to {Role.READER};
grant usage on schema as_known to {Role.READER}, {Role.AUDITOR};
grant select on all tables in schema marts to {Role.READER};
alter default privileges for role {Role.TRANSFORMER} in schema marts grant select on tables to {Role.READER};
{_AUDITOR_READS}"""
