"""Ten years of a country's reports, straight into ingest and raw.

Belongs here: the rows (national.sql) and a ledger that fits them. Stays out: files and their judging, which cost
by the file and not by the history; what is measured (`national`).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, text

from ocop_pipeline.contracts import Form
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.warehouse.server import Warehouse

_ROWS = Path(__file__).with_name("national.sql")
_NOT_SUPERSEDING = {"order_lines"}


@dataclass(frozen=True)
class Size:
    """How much there is: products, months up to `last_month_end`, order lines."""

    products: int
    months: int
    order_lines: int
    last_month_end: date


def fill(settings: Settings, warehouse: Warehouse, size: Size) -> dict[str, int]:
    """Fill a fresh, initialised warehouse in one transaction; the rows of each raw table that has any."""
    with warehouse.engine(None).begin() as plain:
        connection = plain.execution_options(no_parameters=True)
        for seed in ("units", "unit_map"):
            _copy_seed(connection, settings.seeds / f"{seed}.csv")
        connection.exec_driver_sql(
            f"create temp table size as select {size.products} as products, {size.months} as months, "
            f"{size.order_lines} as order_lines, date '{size.last_month_end}' as last_month_end"
        )
        connection.exec_driver_sql(_ROWS.read_text(encoding="utf-8"))
        forms = _filled_forms(connection)
        _write_ledger(connection, forms)
        for form, _ in forms:
            _write_raw(connection, form)
        found = connection.exec_driver_sql("select form, sum(row_count)::bigint from ingest.load group by form")
        counts = {row[0]: int(row[1]) for row in found}
    with warehouse.engine(None).connect() as plain:
        # Autovacuum does it within a minute or so of any loading.
        plain.execution_options(isolation_level="AUTOCOMMIT").execute(text("vacuum (analyze)"))
    return counts


def _copy_seed(connection: Connection, path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
        types = ", ".join(
            f"{name} {'date' if name.endswith(('valid_from', 'valid_to')) else 'text'}" for name in columns
        )
        connection.exec_driver_sql(f"create temp table {path.stem} ({types})")
        connection.connection.cursor().copy_expert(f"copy {path.stem} from stdin with (format csv)", file)


def _filled_forms(connection: Connection) -> list[tuple[Form, str]]:
    """The forms that national.sql has rows for, each with its source."""
    tables = connection.exec_driver_sql("select relname from pg_class where relnamespace = pg_my_temp_schema()")
    names = {row[0] for row in tables}
    return [(form, source.name) for source in ALL_SOURCES for form in source.forms if f"new_{form.name}" in names]


def _write_ledger(connection: Connection, forms: list[tuple[Form, str]]) -> None:
    """One submission per source, unit and period, in the order of the periods; one load per form of it."""
    cells = " union all ".join(
        f"select '{source}' as source, '{form.name}' as form, unit_code, period_from, period_to, "  # noqa: S608
        f"count(*) as row_count, {form.name not in _NOT_SUPERSEDING} as is_superseding "
        f"from new_{form.name} group by 3, 4, 5"
        for form, source in forms
    )
    connection.exec_driver_sql(f"""
        create temp table cells as
        select
            *,
            dense_rank() over (order by coalesce(period_to, '2016-01-01'), period_from, source, unit_code)
                as submission_id,
            row_number() over (order by coalesce(period_to, '2016-01-01'), period_from, source, unit_code, form)
                as load_id
        from ({cells}) as told;

        insert into ingest.submission (
            submission_id, source, file_name, inbox_path, sha256, size_bytes, unit_code, period_from, period_to,
            received_at, outcome, rows_read, rows_accepted, rows_rejected, run_id
        )
        select
            submission_id, source, 'report.xlsx', format('%s/%s/%s.xlsx', source, unit_code, period_from),
            sha256(submission_id::text::bytea)::text, 1, unit_code, period_from, period_to,
            coalesce(period_to, '2016-01-01') + interval '5 days', 'accepted',
            sum(row_count), sum(row_count), 0, 'benchmark'
        from cells
        group by submission_id, source, unit_code, period_from, period_to;

        insert into ingest.load (
            load_id, submission_id, source, form, unit_code, period_from, period_to, known_from, row_count,
            is_superseding
        )
        select
            load_id, submission_id, source, form, unit_code, period_from, period_to,
            coalesce(period_to, '2016-01-01') + interval '5 days' + load_id * interval '1 microsecond', row_count,
            is_superseding
        from cells;
    """)  # noqa: S608 - names of our own forms


def _write_raw(connection: Connection, form: Form) -> None:
    found = connection.exec_driver_sql(f"select * from new_{form.name} limit 0")  # noqa: S608
    names: tuple[str, ...] = tuple(found.keys())
    columns = ", ".join(name for name in names if name not in {"unit_code", "period_from", "period_to"})
    connection.exec_driver_sql(f"""
        insert into raw.{form.name} (load_id, submission_id, source_sheet, source_row, {columns})
        select
            load_id, submission_id, '{form.sheet}', row_number() over (partition by load_id), {columns}
        from new_{form.name} as new
        inner join cells
            on
                cells.form = '{form.name}'
                and new.unit_code = cells.unit_code
                and new.period_from is not distinct from cells.period_from
                and new.period_to is not distinct from cells.period_to
        order by load_id
    """)  # noqa: S608 - names of our own forms
