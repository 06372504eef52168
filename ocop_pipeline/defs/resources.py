"""What a run needs open: the warehouse, and the certainty that no other run of this home is writing.

Belongs here: Dagster resources, the refresh lock, and which failures a step is repeated for. Stays out: how the
warehouse works (`warehouse`).
"""

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dagster as dg

from ocop_pipeline.orphans import end_with_parent
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.warehouse.errors import WarehouseGoneError
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Warehouse, open_warehouse

_REPEATS = 2
_SECONDS_BEFORE_REPEAT = 15
"""A server that restarts is back in less."""


@contextmanager
def refresh_lock(settings: Settings, report: Callable[[str], None]) -> Iterator[None]:
    """Hold the home's refresh lock; wait for it when another run holds it, and say so through `report`.

    The operating system frees it when its process ends, however that ends.
    """
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    with (settings.dagster_home / "refresh.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("Another refresh of this home is running; waiting for it to end.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def refresh_is_running(settings: Settings) -> bool:
    """Whether some process holds the home's refresh lock at this moment."""
    path = settings.dagster_home / "refresh.lock"
    if not path.exists():
        return False
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def repeated_when_gone() -> Iterator[None]:
    """Have the step repeated when the warehouse goes away while it runs. Nothing else is better the second time."""
    try:
        yield
    except WarehouseGoneError as error:
        raise dg.RetryRequested(_REPEATS, _SECONDS_BEFORE_REPEAT) from error


@dg.resource(required_resource_keys={"settings"}, description="The warehouse, open for this run alone.")
def warehouse_for_the_run(context: dg.InitResourceContext) -> Iterator[Warehouse]:
    """Open the warehouse and bring its ledger and raw tables up to the contracts; closed when the run ends.

    A run that a code server started ends with it: nobody else would know of it.
    """
    end_with_parent()
    settings: Settings = context.resources.settings
    log = context.log or logging.getLogger(__name__)
    with refresh_lock(settings, log.info), open_warehouse(settings) as warehouse:
        initialise(warehouse, ALL_FORMS)
        yield warehouse
