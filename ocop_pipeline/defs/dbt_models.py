"""The dbt models, seeds and tests as assets and checks, and the step that builds them.

Belongs here: what of dbt Dagster shows, and what is built when. Stays out: dbt as a program (`transform`), SQL.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path

import dagster as dg
from dagster._core.storage.asset_check_execution_record import COMPLETED_ASSET_CHECK_EXECUTION_RECORD_STATUSES
from dagster_dbt import dbt_assets

from ocop_pipeline.defs.jobs import TIME_ZONE
from ocop_pipeline.defs.resources import repeated_when_gone
from ocop_pipeline.defs.sales_plots import SALES, SALES_METADATA, sales_metadata
from ocop_pipeline.defs.scorecard_plots import PLOT_METADATA, SCORECARD, plot_metadata
from ocop_pipeline.defs.source_assets import OWNERS
from ocop_pipeline.defs.tables import TABLE_METADATA, TableMetadata, relation_metadata
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.transform import NEVER_BUILT, NIGHTLY, NodeResult, build, everything, project_fingerprint
from ocop_pipeline.warehouse.deployment import BUILD, PROJECT, deployed, remember_deployed
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

UNIQUE_ID = "dagster_dbt/unique_id"
"""The metadata by which dagster-dbt ties its assets and checks to dbt's nodes."""
MATERIALIZED = "dagster-dbt/materialization_type"
COLUMN_SCHEMA = "dagster/column_schema"
MAY_HOLD_CITIZEN_ID = "may_hold_citizen_id"
"""Tag of a model's column, called as what a contract says of a form's."""
NOTHING_NEW = "ocop/nothing_new"
"""Tag of a run that was started knowing that nothing is new: it shows the marts again and leaves the rest alone. Should
a file arrive after all, everything is built, as in any other night."""
UP_TO_DATE_BY_SIX = dg.FreshnessPolicy.cron(
    deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=6), timezone=TIME_ZONE
)
_PICTURES = {SCORECARD: plot_metadata, SALES: sales_metadata}
_SHOWN = (*TABLE_METADATA, *PLOT_METADATA, *SALES_METADATA)
_GOOD = {"success", "pass", "warn", "no-op"}

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


