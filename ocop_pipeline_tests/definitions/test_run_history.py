"""Dagster's history of runs: on a server of one's own, and for how long."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import pytest
from dagster._core.events import StepMaterializationData
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.runs.schema import RunsTable
from dagster._core.storage.runs.sql_run_storage import SqlRunStorage
from pydantic import SecretStr

from ocop_pipeline.defs.alerts import nights_since
from ocop_pipeline.defs.jobs import JOB_NAME
from ocop_pipeline.defs.old_runs import delete_old_runs
from ocop_pipeline.defs.reporting_assets import REPORTS
from ocop_pipeline.run_history import DAGSTER_URL, HistoryError, run_history
from ocop_pipeline.runs import DAGSTER_YAML, prepare_dagster_home, refresh
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources.district_forms import SALES_POINTS
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import standing_home
from ocop_pipeline_tests.files import csv_text, rows_of

LIMIT = timedelta(days=30)
OPTIONS = "?options=-crole%3Dnone%20-ctimezone%3DUTC"
"""The warehouse of these tests keeps Vietnam's time, as one of our own may."""
ASSET = dg.AssetKey(["marts", "one"])


@pytest.fixture
def server(tcp_url: str) -> Iterator[SecretStr]:
    """The URL of a database for the history; the environment is left as it was found."""
    with patch.dict(os.environ):
        yield SecretStr(tcp_url.replace("postgresql://", "postgresql+psycopg2://") + OPTIONS)


@pytest.fixture(params=["in the home", "on a server"])
def settings(request: pytest.FixtureRequest, home: Path) -> Settings:
    """A home whose history is prepared, in either place."""
    url = request.getfixturevalue("server") if request.param == "on a server" else None
    prepared = Settings(home=home, warehouse_url=None, dagster_url=url)
    prepare_dagster_home(prepared)
    return prepared


def add_run(instance: dg.DagsterInstance, age: timedelta, job: str = JOB_NAME, asset: dg.AssetKey | None = None) -> str:
    """A run that ended well and was created so long ago, perhaps with the event of an asset."""
    run = dg.DagsterRun(job, status=dg.DagsterRunStatus.SUCCESS)
    instance.add_run(run)
    if asset:
        event = dg.DagsterEvent(
            dg.DagsterEventType.ASSET_MATERIALIZATION.value,
            job,
            event_specific_data=StepMaterializationData(dg.AssetMaterialization(asset)),
        )
        instance.report_dagster_event(event, run.run_id)
    make_older(instance, run.run_id, age)
    return run.run_id


def make_older(instance: dg.DagsterInstance, run_id: str, age: timedelta) -> None:
    runs = instance.run_storage
    assert isinstance(runs, SqlRunStorage)
    record = instance.get_run_record_by_id(run_id)
    assert record is not None
    with runs.connect() as connection:
        earlier = RunsTable.update().where(RunsTable.c.run_id == run_id)
        connection.execute(earlier.values(create_timestamp=(record.create_timestamp - age).replace(tzinfo=None)))


def test_a_night_older_than_the_limit_is_deleted_and_no_other(settings: Settings) -> None:
    hour = timedelta(hours=1)
    with run_history(settings) as instance:
        first, second, older = (add_run(instance, age, asset=ASSET) for age in (3 * LIMIT, 2 * LIMIT, LIMIT + hour))
        just_inside, other = add_run(instance, LIMIT - hour), add_run(instance, 3 * LIMIT, "rejected_reports")
        before = datetime.now(tz=VIETNAM) - LIMIT
        assert delete_old_runs(instance, JOB_NAME, before) == 2
        assert {
            run.run_id for run in instance.get_runs() if run.run_id in {first, second, older, just_inside, other}
        } == {
            older,  # what is shown of the asset now is its event
            just_inside,
            other,
        }
        assert delete_old_runs(instance, JOB_NAME, before) == 0
        shown = instance.get_latest_materialization_event(ASSET)
        assert shown is not None
        assert shown.run_id == older
        history = instance.event_log_storage
        if isinstance(history, SqliteEventLogStorage):
            assert not Path(history.path_for_shard(first)).exists()
        else:
            assert instance.all_logs(first) == []


