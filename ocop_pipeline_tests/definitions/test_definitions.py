"""What Dagster loads: the exact assets, and that loading them costs and creates next to nothing."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from ocop_pipeline.contracts import Source
from ocop_pipeline.definitions import definitions_for
from ocop_pipeline.defs.jobs import nightly_refresh
from ocop_pipeline.defs.source_assets import source_assets
from ocop_pipeline.settings import PROJECT_ROOT, Settings
from ocop_pipeline.sources import ALL_SOURCES

INBOX = {"district_submissions", "ecommerce_sales", "labour_statistics", "registries", "reporting", "reports"}
RAW = {
    "entities",
    "entity_aliases",
    "labour_reports",
    "linkage_contracts",
    "order_lines",
    "order_returns",
    "product_aliases",
    "product_events",
    "product_values",
    "promotion_events",
    "province_indicators",
    "sales_point_aliases",
    "sales_points",
    "sku_products",
    "support_disbursements",
}
MARTS = {
    "dim_alias",
    "dim_date",
    "dim_entity",
    "dim_marketplace",
    "dim_product",
    "dim_sku",
    "dim_submission",
    "dim_unit",
    "fct_certificates",
    "fct_disagreements",
    "fct_linkage_contracts",
    "fct_order_lines",
    "fct_order_returns",
    "fct_participations",
    "fct_product_values",
    "fct_promotion_events",
    "fct_province_indicators",
    "fct_reporting",
    "fct_sales_daily",
    "fct_sales_points",
    "fct_support_disbursements",
    "kpi_certified_products",
    "kpi_certified_products_runoff_at",
    "kpi_evidence_at",
    "kpi_expiring_certificates_at",
    "kpi_labour_context",
    "kpi_linked_products_share",
    "kpi_new_entities",
    "kpi_next_candidates_at",
    "kpi_online_sales",
    "kpi_participating_communes_share",
    "kpi_product_value",
    "kpi_published",
    "kpi_reporting_rates",
    "kpi_scorecard",
    "kpi_scorecard_at",
    "kpi_support_funding",
    "kpi_trade_promotion_events",
    "kpi_units_with_sales_point",
    "kpi_value_growth",
    "kpi_values",
    "kpi_values_at",
}
SEEDS = {
    "district_tiles",
    "kpi_catalogue",
    "kpi_parameters",
    "kpi_variants",
    "marketplaces",
    "product_groups",
    "reconciliation_measures",
    "reconciliation_rules",
    "reporting_obligations",
    "shops",
    "source_corrections",
    "star_ratings",
    "statistics_indicators",
    "statistics_places",
    "target_allocations",
    "targets",
    "unit_aliases",
    "unit_map",
    "units",
}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return definitions_for(Settings(home=Path("does-not-exist")))


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {"/".join(spec.key.path): spec for spec in definitions.resolve_all_asset_specs()}


@pytest.mark.parametrize(("schema", "names"), [("inbox", INBOX), ("raw", RAW), ("marts", MARTS), ("seeds", SEEDS)])
def test_the_assets_of_a_schema_are_exactly_these(specs: dict[str, dg.AssetSpec], schema: str, names: set[str]) -> None:
    assert {key.partition("/")[2] for key in specs if key.startswith(f"{schema}/")} == names


def test_every_asset_lies_in_a_known_schema(specs: dict[str, dg.AssetSpec]) -> None:
    schemas = {"inbox", "ingest", "raw", "seeds", "staging", "intermediate", "marts", "outbox"}
    assert {key.partition("/")[0] for key in specs} == schemas


def test_every_raw_table_is_read_by_a_staging_model_under_the_same_key(specs: dict[str, dg.AssetSpec]) -> None:
    read = {
        "/".join(dep.asset_key.path) for key, spec in specs.items() if key.startswith("staging/") for dep in spec.deps
    }
    assert {f"raw/{name}" for name in RAW} <= read


def test_every_asset_has_an_owner_a_group_a_kind_and_a_description(specs: dict[str, dg.AssetSpec]) -> None:
    bare = [
        key for key, spec in specs.items() if not (spec.owners and spec.group_name and spec.kinds and spec.description)
    ]
    assert bare == []


def test_the_marts_and_only_they_have_a_deadline(specs: dict[str, dg.AssetSpec]) -> None:
    assert {key for key, spec in specs.items() if spec.freshness_policy} == {f"marts/{name}" for name in MARTS}


@pytest.mark.parametrize("source", ALL_SOURCES, ids=lambda source: source.name)
def test_every_form_and_every_inbox_has_its_check_which_stops_nothing(source: Source) -> None:
    checks = {f"{check.asset_key.to_user_string()}:{check.name}": check for check in source_assets(source).check_specs}
    forms = {f"raw/{form.name}:rows_accepted" for form in source.forms}
    assert set(checks) == {f"inbox/{source.name}:files_accepted", *forms}
    assert not any(check.blocking for check in checks.values())


def test_the_night_begins_at_two_in_hanoi() -> None:
    assert nightly_refresh.cron_schedule == "0 2 * * *"
    assert nightly_refresh.execution_timezone == "Asia/Ho_Chi_Minh"
    assert nightly_refresh.default_status is dg.DefaultScheduleStatus.RUNNING


def test_loading_imports_neither_great_expectations_nor_the_dbt_program() -> None:
    program = (
        "import sys; from ocop_pipeline.definitions import definitions; definitions()\n"
        "print([name for name in ('great_expectations', 'dbt.cli.main') if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_the_workspace_loads_without_creating_a_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "--workspace", PROJECT_ROOT / "workspace.yaml"],
        env={**os.environ, "OCOP_HOME": str(home), "PYTHONPATH": str(PROJECT_ROOT)},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert not home.exists()