def dbt_models(manifest: Path) -> dg.AssetsDefinition:
    """One step that builds the dbt project; assets are named schema/relation, dbt tests are their checks.

    A changed project is built as a whole, new rows rebuild the tables, and when neither the project, the ledger
    nor the last month end has changed since the last good build, nothing is done: assets and checks then show
    again what they showed. One asset, started by hand, is always built.
    """

    @dbt_assets(manifest=manifest, name="build_dbt_models")
    def models(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[Event]:
        is_whole = not context.is_subset or NOTHING_NEW in context.run.tags
        if is_whole and is_up_to_date(settings, warehouse):
            context.log.info("Nothing has changed since the last build.")
            yield from _unchanged(context, warehouse)
            return
        with repeated_when_gone():
            project = project_fingerprint(settings.dbt_project)
            state = f"{project} {_data_state(warehouse)}"
            is_new = deployed(warehouse, PROJECT) != project
            selection = _selection(context, warehouse, is_whole=is_whole, is_new=is_new)
            results = build(settings, warehouse, selection, context.log)
        yield from _built(context, warehouse, results)
        _raise_unless_good(results)
        if is_whole:
            remember_deployed(warehouse, PROJECT, project)
            remember_deployed(warehouse, BUILD, state)

    return models.map_asset_specs(_shown)


def is_up_to_date(settings: Settings, warehouse: Warehouse) -> bool:
    """Whether neither the project, the ledger nor the last month end has changed since the last good build."""
    state = f"{project_fingerprint(settings.dbt_project)} {_data_state(warehouse)}"
    return deployed(warehouse, BUILD) == state


def _shown(spec: dg.AssetSpec) -> dg.AssetSpec:
    """Owners for all; a deadline for what people read."""
    owned = spec.replace_attributes(owners=spec.owners or OWNERS)
    return dg.apply_freshness_policy(owned, UP_TO_DATE_BY_SIX) if spec.key.path[0] == "marts" else owned


def _data_state(warehouse: Warehouse) -> str:
    """What the figures depend on beside the project: the ledger, and the last month end that has passed."""
    position = fetch(warehouse, "select position from ingest.ledger_position", role=Role.LOADER).rows[0][0]
    return f"{position} {datetime.now(tz=VIETNAM):%Y-%m}"


def _selection(context: dg.AssetExecutionContext, warehouse: Warehouse, *, is_whole: bool, is_new: bool) -> list[str]:
    if not is_whole:
        selected = [spec for key, spec in context.assets_def.specs_by_key.items() if key in context.selected_asset_keys]
        names = [f"fqn:{spec.key.path[-1]}" for spec in selected]
        return ["--select", *names, "--exclude", *NEVER_BUILT]
    return [*everything(warehouse), "--exclude", *NEVER_BUILT] if is_new else list(NIGHTLY)


def _built(context: dg.AssetExecutionContext, warehouse: Warehouse, results: Sequence[NodeResult]) -> Iterator[Event]:
    """Each built relation with its rows, each test with its verdict; a view that was left alone shows new rows."""
    by_id = {result.unique_id: result for result in results}
    all_good = all(result.status in _GOOD for result in results)
    for key in _upstream_first(context):
        spec = context.assets_def.specs_by_key[key]
        result = by_id.get(spec.metadata[UNIQUE_ID])
        if result.status in _GOOD if result else all_good:
            yield dg.MaterializeResult(asset_key=key, metadata=_metadata(warehouse, spec))
    for check in context.assets_def.check_specs:
        result = by_id.get((check.metadata or {})[UNIQUE_ID])
        if result and check.key in context.selected_asset_check_keys and result.status != "skipped":
            yield _verdict(check, result)


def _unchanged(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[Event]:
    """What assets and checks showed last, again: counting rows anew would cost more with every year of history."""
    specs = context.assets_def.specs_by_key
    for key in _upstream_first(context):
        event = context.instance.get_latest_materialization_event(key)
        before = event.asset_materialization if event else None
        metadata = {name: before.metadata[name] for name in _SHOWN if name in before.metadata} if before else {}
        yield dg.MaterializeResult(asset_key=key, metadata=metadata or _metadata(warehouse, specs[key]))
    for check in sorted(context.selected_asset_check_keys):
        history = context.instance.event_log_storage.get_asset_check_execution_history
        for record in history(check, limit=1, status=COMPLETED_ASSET_CHECK_EXECUTION_RECORD_STATUSES):
            if record.evaluation:
                yield dg.AssetCheckResult(
                    asset_key=check.asset_key,
                    check_name=check.name,
                    passed=record.evaluation.passed,
                    severity=record.evaluation.severity,
                    description=record.evaluation.description,
                    metadata=record.evaluation.metadata,
                )


def _upstream_first(context: dg.AssetExecutionContext) -> list[dg.AssetKey]:
    """The selected assets in an order that Dagster accepts: none before what it is made of."""
    specs = context.assets_def.specs_by_key
    graph = {key: {dep.asset_key for dep in specs[key].deps} for key in sorted(context.selected_asset_keys)}
    return [key for key in TopologicalSorter(graph).static_order() if key in graph]


def _metadata(warehouse: Warehouse, spec: dg.AssetSpec) -> TableMetadata:
    """Rows and a preview; on the scorecard and the sales their pictures too.

    A view on the way to the marts shows nothing: computing all of them took a tenth of the night.
    """
    is_view = spec.metadata[MATERIALIZED] == "view"
    if is_view and spec.key.path[0] == "intermediate":
        return {}
    table = relation_metadata(warehouse, _relation(spec.key), hidden_columns(spec), is_view=is_view)
    return {**table, **_PICTURES[spec.key](warehouse)} if spec.key in _PICTURES else table


def hidden_columns(spec: dg.AssetSpec) -> set[str]:
    """The columns whose yml says by a tag that codes of household businesses stand in them."""
    schema = spec.metadata.get(COLUMN_SCHEMA)
    return {column.name for column in schema.columns if MAY_HOLD_CITIZEN_ID in column.tags} if schema else set()


def _relation(key: dg.AssetKey) -> str:
    return ".".join(f'"{part}"' for part in key.path)


def _verdict(check: dg.AssetCheckSpec, result: NodeResult) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR
    return dg.AssetCheckResult(
        asset_key=check.asset_key,
        check_name=check.name,
        passed=result.status == "pass",
        severity=severity,
        description=result.message,
        metadata={"failed_rows": result.failures or 0, "seconds": result.seconds},
    )


def _raise_unless_good(results: Sequence[NodeResult]) -> None:
    """A model that could not be built, or a test of severity error, makes the figures doubtful: the run fails."""
    causes = [result for result in results if result.status not in {*_GOOD, "skipped"}]
    if causes:
        first = causes[0]
        name = first.unique_id.split(".")[2]
        message = " ".join((first.message or first.status).split())
        more = f" (and {len(causes) - 1} more)" if len(causes) > 1 else ""
        description = f"dbt: {name}: {message}{more}"
        raise dg.Failure(description, allow_retries=False)
