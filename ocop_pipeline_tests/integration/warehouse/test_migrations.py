"""Warehouses of other versions: an older one is brought up with all it holds, a newer one is left alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.district_forms import SALES_POINTS
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.migrations import revisions, versions
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.roles import let_in
from ocop_pipeline.warehouse.schema import initialise, revision_of
from ocop_pipeline.warehouse.server import Role, Warehouse, open_warehouse
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import find_unused_port
from ocop_pipeline_tests.files import csv_text, rows_of
from ocop_pipeline_tests.offices import FORMS, Office, open_office

BEFORE_REVISIONS = Path(__file__).with_name("before_revisions.sql")
POINT = {"sales_point_code": "D1", "sales_point_name": "Cửa hàng", "opened_date": "01/02/2023"}
TABLES = """
select table_schema || '.' || table_name as relation, string_agg(column_name, ', ' order by ordinal_position) as columns
from information_schema.columns inner join information_schema.tables using (table_schema, table_name)
where table_schema in ('ingest', 'raw') and table_type = 'BASE TABLE' and table_name <> 'deployment'
group by relation
"""


def run(warehouse: Warehouse, sql: str) -> None:
    with warehouse.engine(None).begin() as connection:
        connection.execution_options(no_parameters=True).exec_driver_sql(sql)


def points(*rows: dict[str, str]) -> str:
    return csv_text(rows_of(SALES_POINTS, *rows))


@pytest.fixture
def old(home: Path) -> Iterator[Office]:
    """An office whose warehouse has the tables and rows of the version before revisions, and no revision."""
    with open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        run(warehouse, BEFORE_REVISIONS.read_text(encoding="utf-8"))
        yield Office(home, warehouse)


def test_a_warehouse_from_before_revisions_keeps_every_row_and_takes_in_the_next_file(old: Office) -> None:
    tables = dict(fetch(old.warehouse, TABLES, role=None).rows)
    assert {"ingest.submission", "ingest.published_figure", "raw.sales_points"} <= tables.keys()

    def held() -> dict[str, tuple[object, ...]]:
        return {
            name: fetch(old.warehouse, f"select {columns} from {name} order by 1, 2, 3", role=None).rows  # noqa: S608
            for name, columns in tables.items()
        }

    before = held()
    assert revision_of(old.warehouse) is None
    assert initialise(old.warehouse, FORMS)
    assert revision_of(old.warehouse) == revisions()[-1]
    assert held() == before
    assert not initialise(old.warehouse, FORMS)

    old.put("district_submissions/231/sales_points_2023-06.csv", points(POINT))
    old.take_in()
    states = "select submission_id, state from ingest.submission_state order by 1"
    assert old.select(states) == [
        (1, "accepted_with_rejections"),
        (2, "withdrawn"),
        (3, "superseded"),
        (4, "rejected"),
        (5, "accepted"),
    ]
    with pytest.raises(Exception, match="it stays as it is"):
        run(old.warehouse, "delete from ingest.publication")


def test_a_form_s_new_column_reaches_a_table_with_rows_and_the_next_file_fills_it(
    embedded_warehouse: Warehouse,
) -> None:
    without = replace(SALES_POINTS, columns=tuple(c for c in SALES_POINTS.columns if c.name != "opened_date"))
    with open_office(embedded_warehouse) as office:
        office.put("district_submissions/231/sales_points_2023-05.csv", points(POINT))
        office.take_in()
        # As the version before left it, whose form did not have the column.
        run(embedded_warehouse, "alter table raw.sales_points drop column opened_date")
        initialise(embedded_warehouse, [without if form is SALES_POINTS else form for form in FORMS])
        initialise(embedded_warehouse, FORMS)
        assert office.current("sales_points", "sales_point_code, opened_date::text") == [("D1", None)]
        office.put("district_submissions/231/sales_points_2023-06.csv", points(POINT))
        office.take_in()
        assert office.current("sales_points", "sales_point_code, opened_date::text") == [
            ("D1", None),
            ("D1", "2023-02-01"),
        ]


@pytest.mark.slow
def test_a_warehouse_of_a_newer_version_is_refused_by_every_command(home: Path, unused_port: int) -> None:
    assert asked(home, "init").returncode == 0
    with open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        run(warehouse, "update ingest.alembic_version set version_num = 'r9999_later'")
        # Opened before the newer version came.
        with pytest.raises(WarehouseError, match="r9999_later is unknown here"):
            initialise(warehouse, [])
        assert revision_of(warehouse) == "r9999_later"
    up = ("up", "--port", str(unused_port), "--bi-port", str(find_unused_port()))
    for arguments in (("init",), ("run",), ("submissions",), ("scorecard",), up, ("backup", str(home / "b"))):
        done = asked(home, *arguments)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == (
            "ocop: the warehouse was made by a newer version of ocop (its revision r9999_later is unknown here); "
            "install that version, or go back to an older backup"
        )
        assert "Traceback" not in done.stderr
    done = asked(home, "doctor")
    assert done.returncode == 1
    assert "bad   warehouse: the warehouse was made by a newer version" in done.stdout


def test_who_may_not_read_the_ledger_is_let_in_without_a_look_at_its_revision(
    tcp_warehouse: Warehouse, tcp_url: str
) -> None:
    let_in(tcp_warehouse, {Role.READER: "geheim"})
    url = f"postgresql://{Role.READER}:geheim@{tcp_url.rpartition('@')[2]}"
    with open_warehouse(Settings(warehouse_url=url)) as warehouse:
        assert fetch(warehouse, "select current_user::text").rows == ((str(Role.READER),),)


def test_revisions_are_named_like_their_modules_in_one_line_and_import_nothing_of_ours() -> None:
    config = Config()
    config.set_main_option("script_location", "ocop_pipeline.warehouse:migrations")
    newest_first = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert newest_first[::-1] == revisions()
    (folder,) = versions.__path__
    for name in revisions():
        assert "ocop_pipeline" not in (Path(folder) / f"{name}.py").read_text(encoding="utf-8")