def test_the_nights_since_a_moment_are_those_of_any_time_zone(settings: Settings) -> None:
    hour, now = timedelta(hours=1), datetime.now(tz=VIETNAM)
    with run_history(settings) as instance:
        before, after = add_run(instance, 6 * hour), add_run(instance, 4 * hour)
        told = {night.run_id for night in nights_since(instance, now - 5 * hour)}
        assert told & {before, after} == {after}


def test_a_server_that_is_named_later_is_added_to_a_configuration_that_stays(home: Path, server: SecretStr) -> None:
    before, after = Settings(home=home, dagster_url=None), Settings(home=home, dagster_url=server)
    prepare_dagster_home(before)
    configuration = before.dagster_home / "dagster.yaml"
    configuration.write_text("# ours\n" + DAGSTER_YAML)
    prepare_dagster_home(after)
    prepare_dagster_home(after)
    written = configuration.read_text()
    assert written.startswith("# ours\n" + DAGSTER_YAML)
    assert written.count("storage:") == 1
    assert server.get_secret_value() not in written
    with run_history(after) as instance:
        assert "PostgresRunStorage" in instance.info_str()
        assert server.get_secret_value() not in instance.info_str()


def test_a_home_whose_history_is_on_a_server_says_so_when_the_setting_is_missing(home: Path, server: SecretStr) -> None:
    prepare_dagster_home(Settings(home=home, dagster_url=server))
    with pytest.raises(HistoryError, match=f"set {DAGSTER_URL}"), run_history(Settings(home=home, dagster_url=None)):
        pass


def test_a_server_that_does_not_let_us_in_is_one_line_without_the_password(home: Path, server: SecretStr) -> None:
    url = SecretStr(server.get_secret_value().replace("somebody:", "somebody:geheim"))
    with pytest.raises(HistoryError, match="password authentication failed") as caught:
        prepare_dagster_home(Settings(home=home, dagster_url=url))
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://u:geheim@h/d{OPTIONS}",  # another driver
        "postgresql+psycopg2://u:geheim@h/d",  # the warehouse's role, while dbt runs
        "geheim",
    ],
)
def test_a_url_that_dagster_would_misread_is_refused_with_the_form_to_write(home: Path, url: str) -> None:
    refused = asked(home, "digest", OCOP_DAGSTER_URL=url)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"ocop: OCOP_DAGSTER_URL: write postgresql+psycopg2://user:password@host:5432/database{OPTIONS}\n"
    )


@pytest.mark.thorough
def test_nights_on_a_server_go_well_and_what_a_deleted_one_had_shown_is_shown_anew(server: SecretStr) -> None:
    with standing_home() as home:
        settings = Settings(home=home, warehouse_url=None, dagster_url=server, run_days=30)
        nights = []
        for month in ("2023-06", "2023-07"):
            folder = settings.inbox / "district_submissions" / "231"
            folder.mkdir(parents=True, exist_ok=True)
            point = {"sales_point_code": "D1", "sales_point_name": "Cửa hàng", "opened_date": "01/06/2023"}
            (folder / f"sales_points_{month}.csv").write_text(csv_text(rows_of(SALES_POINTS, point)), encoding="utf-8")
            nights.append(refresh(settings, lambda _: None))
        assert [night.success for night in nights] == [True, True]
        with run_history(settings) as instance:
            shown = instance.get_materialized_partitions(REPORTS)
            assert shown >= {f"{month}|231|district_submissions" for month in ("2023-06", "2023-07")}
            make_older(instance, nights[0].run_id, timedelta(days=31))
        lines: list[str] = []
        assert refresh(settings, lines.append).success
        assert "1 runs deleted from Dagster's history, older than 30 days" in lines
        with run_history(settings) as instance:
            assert instance.get_run_by_id(nights[0].run_id) is None
            assert instance.get_materialized_partitions(REPORTS) == shown
