"""What has to be ended because it does not end by itself: runs whose process is gone, and readers' endless queries.

Belongs here: looking for them, wherever Dagster's daemon runs. Stays out: how long readers may ask (`warehouse.roles`).
"""

import json
import time

import dagster as dg

from ocop_pipeline.defs.resources import refresh_is_running
from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.roles import cancel_overdue
from ocop_pipeline.warehouse.server import is_up, open_warehouse

KILLED = "The process of this run is gone: it was killed."
STARTING_SECONDS = 60
"""How long a run may take to reach the refresh lock."""


def fail_abandoned_runs(settings: Settings, instance: dg.DagsterInstance, grace_seconds: float) -> None:
    """Mark runs as failed whose process is gone.

    Runs that began within the last `grace_seconds` are left alone: they may not have reached the refresh lock yet.
    """
    for run in abandoned(settings, instance, grace_seconds):
        _fail(instance, run)


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Marks runs as failed whose process is gone, so that they are repeated and hold up no other.",
)
def abandoned_runs(context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]) -> dg.SensorResult:
    """Those that looked so the time before too: a run lets go of the lock a moment before it says that it is done."""
    suspected = json.loads(context.cursor or "[]")
    found = abandoned(settings, context.instance, STARTING_SECONDS)
    gone = [run for run in found if run.run_id in suspected]
    for run in gone:
        _fail(context.instance, run)
    cursor = json.dumps([run.run_id for run in found if run not in gone])
    return dg.SensorResult(skip_reason=f"Runs marked as failed: {len(gone)}.", cursor=cursor)


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Cancels the queries of readers that take longer than their role allows.",
)
def overdue_queries(settings: dg.ResourceParam[Settings]) -> dg.SkipReason:
    """PostgreSQL lets a session lift its own time limit."""
    if not is_up(settings):
        return dg.SkipReason("The warehouse is not running: nobody can ask it anything.")
    with open_warehouse(settings) as warehouse:
        return dg.SkipReason(f"Queries cancelled: {cancel_overdue(warehouse)}.")


def abandoned(settings: Settings, instance: dg.DagsterInstance, grace_seconds: float) -> list[dg.DagsterRun]:
    """Runs that look running and began longer ago than `grace_seconds`, yet nobody holds the refresh lock."""
    if refresh_is_running(settings):
        return []
    unfinished = dg.RunsFilter(
        statuses=[
            dg.DagsterRunStatus.NOT_STARTED,
            dg.DagsterRunStatus.STARTING,
            dg.DagsterRunStatus.STARTED,
            dg.DagsterRunStatus.CANCELING,
        ]
    )
    return [
        record.dagster_run
        for record in instance.get_run_records(unfinished)
        if (record.start_time or record.create_timestamp.timestamp()) < time.time() - grace_seconds
    ]


def _fail(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    instance.report_run_failed(run, KILLED)
