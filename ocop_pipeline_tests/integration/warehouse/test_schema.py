"""What `initialise` leaves behind: tables that grow with their forms, roles that may do what they are named for."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ocop_pipeline.contracts import Column, ColumnType
from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.deployment import deployed, remember_deployed
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Role, Warehouse, open_warehouse
from ocop_pipeline_tests.conftest import TOY_FORM


def run_as(warehouse: Warehouse, role: Role, sql: str) -> None:
    with warehouse.engine(role).begin() as connection:
        connection.exec_driver_sql(sql)


def test_every_type_of_a_contract_has_its_type_in_raw(any_warehouse: Warehouse) -> None:
    found = fetch(
        any_warehouse,
        "select column_name, data_type from information_schema.columns "
        "where table_schema = 'raw' and table_name = 'toy_values' order by ordinal_position",
        role=Role.TRANSFORMER,
    )
    assert found.rows[:11] == (
        ("load_id", "bigint"),
        ("submission_id", "bigint"),
        ("source_sheet", "text"),
        ("source_row", "integer"),
        ("product_code", "text"),
        ("worker_count", "bigint"),
        ("revenue_vnd", "numeric"),
        ("opened_date", "date"),
        ("ordered_at", "timestamp without time zone"),
        ("is_woman_led", "boolean"),
        ("commune_code", "text"),
    )


def test_a_second_time_nothing_happens_and_it_is_quick(any_warehouse: Warehouse) -> None:
    initialise(any_warehouse, [TOY_FORM])
    began = time.monotonic()
    initialise(any_warehouse, [TOY_FORM])
    assert time.monotonic() - began < 0.3


def test_a_new_column_reaches_the_raw_table_that_is_already_there(warehouse: Warehouse) -> None:
    grown = replace(TOY_FORM, columns=(*TOY_FORM.columns, Column("note", "Ghi chú", "It's 100% a note: :x")))
    initialise(warehouse, [grown])
    assert fetch(warehouse, "select note from raw.toy_values", role=Role.TRANSFORMER).columns == ("note",)


def test_a_column_that_changes_its_type_is_refused_by_name(warehouse: Warehouse) -> None:
    first = replace(TOY_FORM.columns[0], type=ColumnType.DATE)
    with pytest.raises(WarehouseError, match=r"raw\.toy_values\.product_code is text and its form now wants date"):
        initialise(warehouse, [replace(TOY_FORM, columns=(first,))])


def test_two_processes_may_initialise_at_once(used_home: Path) -> None:
    with open_warehouse(Settings(home=used_home, warehouse_url=None)) as warehouse, ThreadPoolExecutor(4) as threads:
        for outcome in [threads.submit(initialise, warehouse, [TOY_FORM]) for _ in range(4)]:
            outcome.result()


def test_days_are_days_in_vietnam_for_every_role(any_warehouse: Warehouse) -> None:
    for role in Role:
        assert fetch(any_warehouse, "show timezone", role=role).rows == (("Asia/Ho_Chi_Minh",),)


def test_the_reader_sees_marts_that_dbt_makes_and_nothing_else(any_warehouse: Warehouse) -> None:
    for sql in (
        "drop table if exists marts.figure, intermediate.evidence cascade",
        "create table intermediate.evidence as select 231 as row_number",
        "create table marts.figure as select 194 as value",
        "create or replace view marts.traced as select row_number from intermediate.evidence",
    ):
        run_as(any_warehouse, Role.TRANSFORMER, sql)
    assert fetch(any_warehouse, "select value, row_number from marts.figure, marts.traced").rows == ((194, 231),)
    for hidden in ("raw.toy_values", "ingest.submission", "ingest.quarantine", "intermediate.evidence"):
        with pytest.raises(WarehouseError, match="permission denied"):
            fetch(any_warehouse, f"table {hidden}")


@pytest.mark.parametrize(
    ("role", "sql"),
    [
        (Role.LOADER, "create table marts.figure_of_my_own (value integer)"),
        (Role.LOADER, "delete from raw.toy_values"),
        (Role.LOADER, "update raw.toy_values set product_code = 'x'"),
        (Role.LOADER, "delete from ingest.submission"),
        (Role.LOADER, "insert into ingest.alembic_version values ('r9999')"),
        (Role.TRANSFORMER, "insert into raw.toy_values values (1, 1, 'x', 1)"),
        (Role.TRANSFORMER, "update ingest.load set known_to = now()"),
        (Role.READER, "create table marts.figure_of_my_own (value integer)"),
    ],
)
def test_no_role_may_do_more_than_its_name_says(any_warehouse: Warehouse, role: Role, sql: str) -> None:
    with pytest.raises(Exception, match=r"permission denied|read-only"):
        run_as(any_warehouse, role, sql)


def test_what_was_deployed_is_remembered(warehouse: Warehouse) -> None:
    remember_deployed(warehouse, "test", "a")
    remember_deployed(warehouse, "test", "b")
    assert deployed(warehouse, "test") == "b"
    assert deployed(warehouse, "never deployed") is None
