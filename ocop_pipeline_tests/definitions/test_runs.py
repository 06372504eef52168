"""Runs from outside Dagster: one refresh in this process, two at once, and the services of `ocop up`."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest

from ocop_pipeline.definitions import definitions_for
from ocop_pipeline.defs.dbt_models import NOTHING_NEW
from ocop_pipeline.defs.jobs import JOB_NAME
from ocop_pipeline.defs.quiet_nights import shown_again
from ocop_pipeline.defs.resources import refresh_lock
from ocop_pipeline.runs import RunResult, prepare_dagster_home, refresh
from ocop_pipeline.services import ServiceError, serve
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.district_forms import SALES_POINTS
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline_tests.conftest import find_unused_port, standing_home, temporary_folder
from ocop_pipeline_tests.files import csv_text, rows_of

FILES_CHECK = dg.AssetCheckKey(dg.AssetKey(["inbox", "district_submissions"]), "files_accepted")


@dataclass(frozen=True)
class Night:
    """One refresh: its result and its log lines."""

    result: RunResult
    lines: list[str]


@dataclass(frozen=True)
class TwoNights:
    """A home after a night with one damaged file and a night with none."""

    settings: Settings
    first: Night
    second: Night


def spend_night(settings: Settings) -> Night:
    lines: list[str] = []
    return Night(refresh(settings, lines.append), lines)


@pytest.fixture(scope="module")
def nights() -> Iterator[TwoNights]:
    with temporary_folder() as home:
        settings = Settings(home=home, warehouse_url=None)
        folder = settings.inbox / "district_submissions" / "231"
        folder.mkdir(parents=True)
        (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 cut off here")
        with open_warehouse(settings):
            yield TwoNights(settings, spend_night(settings), spend_night(settings))


@pytest.fixture(scope="module")
def instance(nights: TwoNights) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(nights.settings.dagster_home)) as instance:
        yield instance


def events(instance: dg.DagsterInstance, night: Night, kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
    entries = instance.all_logs(night.result.run_id, of_type=kind)
    return [entry.get_dagster_event() for entry in entries]


def test_a_refresh_ends_well_in_spite_of_a_damaged_file(nights: TwoNights) -> None:
    assert nights.first.result == RunResult(nights.first.result.run_id, success=True)
    assert any("hong.xlsx" in line for line in nights.first.lines)


def test_the_ui_finds_the_run_under_its_job_and_code_location(nights: TwoNights, instance: dg.DagsterInstance) -> None:
    run = instance.get_run_by_id(nights.first.result.run_id)
    assert run is not None
    assert run.job_name == JOB_NAME
    assert run.status is dg.DagsterRunStatus.SUCCESS
    assert run.remote_job_origin is not None
    assert run.remote_job_origin.location_name == "ocop"


@pytest.mark.parametrize("number", ["first", "second"])
def test_what_was_sent_and_what_is_published_has_a_preview_and_a_table_its_number_of_rows_whether_rebuilt_or_not(
    nights: TwoNights, instance: dg.DagsterInstance, number: str
) -> None:
    done = events(instance, getattr(nights, number), dg.DagsterEventType.ASSET_MATERIALIZATION)
    metadata = {"/".join(event.asset_key.path): event.materialization.metadata for event in done if event.asset_key}
    assert {"inbox/district_submissions", "raw/product_events", "marts/dim_unit", "marts/kpi_values_at"} <= set(
        metadata
    )
    shown = [key for key in metadata if not key.startswith(("inbox/", "intermediate/"))]
    assert [key for key in shown if "preview" not in metadata[key]] == []
    counted = {key for key in metadata if "dagster/row_count" in metadata[key]}
    assert {"raw/product_events", "marts/dim_unit"} <= counted


def test_a_rejected_file_turns_its_check_red_with_name_and_reason_and_stays_red_the_next_night(
    nights: TwoNights, instance: dg.DagsterInstance
) -> None:
    for night in (nights.first, nights.second):
        done = events(instance, night, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        verdicts = [event.asset_check_evaluation_data for event in done]
        verdict = next(found for found in verdicts if found.asset_check_key == FILES_CHECK)
        assert not verdict.passed
        assert verdict.description is not None
        assert "hong.xlsx" in verdict.description


def verdicts(instance: dg.DagsterInstance, run_id: str, kind: dg.DagsterEventType) -> dict[str, Any]:
    done: list[Any] = [e.get_dagster_event().event_specific_data for e in instance.all_logs(run_id, of_type=kind)]
    return {found.asset_check_key.to_user_string(): getattr(found, "passed", None) for found in done}


def test_a_night_without_changes_starts_no_dbt_and_leaves_the_verdicts_of_its_tests_alone(
    nights: TwoNights, instance: dg.DagsterInstance
) -> None:
    first, second = (night.result.run_id for night in (nights.first, nights.second))
    assert "Nothing has changed since the last build." in nights.second.lines
    assert "Nothing has changed since the last build." not in nights.first.lines
    before = verdicts(instance, first, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    again = verdicts(instance, second, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    assert len(before) > 60
    assert again == {
        check: passed for check, passed in before.items() if check.startswith(("inbox/", "raw/", "outbox/"))
    }
    # One that was planned and not evaluated would show as skipped.
    assert set(verdicts(instance, second, dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED)) == set(again)


def test_the_whole_job_shows_every_verdict_again_when_nothing_has_changed(
    nights: TwoNights, instance: dg.DagsterInstance
) -> None:
    job = definitions_for(nights.settings).resolve_job_def(JOB_NAME)
    done = job.execute_in_process(instance=instance, raise_on_error=True)
    before = verdicts(instance, nights.first.result.run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    assert verdicts(instance, done.run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION) == before


def test_a_refresh_waits_for_the_one_that_is_running_and_says_so(nights: TwoNights) -> None:
    program = (
        "import time; from ocop_pipeline.settings import Settings\n"
        "from ocop_pipeline.defs.resources import refresh_lock\n"
        "with refresh_lock(Settings(), print): print('held', flush=True); time.sleep(1.5)"
    )
    environment = {**os.environ, "OCOP_HOME": str(nights.settings.root)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        said: list[str] = []
        began = time.monotonic()
        with refresh_lock(nights.settings, said.append):
            waited = time.monotonic() - began
    assert waited > 0.5
    assert len(said) == 1


def test_a_warehouse_that_cannot_be_reached_fails_the_run_in_one_line_without_the_password(home: Path) -> None:
    settings = Settings(home=home, warehouse_url=f"postgresql://someone:s3cret@127.0.0.1:{find_unused_port()}/nowhere")
    said: list[str] = []
    result = refresh(settings, said.append)
    assert not result.success
    assert result.message is not None
    assert "\n" not in result.message
    assert "Traceback" not in result.message
    assert "s3cret" not in result.message
    assert re.search("refused|reach|connect", result.message)


def test_a_failure_that_nobody_foresaw_says_what_to_do_in_one_line(home: Path) -> None:
    settings = Settings(home=home, warehouse_url=None)
    folder = settings.inbox / "district_submissions" / "231"
    folder.mkdir(parents=True)
    (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 cut off here")
    settings.rejected.write_text("a file where a folder belongs")
    result = refresh(settings, lambda _: None)
    assert result.failed_step == "ingest_district_submissions"
    assert result.message is not None
    assert "\n" not in result.message
    assert re.match("NotADirectoryError: .*rejected.*Run `ocop run` again", result.message)


def test_three_processes_may_open_a_fresh_dagster_home_at_once(home: Path) -> None:
    program = (
        "import dagster as dg; from ocop_pipeline.settings import Settings\n"
        "from ocop_pipeline.runs import prepare_dagster_home\n"
        "settings = Settings(); prepare_dagster_home(settings)\n"
        "with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance: print(len(instance.get_runs()))"
    )
    environment = {**os.environ, "OCOP_HOME": str(home)}
    started = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate()[0] for process in started] == ["0\n"] * 3


def test_a_dagster_yaml_that_is_there_is_left_alone(home: Path) -> None:
    settings = Settings(home=home)
    settings.dagster_home.mkdir()
    (settings.dagster_home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    prepare_dagster_home(settings)
    assert (settings.dagster_home / "dagster.yaml").read_text() == "telemetry: {enabled: false}\n"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_services_come_up_show_the_location_and_leave_nothing_running(home: Path, ending: signal.Signals) -> None:
    port, bi_port = find_unused_port(), find_unused_port()
    program = (
        "import sys; from ocop_pipeline.services import serve; from ocop_pipeline.settings import Settings\n"
        f"sys.exit(serve(Settings(), '127.0.0.1', {port}, {bi_port}, lambda line: print(line, flush=True)))"
    )
    environment = {**os.environ, "OCOP_HOME": str(home)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as service:
        try:
            wait_until(lambda: loaded_locations(port) == ["ocop"], seconds=60)
            children = psutil.Process(service.pid).children(recursive=True)
        finally:
            service.send_signal(ending)
        assert service.wait(timeout=40) == (0 if ending is signal.SIGTERM else -signal.SIGKILL)
    wait_until(lambda: not any(is_alive(child) for child in children), seconds=40)


def is_alive(process: psutil.Process) -> bool:
    """A process whose parent was killed may stay as a zombie until the system's first process collects it."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_port_that_is_taken_is_told_before_anything_starts(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServiceError, match="--port"):
        serve(Settings(home=home, warehouse_url=None), "127.0.0.1", taken.getsockname()[1], find_unused_port(), print)
    assert list(home.iterdir()) == []


