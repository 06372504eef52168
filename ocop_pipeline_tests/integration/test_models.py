"""The dbt project on a real server: its unit tests, and what it says of a warehouse that holds nothing."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from ocop_pipeline.reports.scorecard import scorecard_of
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.transform import NodeResult, build
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Role, Warehouse, open_warehouse
from ocop_pipeline_tests.conftest import temporary_folder

pytestmark = pytest.mark.slow

Built = tuple[Warehouse, list[NodeResult]]


@pytest.fixture(scope="module")
def built() -> Iterator[Built]:
    """A fresh warehouse after a build of everything, unit tests included."""
    with temporary_folder() as home:
        settings = Settings(home=home, warehouse_url=None)
        with open_warehouse(settings) as warehouse:
            initialise(warehouse, ALL_FORMS)
            yield warehouse, build(settings, warehouse, ["--full-refresh"], logging.getLogger(__name__))


def test_every_model_test_and_unit_test_passes(built: Built) -> None:
    _, results = built
    good = {"success", "pass", "no-op"}
    assert [(result.unique_id, result.message) for result in results if result.status not in good] == []
    assert Counter(result.unique_id.split(".")[0] for result in results)["unit_test"] >= 30


def test_each_kpi_that_is_built_has_unit_tests_of_its_own(built: Built) -> None:
    _, results = built
    tested = {result.unique_id.split(".")[2] for result in results if result.unique_id.startswith("unit_test.")}
    for kpi in (
        "certified_products",
        "rural_workers",
        "worker_income",
        "new_entities",
        "linked_products_share",
        "units_with_sales_point",
        "participating_communes_share",
    ):
        assert {f"int_evidence_{kpi}", f"kpi_{kpi}"} & tested, kpi
    assert any("online_sales" in model for model in tested)


def test_an_empty_warehouse_has_all_twelve_rows_and_measures_none(built: Built) -> None:
    warehouse, _ = built
    answer = scorecard_of(warehouse, date(2023, 11, 24), "province")
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    assert len(rows) == 12
    assert {row["status"] for row in rows} == {"not_measured"}


def test_the_reader_sees_the_marts_and_neither_evidence_nor_raw(built: Built) -> None:
    warehouse, _ = built
    assert fetch(warehouse, "select count(*) from marts.kpi_scorecard").rows == ((0,),)
    for relation in ("intermediate.int_evidence_rural_workers", "raw.labour_reports", "ingest.submission"):
        with pytest.raises(WarehouseError, match="permission denied"):
            fetch(warehouse, f"table {relation}")


def test_every_column_of_the_marts_is_described_in_the_database(built: Built) -> None:
    warehouse, _ = built
    undescribed = fetch(
        warehouse,
        """
        select c.relname, a.attname from pg_class as c
        inner join pg_attribute as a on c.oid = a.attrelid
        where c.relnamespace = 'marts'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0
            and not a.attisdropped and col_description(c.oid, a.attnum) is null
        """,
        role=Role.TRANSFORMER,
    )
    assert undescribed.rows == ()
