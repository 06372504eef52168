"""When files in the inbox start a run."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from ocop_pipeline.defs.jobs import refresh_warehouse
from ocop_pipeline.defs.sensors import SETTLED_AFTER_SECONDS, new_files
from ocop_pipeline.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:
        yield instance


def lay_down(settings: Settings, name: str, age: float = SETTLED_AFTER_SECONDS + 5) -> Path:
    """A file of that age in a district's folder."""
    path = settings.inbox / "district_submissions" / "231" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def look(settings: Settings, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    with dg.build_sensor_context(instance=instance, resources={"settings": settings}) as context:
        answer = new_files(context)
    assert isinstance(answer, (dg.RunRequest, dg.SkipReason))
    return answer


def begin_run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> None:
    @dg.job(name=refresh_warehouse.name)
    def stand_in() -> None:
        """The sensor knows runs by the name of their job."""

    instance.create_run_for_job(stand_in, status=status)


def test_an_empty_inbox_starts_nothing(settings: Settings, instance: dg.DagsterInstance) -> None:
    assert isinstance(look(settings, instance), dg.SkipReason)


def test_a_file_that_has_settled_starts_a_run(settings: Settings, instance: dg.DagsterInstance) -> None:
    lay_down(settings, "bieu.xlsx")
    assert isinstance(look(settings, instance), dg.RunRequest)


def test_a_file_that_is_being_written_is_left_until_it_has_settled(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    lay_down(settings, "bieu.xlsx")
    lay_down(settings, "dang-chep.xlsx", age=2)
    assert isinstance(look(settings, instance), dg.SkipReason)


@pytest.mark.parametrize("name", [".bieu.xlsx.part", "~$bieu.xlsx"])
def test_a_hidden_or_lock_file_is_no_submission(settings: Settings, instance: dg.DagsterInstance, name: str) -> None:
    lay_down(settings, name)
    assert isinstance(look(settings, instance), dg.SkipReason)


def test_a_rejected_file_starts_nothing(settings: Settings, instance: dg.DagsterInstance) -> None:
    lay_down(settings, "bieu.xlsx").rename(settings.inbox / "bieu.xlsx")
    settings.rejected.mkdir()
    (settings.inbox / "bieu.xlsx").rename(settings.rejected / "bieu.xlsx")
    assert isinstance(look(settings, instance), dg.SkipReason)


def test_the_same_files_are_asked_for_under_the_same_key_and_other_files_under_another(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    def key() -> str | None:
        request = look(settings, instance)
        assert isinstance(request, dg.RunRequest)
        return request.run_key

    lay_down(settings, "bieu.xlsx")
    first = key()
    assert key() == first
    lay_down(settings, "bieu-2.xlsx")
    both = key()
    lay_down(settings, "bieu-2.xlsx", age=900)
    assert len({first, both, key()}) == 3


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
def test_nothing_is_asked_for_while_a_refresh_is_starting_or_running(
    settings: Settings, instance: dg.DagsterInstance, status: dg.DagsterRunStatus
) -> None:
    lay_down(settings, "bieu.xlsx")
    begin_run(instance, status)
    assert isinstance(look(settings, instance), dg.SkipReason)


def test_an_earlier_refresh_that_has_ended_holds_nothing_up(settings: Settings, instance: dg.DagsterInstance) -> None:
    lay_down(settings, "bieu.xlsx")
    begin_run(instance, dg.DagsterRunStatus.FAILURE)
    assert isinstance(look(settings, instance), dg.RunRequest)
