"""Starting a run from outside Dagster, in this process.

Belongs here: Dagster's home, and a run that its UI shows like any other. Stays out: what a run does (`definitions`),
and Dagster's own processes (`services`).
"""

import fcntl
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.execution.api import execute_run_iterator
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster_shared.error import SerializableErrorInfo

from ocop_pipeline.definitions import definitions_for
from ocop_pipeline.defs.alerts import STARTED_BY
from ocop_pipeline.defs.dbt_models import NOTHING_NEW
from ocop_pipeline.defs.jobs import JOB_NAME
from ocop_pipeline.defs.outbox_assets import FILES_WRITTEN
from ocop_pipeline.defs.quiet_nights import nothing_is_new, shown_again
from ocop_pipeline.defs.source_assets import ANSWERS_FAILED
from ocop_pipeline.defs.upkeep import STARTING_SECONDS, fail_abandoned_runs
from ocop_pipeline.errors import OcopError
from ocop_pipeline.run_history import (
    DAGSTER_URL,
    kept_connections,
    run_history,
)
from ocop_pipeline.settings import Settings

LOCATION_NAME = "ocop"
"""The code location's name in workspace.yaml."""
LONGEST_RUN_SECONDS = 3 * 3600
_UNFORESEEN = (
    "This was not foreseen: no file is lost and none is half taken in. Run `ocop run` again; should it fail again, the "
    "run's page in the Dagster UI (`ocop up`) has the details to report"
)

DAGSTER_YAML = f"""\
# Written by ocop; edit as you like. Run history lies beside this file (SQLite) unless `storage` names a server.
telemetry: {{enabled: false}}
nux: {{enabled: false}}
freshness: {{enabled: true}}
# Two refreshes at once would build the same tables: the second one queues.
concurrency: {{runs: {{max_concurrent_runs: 1}}}}
run_monitoring:
  enabled: true
  max_runtime_seconds: {LONGEST_RUN_SECONDS}
# A run that was killed is repeated. One whose step failed is not: where it could help, the step was repeated.
run_retries: {{enabled: true, max_retries: 2, retry_on_asset_or_op_failure: false}}
# A run started in a terminal writes to that terminal; everything of interest is in the run's structured log.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
retention:
  sensor: {{purge_after_days: {{skipped: 1, success: 30, failure: 30, started: 1}}}}
  schedule: {{purge_after_days: {{skipped: 1, success: 365, failure: 365, started: 1}}}}
"""
STORAGE_YAML = f"""\
storage:
  postgres:
    postgres_url: {{env: {DAGSTER_URL}}}
"""


@dataclass(frozen=True)
class RunResult:
    """How a run ended. `failed_step` and `message` (one line) are None when it succeeded.

    `is_quiet` says that nothing was new, so nothing was computed; `unwritten` are files that could not be written into
    the outbox, with the reason.
    """

    run_id: str
    success: bool
    failed_step: str | None = None
    message: str | None = None
    is_quiet: bool = False
    unwritten: tuple[str, ...] = ()


