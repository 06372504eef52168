"""Who has reported and who has not, as Dagster shows it: a grid, a check, and a partition per report that is due.

Belongs here: telling Dagster what `fct_reporting` says, and only what is new. Stays out: what is owed and by when.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import dagster as dg
from dagster._core.events import AssetMaterializationPlannedData
from dagster._core.storage.dagster_run import DagsterRun
from dagster._core.utils import make_new_run_id

from ocop_pipeline.defs.jobs import JOB_NAME
from ocop_pipeline.defs.old_runs import delete_old_runs
from ocop_pipeline.defs.resources import repeated_when_gone
from ocop_pipeline.defs.source_assets import OWNERS
from ocop_pipeline.defs.tables import ROW_COUNT, TableMetadata, markdown_table
from ocop_pipeline.reports.reporting import UnitReport, all_reports, behind, grid, newest_due, rates
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.warehouse.server import Warehouse

REPORTING = dg.AssetKey(["inbox", "reporting"])
REPORTS = dg.AssetKey(["inbox", "reports"])
REPORTS_DUE = dg.DynamicPartitionsDefinition(name="reports_due")
SHOWN_UP_TO = "ocop/shown_up_to"
"""The newest submission whose reports have their events."""
REJECTED_REPORTS = "rejected_reports"
"""Name of the run under which reports that were rejected stand as failed: Dagster knows failures of runs alone."""
_CHECK = "reports_complete"
_LEGEND = "✓ đúng hạn · ✓ muộn · ✗ bị trả lại · – thiếu · … chưa đến hạn · * đã báo cáo lại"

reports_spec = dg.AssetSpec(
    REPORTS,
    deps=[REPORTING],
    partitions_def=REPORTS_DUE,
    group_name="inbox",
    description=(
        "**Báo cáo phải gửi**\n\nOne partition per report that is due: period, unit, source. Materialized: accepted. "
        "Failed: rejected, nothing accepted yet. Missing: nothing has come."
    ),
    kinds={"python"},
    owners=OWNERS,
)


@dg.asset(
    key=REPORTING,
    deps=[dg.AssetKey(["marts", "fct_reporting"])],
    group_name="inbox",
    description="**Tình hình gửi báo cáo**\n\nPer source a grid of unit x period, and the rates of the newest one due.",
    kinds={"python"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            _CHECK, asset=REPORTING, description="Of the newest period due every unit has reported, and in time."
        )
    ],
)
def reporting(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.MaterializeResult[None]]:
    """Show how reporting stands; reports that have become due or arrived since get their partition and event.

    Runs that are too old go first: a report that one of them had shown is shown anew.
    """
    if settings.run_days:
        before = datetime.now(tz=VIETNAM) - timedelta(days=settings.run_days)
        if deleted := delete_old_runs(context.instance, JOB_NAME, before):
            context.log.info("%d runs deleted from Dagster's history, older than %d days", deleted, settings.run_days)
    with repeated_when_gone():
        reports = all_reports(warehouse)
    shown_up_to = _show_reports(context, [report for report in reports if report.expected])
    by_source = {source: list(group) for source, group in groupby(reports, lambda report: report.source)}
    yield dg.MaterializeResult(
        metadata={
            ROW_COUNT: len(reports),
            SHOWN_UP_TO: shown_up_to,
            "legend": _LEGEND,
            **{name: value for source, group in by_source.items() for name, value in _source_metadata(source, group)},
        },
        check_results=[_check_result(by_source.values())],
    )


def _source_metadata(source: str, reports: Sequence[UnitReport]) -> list[tuple[str, dg.MarkdownMetadataValue | str]]:
    due = newest_due(reports)
    newest = [(f"{source}_rates", f"{due[0].period.label}: {rates(due)}")] if due else []
    return [(f"{source}_grid", markdown_table(*grid(reports))), *newest]


def _check_result(sources: Collection[Sequence[UnitReport]]) -> dg.AssetCheckResult:
    due = [newest for reports in sources if (newest := newest_due(reports))]
    told = [f"{newest[0].source} {newest[0].period.label}: {names}" for newest in due if (names := behind(newest))]
    return dg.AssetCheckResult(
        asset_key=REPORTING,
        check_name=_CHECK,
        passed=not told,
        # What a unit has not sent makes no figure wrong: each says how complete it is.
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(told) or None,
        metadata={newest[0].source: rates(newest) for newest in due},
    )


def _show_reports(context: dg.AssetExecutionContext, reports: Sequence[UnitReport]) -> int:
    """Add what is new to REPORTS; returns the newest submission that has its event now.

    After a Dagster home was lost all are shown anew. A report that was withdrawn stays what it was.
    """
    before = context.instance.get_latest_materialization_event(REPORTING)
    materialization = before.asset_materialization if before else None
    shown = materialization.metadata.get(SHOWN_UP_TO) if materialization else None
    shown_up_to = int(str(shown.value)) if shown else 0
    name = REPORTS_DUE.name or ""
    known = set(context.instance.get_dynamic_partitions(name))
    if fresh := [report.key for report in reports if report.key not in known]:
        context.instance.add_dynamic_partitions(name, fresh)
    new = [report for report in reports if (report.submission_id or 0) > shown_up_to]
    materialized = context.instance.get_materialized_partitions(REPORTS)
    arrived = {report.key for report in new}
    for report in reports:
        if report.received and (report.key in arrived or report.key not in materialized):
            context.log_event(dg.AssetMaterialization(REPORTS, partition=report.key, metadata=_report_metadata(report)))
    _show_rejected(context.instance, [report for report in new if not report.received])
    return max((report.submission_id or 0 for report in new), default=shown_up_to)


def _report_metadata(report: UnitReport) -> TableMetadata:
    return {
        "status": report.status,
        "submission_id": report.submission_id or 0,
        "forms_received": report.received,
        "forms_missing": ", ".join(report.forms_missing),
        "rows_rejected": report.rows_rejected,
        "is_restated": report.is_restated,
    }


def _show_rejected(instance: dg.DagsterInstance, reports: Sequence[UnitReport]) -> None:
    """Let these partitions stand as failed: each was planned by a run that failed."""
    if not reports:
        return
    run = DagsterRun(REJECTED_REPORTS, make_new_run_id(), status=dg.DagsterRunStatus.FAILURE)
    instance.add_run(run)
    for report in reports:
        planned = AssetMaterializationPlannedData(REPORTS, partition=report.key)
        event = dg.DagsterEvent.build_asset_materialization_planned_event(REJECTED_REPORTS, REJECTED_REPORTS, planned)
        instance.report_dagster_event(event, run.run_id)
