"""How old Dagster's history gets.

Belongs here: which of its runs may go. Stays out: after how many days, and when (`reporting_assets`).
"""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage

_AT_ONCE = 200
_ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def delete_old_runs(instance: dg.DagsterInstance, job_name: str, before: datetime) -> int:
    """Delete the job's runs that ended and were created before that moment, with their events; how many those were.

    What the UI shows of an asset now is an event of some run, which stays. Of thousands that have come due at once the
    rest is for the next nights.
    """
    # Dagster drops the time zone of a filter and takes it for UTC.
    due = dg.RunsFilter(job_name=job_name, statuses=list(_ENDED), created_before=before.astimezone(UTC))
    entries = [record.asset_entry for record in instance.get_asset_records()]
    shown = {entry.last_run_id for entry in entries}
    shown |= {entry.last_materialization_record.run_id for entry in entries if entry.last_materialization_record}
    old = [run_id for run_id in reversed(instance.get_run_ids(due)) if run_id not in shown][:_AT_ONCE]
    history = instance.event_log_storage
    for run_id in old:
        instance.delete_run(run_id)
        if isinstance(history, SqliteEventLogStorage):
            # Emptied it would stay as large as it was.
            Path(history.path_for_shard(run_id)).unlink(missing_ok=True)
    return len(old)
