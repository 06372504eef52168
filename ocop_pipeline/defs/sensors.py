"""Starts a refresh when files arrive.

The inbox is the truth: a run empties it, so what still lies there is what a run must be asked for. No cursor is kept.
"""

import hashlib
import time
from pathlib import Path

import dagster as dg

from ocop_pipeline.defs.jobs import refresh_warehouse
from ocop_pipeline.inbox import list_arrivals
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_SOURCES

SETTLED_AFTER_SECONDS = 10
"""A file that changed more recently may still be on its way."""

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def lying_files(settings: Settings) -> list[Path]:
    """The files that the next run would take in, in order of path."""
    return sorted(arrival.path for source in ALL_SOURCES for arrival in list_arrivals(source, settings.inbox))


def are_settled(files: list[Path], now: float) -> bool:
    """Whether none of them has changed for a while; `now` in seconds since 1970."""
    return all(_status(path)[1] <= (now - SETTLED_AFTER_SECONDS) * 1e9 for path in files)


def request_key(files: list[Path]) -> str:
    """One key per state of the inbox: the same files are asked for once, a changed or further file anew."""
    digest = hashlib.sha256()
    for path in files:
        size, changed = _status(path)
        digest.update(f"{path}\0{size}\0{changed}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _status(path: Path) -> tuple[int, int]:
    """Size, and nanosecond of the last change; zeros for a file that has gone since it was listed."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


@dg.sensor(
    job=refresh_warehouse,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a refresh when files lie in the inbox that no run was asked for.",
)
def new_files(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.RunRequest | dg.SkipReason:
    """At most one run at a time, and none while a file is still being written: a run takes in all that lies there."""
    files = lying_files(settings)
    if not files:
        return dg.SkipReason("No new file in the inbox.")
    if not are_settled(files, time.time()):
        return dg.SkipReason("A file in the inbox has just changed; it may still be on its way.")
    if context.instance.get_runs(dg.RunsFilter(job_name=refresh_warehouse.name, statuses=UNFINISHED), limit=1):
        return dg.SkipReason("A refresh is running or waiting; the inbox is looked at again after it.")
    return dg.RunRequest(run_key=request_key(files), tags={"ocop/new_files": str(len(files))})
