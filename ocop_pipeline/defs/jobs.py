"""The one job and when it runs."""

import dagster as dg

TIME_ZONE = "Asia/Ho_Chi_Minh"
JOB_NAME = "refresh_warehouse"

refresh_warehouse = dg.define_asset_job(
    name=JOB_NAME,
    selection=dg.AssetSelection.all(),
    description="Takes in what lies in the inbox and brings every figure up to date.",
    # Everything of interest is in the run's own log; a terminal shows what `ocop run` chooses to.
    config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    # What a killed run had done costs its repetition seconds, and which of its steps ended well is not certain.
    tags={"dagster/retry_strategy": "ALL_STEPS"},
)

nightly_refresh = dg.ScheduleDefinition(
    name="nightly_refresh",
    job=refresh_warehouse,
    cron_schedule="0 2 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:00 in Hà Nội.",
)
