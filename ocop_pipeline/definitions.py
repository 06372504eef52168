"""What Dagster loads: every asset, job, schedule, sensor and resource, put together once.

Belongs here: the list. Stays out: how each of them works (`defs`), and how a run is started (`runs`).
"""

import dagster as dg

from ocop_pipeline.defs.alerts import every_morning, morning_digest, told_of_failures
from ocop_pipeline.defs.dbt_models import dbt_models
from ocop_pipeline.defs.jobs import nightly_refresh, refresh_warehouse
from ocop_pipeline.defs.outbox_assets import disagreements, reminders
from ocop_pipeline.defs.reporting_assets import reporting, reports_spec
from ocop_pipeline.defs.resources import warehouse_for_the_run
from ocop_pipeline.defs.sensors import new_files
from ocop_pipeline.defs.source_assets import ledger_specs, source_assets
from ocop_pipeline.defs.upkeep import abandoned_runs, overdue_queries
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.transform import manifest_path


def definitions_for(settings: Settings) -> dg.Definitions:
    """Everything Dagster knows about the pipeline of one home.

    Creates nothing but the dbt manifest, when that is missing or older than the models.
    """
    return dg.Definitions(
        assets=[
            *(source_assets(source) for source in ALL_SOURCES),
            *ledger_specs(ALL_SOURCES),
            dbt_models(manifest_path(settings)),
            reporting,
            reports_spec,
            reminders,
            disagreements,
        ],
        jobs=[refresh_warehouse, *([morning_digest] if settings.alerts else [])],
        schedules=[nightly_refresh, *([every_morning] if settings.alerts else [])],
        sensors=[new_files, abandoned_runs, overdue_queries, *([told_of_failures] if settings.alerts else [])],
        resources={"settings": settings, "warehouse": warehouse_for_the_run},
        # The steps are few and fat, and share one warehouse connection and one refresh lock.
        executor=dg.in_process_executor,
    )


@dg.definitions
def definitions() -> dg.Definitions:
    """The pipeline of the home that the environment names."""
    return definitions_for(Settings())