def loaded_locations(port: int) -> list[str]:
    query = {"query": "{ repositoriesOrError { ... on RepositoryConnection { nodes { location { name } } } } }"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", json.dumps(query).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own server
            nodes = json.load(answer)["data"]["repositoriesOrError"].get("nodes", [])
    except OSError:
        return []
    return [node["location"]["name"] for node in nodes]


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be in time"
        time.sleep(0.2)


def test_a_file_that_arrives_after_the_look_into_the_inbox_is_built_like_any_other() -> None:
    with standing_home() as home, open_warehouse(settings := Settings(home=home, warehouse_url=None)) as warehouse:
        job = shown_again(definitions_for(settings).resolve_job_def(JOB_NAME))
        folder = settings.inbox / "district_submissions" / "231"
        folder.mkdir(parents=True)
        point = {"sales_point_code": "D1", "sales_point_name": "Điểm 1", "opened_date": "01/06/2023"}
        (folder / "sales_points_2023-06.csv").write_text(csv_text(rows_of(SALES_POINTS, point)), encoding="utf-8")
        with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
            assert job.execute_in_process(instance=instance, tags={NOTHING_NEW: "true"}).success
        served = "select value from marts.kpi_values where kpi_code = 'units_with_sales_point' and unit_code = '231'"
        assert fetch(warehouse, f"{served} and variant = '' order by as_of_date desc limit 1").rows == ((1,),)
