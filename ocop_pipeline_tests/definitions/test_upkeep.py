"""What the daemon ends because it does not end by itself."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dagster as dg
import psycopg2
import pytest

from ocop_pipeline.defs import upkeep
from ocop_pipeline.defs.resources import refresh_lock
from ocop_pipeline.defs.upkeep import abandoned_runs, fail_abandoned_runs, overdue_queries
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Role, open_warehouse
from ocop_pipeline_tests.conftest import temporary_folder

FAILED, STARTED, SUCCESS = dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.SUCCESS


@dg.job
def killed() -> None:
    """Its process died; nobody told Dagster."""


@pytest.fixture
def settings() -> Iterator[Settings]:
    with temporary_folder() as home:
        yield Settings(home=home, warehouse_url=None)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:
        yield instance


def begin(instance: dg.DagsterInstance) -> str:
    return instance.create_run_for_job(killed, status=STARTED).run_id


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def look(settings: Settings, instance: dg.DagsterInstance, cursor: str | None) -> str | None:
    """One look of the sensor after those that left the cursor."""
    with dg.build_sensor_context(instance=instance, cursor=cursor, resources={"settings": settings}) as context:
        answer = abandoned_runs(context)
    assert isinstance(answer, dg.SensorResult)
    return answer.cursor


def test_a_run_is_abandoned_when_nobody_holds_the_lock_and_it_had_the_time_to_take_it(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    run_id = begin(instance)
    with refresh_lock(settings, print):
        fail_abandoned_runs(settings, instance, 0)
        assert status(instance, run_id) is STARTED
    fail_abandoned_runs(settings, instance, 3600)
    assert status(instance, run_id) is STARTED
    fail_abandoned_runs(settings, instance, 0)
    assert status(instance, run_id) is FAILED


def test_a_run_that_looks_abandoned_twice_is_and_once_may_just_be_ending(
    settings: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "STARTING_SECONDS", 0)
    gone, ending = begin(instance), begin(instance)
    cursor = look(settings, instance, None)
    assert {status(instance, gone), status(instance, ending)} == {STARTED}
    ended = instance.get_run_by_id(ending)
    assert ended is not None
    instance.report_dagster_event(dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, ended.job_name), run_id=ending)
    later = begin(instance)
    cursor = look(settings, instance, cursor)
    assert (status(instance, gone), status(instance, ending), status(instance, later)) == (FAILED, SUCCESS, STARTED)
    look(settings, instance, cursor)
    assert status(instance, later) is FAILED


def test_no_warehouse_is_started_to_look_after_its_readers(settings: Settings) -> None:
    assert said(settings) == "The warehouse is not running: nobody can ask it anything."
    assert not (settings.root / "warehouse").exists()


def test_a_query_that_its_session_lets_run_without_end_is_cancelled(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_warehouse(settings) as warehouse, ThreadPoolExecutor(1) as beside:
        initialise(warehouse, ALL_FORMS)
        assert said(settings) == "Queries cancelled: 0."
        monkeypatch.setattr("ocop_pipeline.warehouse.roles.LONGEST_READ", {Role.READER: 0, Role.AUDITOR: 600})
        monkeypatch.setattr("ocop_pipeline.warehouse.roles._GRACE_SECONDS", 0)
        known: dict[str, Any] = {**warehouse.parameters, "user": str(Role.READER)}
        session = psycopg2.connect(**known)
        asked = beside.submit(session.cursor().execute, "set statement_timeout = 0; select pg_sleep(60)")
        time.sleep(0.5)
        assert said(settings) == "Queries cancelled: 1."
        with pytest.raises(psycopg2.errors.QueryCanceled):
            asked.result(10)
        session.close()


def said(settings: Settings) -> str | None:
    """What the sensor of readers' queries says of a look."""
    with dg.build_sensor_context(resources={"settings": settings}) as context:
        answer = overdue_queries(context)
    assert isinstance(answer, dg.SkipReason)
    return answer.skip_message
