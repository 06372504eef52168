"""Reading: as the reader, read-only, with the session's day and moment, and errors of one line."""

from datetime import UTC, date, datetime

import pytest

from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

SETTINGS = "select current_setting('ocop.as_of', true), current_setting('ocop.known_at', true)"


def test_a_query_gives_its_columns_and_rows(any_warehouse: Warehouse) -> None:
    answer = fetch(any_warehouse, "select 'Hạ Hoà' as unit_name, 100 as share, ':x %s' as text")
    assert answer == Answer(("unit_name", "share", "text"), (("Hạ Hoà", 100, ":x %s"),))


def test_values_are_bound_never_pasted(warehouse: Warehouse) -> None:
    assert fetch(warehouse, "select :name as name", {"name": "'; drop table x; --"}).rows == (("'; drop table x; --",),)


def test_the_day_and_the_moment_last_for_one_query_only(warehouse: Warehouse) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    asked = fetch(warehouse, SETTINGS, as_of=date(2023, 11, 24), known_at=moment)
    assert asked.rows == (("2023-11-24", "2024-01-01T00:00:00+00:00"),)
    assert fetch(warehouse, SETTINGS).rows in [(("", ""),), ((None, None),)]


@pytest.mark.parametrize("role", list(Role))
def test_nothing_can_be_written_whoever_asks(warehouse: Warehouse, role: Role) -> None:
    with pytest.raises(WarehouseError, match="cannot execute CREATE TABLE in a read-only transaction"):
        fetch(warehouse, "create table marts.x (value integer)", role=role)


def test_an_error_is_the_sentence_of_the_server(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match=r'^syntax error at or near "selec"$'):
        fetch(warehouse, "selec 1")


def test_a_statement_without_rows_answers_nothing(warehouse: Warehouse) -> None:
    assert fetch(warehouse, "set local work_mem = '8MB'") == Answer((), ())
