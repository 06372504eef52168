"""Who is told of a failed run at once, and of everything else in the morning.

Belongs here: when it is told, and what Dagster knows of the nights. Stays out: the words (`reports.digest`), and
sending them (`ocop_pipeline.alerts`). Without OCOP_ALERTS there is nobody to tell, and neither sensor nor schedule.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg

from ocop_pipeline.alerts import send
from ocop_pipeline.defs.jobs import JOB_NAME, TIME_ZONE
from ocop_pipeline.defs.upkeep import KILLED
from ocop_pipeline.reports.digest import Night, digest, failure
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.warehouse.server import open_warehouse

STARTED_BY = "ocop/started_by"
"""The tag of a run whose starter waits for it, and tells of its failure itself."""


def nights_since(instance: dg.DagsterInstance, since: datetime) -> list[Night]:
    """The runs of the night job that began since a moment, the oldest first."""
    # Dagster drops the time zone of a filter and takes it for UTC.
    begun = dg.RunsFilter(job_name=JOB_NAME, created_after=since.astimezone(UTC))
    records = instance.get_run_records(begun, ascending=True)
    return [night_of(record) for record in records]


def night_of(record: dg.RunRecord) -> Night:
    """How a run went, as Dagster recorded it."""
    return Night(
        record.dagster_run.run_id,
        datetime.fromtimestamp(record.start_time or record.create_timestamp.timestamp(), tz=VIETNAM),
        record.end_time - record.start_time if record.end_time and record.start_time else None,
        record.dagster_run.status not in (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED),
    )


@dg.op(description="Sends what has happened since yesterday morning to the places of OCOP_ALERTS.")
def tell_the_morning(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """One message: runs, files, units that are late, disagreements, figures that moved, certificates that end."""
    now = datetime.now(tz=VIETNAM)
    since = now - timedelta(days=1)
    with open_warehouse(settings) as warehouse:
        title, text = digest(warehouse, nights_since(context.instance, since), since, now)
    send(settings.alerts, title, text)
    context.log.info(title)


@dg.job(description="The digest of the morning.")
def morning_digest() -> None:
    """Tell the morning."""
    tell_the_morning()


every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=morning_digest,
    cron_schedule="30 6 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every morning at 06:30 in Hà Nội, to the places of OCOP_ALERTS.",
)


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells the places of OCOP_ALERTS at once that a run failed.",
)
def told_of_failures(context: dg.RunFailureSensorContext, settings: dg.ResourceParam[Settings]) -> None:
    """Once for each failed run whose starter does not tell of it: nobody waits for a repeated or a killed one."""
    run = context.dagster_run
    is_waited_for = STARTED_BY in run.tags and run.parent_run_id is None
    if is_waited_for and context.failure_event.message != KILLED:
        return
    steps: Sequence[dg.DagsterEvent] = context.get_step_failure_events()
    send(settings.alerts, *failure(run.run_id, steps[0].step_key if steps else None))
