"""What `ocop doctor` finds, and what it says to do about it."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import pytest

from ocop_pipeline.defs.jobs import JOB_NAME
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import standing_home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def standing() -> Iterator[Path]:
    with standing_home() as home:
        yield home


def marks(stdout: str) -> dict[str, str]:
    """What was found of each thing: ok, look or bad."""
    lines = [line.split(maxsplit=1) for line in stdout.splitlines() if not line.startswith("      ")]
    return {rest.partition(":")[0]: mark for mark, rest in lines}


def test_all_is_well_after_a_night(standing: Path) -> None:
    done = asked(standing, "doctor")
    found = marks(done.stdout)
    # How full this machine's disk is, is its own affair.
    assert {mark for what, mark in found.items() if not what.startswith("disk")} == {"ok"}, done.stdout
    assert {"versions", "settings", "home", "warehouse", "clock", "time zone", "roles", "figures"} < found.keys()


def test_a_fresh_home_has_nothing_bad_and_says_how_to_begin(home: Path) -> None:
    done = asked(home, "doctor")
    found = marks(done.stdout)
    assert (done.returncode, found["roles"], found["figures"], found["last night"]) == (0, "look", "look", "look")
    assert "-> run `ocop run`" in done.stdout


def test_a_server_that_does_not_answer_is_bad_and_the_password_is_not_said(home: Path) -> None:
    done = asked(home, "doctor", OCOP_WAREHOUSE_URL="postgresql://somebody:geheim@127.0.0.1:9/ocop")
    assert (done.returncode, marks(done.stdout)["warehouse"]) == (1, "bad")
    assert "geheim" not in done.stdout + done.stderr


def test_a_misspelt_setting_and_a_file_in_no_source_s_folder_are_to_be_looked_at(standing: Path) -> None:
    stray = standing / "inbox" / "báo cáo.xlsx"
    stray.write_bytes(b"")
    done = asked(standing, "doctor", OCOP_WAREHOUSE_ULR="postgresql://x@y/z")
    stray.unlink()
    assert (done.returncode, marks(done.stdout)["settings"], marks(done.stdout)["inbox"]) == (0, "look", "look")
    assert "OCOP_WAREHOUSE_ULR" in done.stdout
    assert "báo cáo.xlsx" in done.stdout


def test_a_night_that_was_killed_is_bad_and_one_that_was_stopped_is_to_be_looked_at(standing: Path) -> None:
    @dg.job(name=JOB_NAME)
    def night() -> None:
        """Its process is gone."""

    with dg.DagsterInstance.from_config(str(standing / "dagster")) as instance:
        for status, mark, said in (
            (dg.DagsterRunStatus.CANCELED, "look", "somebody stopped it"),
            (dg.DagsterRunStatus.STARTED, "bad", "it was killed before it ended"),
        ):
            run = instance.create_run_for_job(night, status=status)
            with patch("ocop_pipeline.doctor.STARTING_SECONDS", 0):
                done = asked(standing, "doctor")
            assert (marks(done.stdout)["last night"], said in done.stdout) == (mark, True), done.stdout
            instance.delete_run(run.run_id)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"OCOP_DBT_PROJECT": "/nowhere"}, "/nowhere has no dbt_project.yml"),
        ({"OCOP_ALERTS": "json://127.0.0.1/ telegram"}, "place 2 is no URL that apprise reads"),
    ],
)
def test_a_setting_that_leads_nowhere_is_bad(standing: Path, settings: dict[str, str], said: str) -> None:
    done = asked(standing, "doctor", **settings)
    assert (marks(done.stdout)["settings"], said in done.stdout) == ("bad", True), done.stdout


def test_secrets_of_a_folder_that_is_not_there_are_missed_by_every_command(home: Path) -> None:
    done = asked(home, "run", OCOP_SECRETS="/nowhere")
    assert (done.returncode, done.stderr) == (1, "ocop: OCOP_SECRETS: there is no folder /nowhere\n")
    assert list(home.iterdir()) == []


def test_a_misspelt_secret_is_to_be_looked_at(standing: Path, tmp_path: Path) -> None:
    (tmp_path / "ocop_reader_passwrd").write_text("geheim", encoding="utf-8")
    done = asked(standing, "doctor", OCOP_SECRETS=str(tmp_path))
    assert marks(done.stdout)["settings"] == "look"
    assert "OCOP_READER_PASSWRD" in done.stdout
    assert "geheim" not in done.stdout


def test_a_night_that_failed_is_bad_and_names_its_run(standing: Path) -> None:
    folder = standing / "inbox" / "district_submissions" / "231"
    folder.mkdir(parents=True)
    (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 cut off here")
    (standing / "inbox" / "rejected").write_text("a file where a folder belongs", encoding="utf-8")
    assert asked(standing, "run").returncode == 1
    done = asked(standing, "doctor")
    assert (done.returncode, marks(done.stdout)["last night"]) == (1, "bad")
    assert "its page in the UI says why: run " in done.stdout
