"""The dbt project on a real server: its unit tests, and what it says of a warehouse that holds nothing."""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import pytest

from ocop_pipeline.reports.scorecard import scorecard_of
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.transform import NodeResult, build, document, everything
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Role, Warehouse, open_warehouse
from ocop_pipeline_tests.conftest import temporary_folder

pytestmark = pytest.mark.slow


class Built(NamedTuple):
    """A warehouse after a build of everything, and what became of each node."""

    warehouse: Warehouse
    results: list[NodeResult]
    settings: Settings
    selection: Sequence[str]


@pytest.fixture(scope="module")
def built() -> Iterator[Built]:
    """A fresh warehouse after a build of everything, unit tests included."""
    with temporary_folder() as home:
        settings = Settings(home=home, warehouse_url=None)
        with open_warehouse(settings) as warehouse:
            initialise(warehouse, ALL_FORMS)
            selection = everything(warehouse)
            results = build(settings, warehouse, selection, logging.getLogger(__name__))
            yield Built(warehouse, results, settings, selection)


def test_every_model_test_and_unit_test_passes(built: Built) -> None:
    results = built.results
    good = {"success", "pass", "no-op"}
    assert [(result.unique_id, result.message) for result in results if result.status not in good] == []
    assert Counter(result.unique_id.split(".")[0] for result in results)["unit_test"] >= 30


def test_two_models_are_built_at_a_time_only_where_no_view_is_replaced(built: Built) -> None:
    """The warehouse was empty, now it stands: two views that are replaced at once lock each other's dependents."""
    assert built.selection == ("--threads", "2", "--full-refresh")
    assert everything(built.warehouse) == ("--full-refresh",)


def test_each_kpi_that_is_built_has_unit_tests_of_its_own(built: Built) -> None:
    results = built.results
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
    warehouse = built.warehouse
    answer = scorecard_of(warehouse, date(2023, 11, 24), "province")
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    assert len(rows) == 12
    assert {row["status"] for row in rows} == {"not_measured"}


def test_the_reader_sees_the_marts_and_neither_evidence_nor_raw(built: Built) -> None:
    warehouse = built.warehouse
    assert fetch(warehouse, "select count(*) from marts.kpi_scorecard").rows == ((0,),)
    for relation in ("intermediate.int_evidence_rural_workers", "raw.labour_reports", "ingest.submission"):
        with pytest.raises(WarehouseError, match="permission denied"):
            fetch(warehouse, f"table {relation}")


def test_every_mart_and_each_of_its_columns_is_described_in_both_languages_in_the_database(built: Built) -> None:
    warehouse = built.warehouse
    described = fetch(
        warehouse,
        """
        select c.relname, coalesce(a.attname, ''), coalesce(d.description, '') from pg_class as c
        cross join lateral (
            select 0 as attnum, null as attname
            union all
            select attnum, attname from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
        ) as a
        left join pg_description as d
            on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = a.attnum
        where c.relnamespace = 'marts'::regnamespace and c.relkind in ('r', 'v')
        """,
        role=Role.TRANSFORMER,
    ).rows
    assert len(described) > 300
    assert [(mart, column, text) for mart, column, text in described if not is_bilingual(text)] == []


def is_bilingual(description: str) -> bool:
    """`English | Vietnamese`; hardly a Vietnamese phrase does without a mark on a letter."""
    english, bar, vietnamese = description.partition(" | ")
    return bool(bar and english.strip()) and not vietnamese.isascii()


def test_dbts_own_pages_are_written_without_a_warning_and_show_every_mart_in_both_languages(
    built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse = built.warehouse
    page = document(built.settings, warehouse, logging.getLogger(__name__))
    assert caplog.messages == []
    assert "kpi_scorecard" in page.read_text(encoding="utf-8")
    nodes = json.loads(page.with_name("catalog.json").read_text(encoding="utf-8"))["nodes"].values()
    shown = {node["metadata"]["name"]: node for node in nodes if node["metadata"]["schema"] == "marts"}
    marts = fetch(
        warehouse,
        "select relname from pg_class where relnamespace = 'marts'::regnamespace and relkind in ('r', 'v')",
        role=Role.TRANSFORMER,
    ).rows
    assert set(shown) == {name for (name,) in marts}
    for name, node in shown.items():
        assert is_bilingual(node["metadata"]["comment"] or ""), name
        assert all(is_bilingual(column["comment"] or "") for column in node["columns"].values()), name
