"""Roles, schemas, the ledger's tables and views, and one raw table per form.

Belongs here: what must exist before the first file is loaded, as one statement of SQL that may run again and
again. Stays out: writing and reading rows (`ledger`, `query`); staging to marts, which dbt makes.
"""

import hashlib
from collections.abc import Iterable
from types import MappingProxyType

from sqlalchemy import Connection, text

from ocop_pipeline.contracts import ColumnType, Form
from ocop_pipeline.warehouse.errors import WarehouseError, one_line_errors
from ocop_pipeline.warehouse.ledger_views import LEDGER_VIEWS
from ocop_pipeline.warehouse.publication_tables import PUBLICATION_TABLES
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


def initialise(warehouse: Warehouse, forms: Iterable[Form]) -> None:
    """Bring the database to the state that this version and these forms need; at once when it is there.

    Two processes may do it together. A form's new column reaches its raw table; a column that is gone from
    the form stays. A WarehouseError names a raw column whose type has changed: raw is append-only.
    """
    forms = tuple(forms)
    roles = [ROLES, _LOGINS] if warehouse.is_embedded else [ROLES]
    script = "\n".join(
        [*roles, _SCHEMAS, _LEDGER, LEDGER_VIEWS, PUBLICATION_TABLES, *(_raw_table(form) for form in forms), _GRANTS]
    )
    with one_line_errors(), warehouse.engine(None).begin() as connection:
        fingerprint = _fingerprint(connection, script)
        if _recorded(connection) == fingerprint:
            return
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.exec_driver_sql("set local client_min_messages = warning")
        # Without parameters the driver leaves every % and : in the script alone.
        connection.execution_options(no_parameters=True).exec_driver_sql(script)
        _check_types(connection, forms)
        connection.execute(
            text(
                "insert into ingest.deployment (key, value) values (:key, :value) "
                "on conflict (key) do update set value = excluded.value"
            ),
            {"key": _FINGERPRINT, "value": fingerprint},
        )


def _fingerprint(connection: Connection, script: str) -> str:
    """The script and who runs it: another user still needs the membership in the roles."""
    user = str(connection.exec_driver_sql("select current_user").scalar_one())
    return hashlib.sha256(f"{user}\n{script}".encode()).hexdigest()


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

_LEDGER = """\
create table if not exists ingest.deployment (key text primary key, value text not null);
comment on table ingest.deployment is 'What was last deployed here: one row per thing deployed.';

create table if not exists ingest.submission (
    submission_id bigint primary key,
    source text not null,
    file_name text not null,
    inbox_path text not null,
    sha256 text not null,
    size_bytes bigint not null,
    unit_code text,
    period_label text,
    period_from date,
    period_to date,
    received_at timestamptz not null,
    outcome text not null check (outcome in ('accepted', 'accepted_with_rejections', 'rejected', 'duplicate')),
    rows_read integer not null,
    rows_accepted integer not null,
    rows_rejected integer not null,
    run_id text not null,
    rule text,
    place text,
    reason_vi text,
    reason_en text,
    duplicate_of bigint references ingest.submission,
    archive_path text
);
alter table ingest.submission add column if not exists arrived_at timestamptz;
comment on table ingest.submission is 'One row is a file that arrived.';
comment on column ingest.submission.arrived_at is
    'When it was put into the inbox; received_at is when it was taken in. Empty for files of earlier versions.';
create index if not exists submission_sha256 on ingest.submission (sha256);

create table if not exists ingest.load (
    load_id bigint primary key,
    submission_id bigint not null references ingest.submission,
    source text not null,
    form text not null,
    unit_code text not null,
    period_from date,
    period_to date,
    known_from timestamptz not null,
    known_to timestamptz check (known_to > known_from),
    closed_by bigint references ingest.load deferrable initially deferred,
    row_count integer not null,
    is_superseding boolean not null
);
comment on table ingest.load is
    'One row is the rows that one file brought for one form, unit and period [period_from, period_to).';
comment on column ingest.load.closed_by is 'The load that took its place, from known_to on.';
comment on column ingest.load.is_superseding is
    'Whether it took the place of the earlier load of its form, unit and period.';
create unique index if not exists load_current on ingest.load (form, unit_code, period_from, period_to)
    nulls not distinct where known_to is null and is_superseding;

create table if not exists ingest.quarantine (
    submission_id bigint not null references ingest.submission,
    form text not null,
    source_sheet text not null,
    source_row integer not null,
    rules text[] not null,
    reasons_vi text not null,
    reasons_en text not null,
    cells jsonb not null,
    primary key (submission_id, form, source_sheet, source_row)
);
alter table ingest.quarantine add column if not exists blamed jsonb not null default '[]';
comment on table ingest.quarantine is 'One row is a source row that was rejected, with every reason.';
comment on column ingest.quarantine.blamed is
    'The wrong cells: heading, column in the sheet (1 is A, null when it was not sent), reason in Vietnamese.';

create table if not exists ingest.repair (
    submission_id bigint not null references ingest.submission,
    form text not null,
    source_sheet text not null,
    source_row integer not null,
    column_name text not null,
    said text not null,
    read text not null,
    rule text not null
);
comment on table ingest.repair is
    'One row is a cell that was read as something else than it said, by a rule that leaves no doubt.';
create index if not exists repair_submission on ingest.repair (submission_id);

-- What a file leaves behind is written piece after piece, the file itself last.
alter table ingest.quarantine alter constraint quarantine_submission_id_fkey deferrable initially deferred;
alter table ingest.repair alter constraint repair_submission_id_fkey deferrable initially deferred;"""

_AUDITOR_READS = "\n".join(
    f"""\
grant usage on schema {schema} to {Role.AUDITOR};
grant select on all tables in schema {schema} to {Role.AUDITOR};
alter default privileges for role {Role.TRANSFORMER} in schema {schema} grant select on tables to {Role.AUDITOR};"""
    for schema in ("seeds", "intermediate", "marts")
)

_GRANTS = f"""\
grant usage on schema ingest, raw to {Role.LOADER}, {Role.TRANSFORMER};
grant select, insert on all tables in schema ingest, raw to {Role.LOADER};
grant update (known_to, closed_by) on ingest.load to {Role.LOADER};
grant update (value) on ingest.deployment to {Role.LOADER};
grant select on all tables in schema ingest, raw to {Role.TRANSFORMER};
grant usage on schema marts to {Role.READER};
grant usage on schema as_known to {Role.READER}, {Role.AUDITOR};
grant select on all tables in schema marts to {Role.READER};
alter default privileges for role {Role.TRANSFORMER} in schema marts grant select on tables to {Role.READER};
{_AUDITOR_READS}"""
