"""What `ocop doctor` finds, and what it says to do about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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


def test_a_night_that_failed_is_bad_and_names_its_run(standing: Path) -> None:
    folder = standing / "inbox" / "district_submissions" / "231"
    folder.mkdir(parents=True)
    (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 cut off here")
    (standing / "inbox" / "rejected").write_text("a file where a folder belongs", encoding="utf-8")
    assert asked(standing, "run").returncode == 1
    done = asked(standing, "doctor")
    assert (done.returncode, marks(done.stdout)["last night"]) == (1, "bad")
    assert "its page in the UI says why: run " in done.stdout