def prepare_dagster_home(settings: Settings) -> bool:
    """Make Dagster's home and its databases, bring those of an older Dagster up to date, and whether that was needed.

    A fresh SQLite home that several processes open at the same moment is broken for good, so this comes before
    any of them starts, and only one process does it at a time. Where OCOP_DAGSTER_URL was set later, a history
    begins there; a storage that the office wrote into dagster.yaml itself stays.
    """
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    with (home / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        configuration, prepared_by = home / "dagster.yaml", home / "prepared_by"
        if not configuration.exists():
            configuration.write_text(DAGSTER_YAML)
        if settings.dagster_url and "\nstorage:" not in configuration.read_text():
            with configuration.open("a") as end:
                end.write(STORAGE_YAML)
            prepared_by.unlink(missing_ok=True)
        before = prepared_by.read_text() if prepared_by.exists() else None
        if before == dg.__version__:
            return False
        with run_history(settings) as instance:
            # Opening a storage makes its database.
            instance.get_run_records(limit=1)
            instance.get_asset_keys(limit=1)
            instance.all_instigator_state()
            if before is not None:
                with redirect_stdout(StringIO()):
                    instance.upgrade()
        prepared_by.write_text(dg.__version__)
    return True


def refresh(settings: Settings, report: Callable[[str], None]) -> RunResult:
    """One run of the night job in this process; `report` gets its log lines as they come.

    The run belongs to the code location of workspace.yaml, so the UI links it to its job and assets. Dagster's
    public way to run in this process (`execute_in_process`) records no location, hence the private imports.
    """
    prepare_dagster_home(settings)
    with run_history(settings) as instance, kept_connections(instance):
        fail_abandoned_runs(settings, instance, STARTING_SECONDS)
        job = definitions_for(settings).resolve_job_def(JOB_NAME)
        tags = {STARTED_BY: "ocop run"}
        is_quiet = nothing_is_new(settings)
        if is_quiet:
            job, tags = shown_again(job), {**tags, NOTHING_NEW: "true"}
        run = instance.create_run_for_job(job, run_config=job.run_config, remote_job_origin=_origin(), tags=tags)
        instance.add_event_listener(run.run_id, lambda entry: _pass_on(entry, report))
        events = list(execute_run_iterator(InMemoryJob(job), run, instance))
    return replace(_result(run.run_id, events), is_quiet=is_quiet, unwritten=tuple(_unwritten(events)))


def _origin() -> RemoteJobOrigin:
    """Where the UI finds the job: the code location that workspace.yaml names."""
    target = LoadableTargetOrigin(executable_path=sys.executable, module_name="ocop_pipeline.definitions")
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, LOCATION_NAME)
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, SINGLETON_REPOSITORY_NAME), JOB_NAME)


def _pass_on(entry: dg.EventLogEntry, report: Callable[[str], None]) -> None:
    if not entry.is_dagster_event and isinstance(entry.level, int) and entry.level >= logging.INFO:
        report(entry.user_message)


def _unwritten(events: Sequence[dg.DagsterEvent]) -> Iterator[str]:
    """As the assets tell it: reminders and disagreements by their check, answers among what is shown of them."""
    for event in events:
        if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if check.check_name == FILES_WRITTEN and not check.passed:
                yield from (check.description or "").splitlines()
        elif event.is_step_materialization:
            failed = event.step_materialization_data.materialization.metadata.get(ANSWERS_FAILED)
            if isinstance(failed, dg.JsonMetadataValue):
                yield from (f"{path}: {reason}" for path, reason in dict(failed.data or {}).items())


def _result(run_id: str, events: list[dg.DagsterEvent]) -> RunResult:
    """The first failed step says why; else the run's own failure; else it went well."""
    for event in events:
        if event.is_step_failure:
            failure = event.step_failure_data
            told = failure.user_failure_data.description if failure.user_failure_data else None
            return RunResult(run_id, success=False, failed_step=event.step_key, message=told or _cause(failure.error))
    for event in events:
        if event.event_type in {dg.DagsterEventType.RUN_FAILURE, dg.DagsterEventType.RUN_CANCELED}:
            error = getattr(event.event_specific_data, "error", None)
            return RunResult(run_id, success=False, message=_cause(error) if error else event.message)
    return RunResult(run_id, success=True)


def _cause(error: SerializableErrorInfo | None) -> str:
    """The innermost cause in one line; what nobody foresaw says so, and what to do."""
    if error is None:
        return "the run failed without saying why"
    foreseen = {kind.__name__ for kind in _foreseen(OcopError)}
    while error.cause is not None and error.cls_name not in foreseen:
        error = error.cause
    if error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
        return "interrupted before it ended"
    _, _, message = error.message.partition(": ")
    said = " ".join((message or error.message).split())
    if error.cls_name in foreseen:
        return said
    return f"{error.cls_name}: {said}. {_UNFORESEEN}"


def _foreseen(kind: type[OcopError]) -> Iterator[type[OcopError]]:
    """The class and all that derive from it: each says what to do."""
    yield kind
    for derived in kind.__subclasses__():
        yield from _foreseen(derived)
