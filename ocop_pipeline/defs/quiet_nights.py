"""A night without new files: how it is known beforehand, and the part of the job that it needs.

Belongs here: what makes such a night cheap. Stays out: what its steps do (`source_assets`, `dbt_models`), and starting
it (`runs`).
"""

import dagster as dg

from ocop_pipeline.defs.dbt_models import UNIQUE_ID, is_up_to_date
from ocop_pipeline.inbox import list_arrivals
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_FORMS, ALL_SOURCES
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import open_warehouse


def nothing_is_new(settings: Settings) -> bool:
    """Whether the inbox is empty and the figures are those of the ledger and the project."""
    if any(list_arrivals(source, settings.inbox) for source in ALL_SOURCES):
        return False
    try:
        with open_warehouse(settings) as warehouse:
            initialise(warehouse, ALL_FORMS)
            return is_up_to_date(settings, warehouse)
    except WarehouseError:
        # The run itself says what is wrong, where whoever looks for it finds it.
        return False


def shown_again(job: dg.JobDefinition) -> dg.JobDefinition:
    """The job without the dbt assets that nobody reads and without dbt's tests: what they showed last still holds.

    Each of them costs 30 ms of run history, which with a hundred of them was most of a night without files.
    """
    graph = job.asset_layer.asset_graph
    of_dbt = {key for key in graph.executable_asset_keys if UNIQUE_ID in graph.get(key).metadata}
    # Staging ties the step to the files: without it, it could run before they are taken in.
    shown = {key for key in graph.executable_asset_keys if key not in of_dbt or key.path[0] in ("marts", "staging")}
    checks = {check for check in graph.asset_check_keys if check.asset_key in shown - of_dbt}
    return job.get_subset(asset_selection=shown, asset_check_selection=checks)
