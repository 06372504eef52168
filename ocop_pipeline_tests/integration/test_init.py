"""`ocop init`: a home is made once, however often and by however many it is asked for."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocop_pipeline_tests.commands import asked, ocop

pytestmark = pytest.mark.slow
PARTS = ["inbox", "run history", "tables", "roles, raw tables, views, rights"]


def test_a_home_is_made_the_first_time_and_found_the_second(home: Path) -> None:
    for mark in ("made", "there"):
        done = asked(home, "init")
        assert done.returncode == 0, done.stderr
        assert parts_of(done.stdout) == [[mark, part] for part in PARTS]
    assert (home / "inbox" / "district_submissions").is_dir()
    examined = asked(home, "doctor")
    assert examined.returncode == 0
    for what in ("tables", "roles", "time zone", "inbox"):
        assert f"ok    {what}: " in examined.stdout
    # Of figures there are none yet, and what to do is said.
    assert "`ocop run` makes every relation" in asked(home, "scorecard").stderr


def parts_of(stdout: str) -> list[list[str]]:
    """Made or there, and what."""
    return [line.partition(":")[0].split(maxsplit=1) for line in stdout.splitlines() if ":" in line]


def test_two_may_make_it_at_once(home: Path) -> None:
    with ThreadPoolExecutor(2) as processes:
        for done in processes.map(lambda _: ocop(home, "init"), range(2)):
            assert (done.returncode, done.stderr) == (0, "")
    assert parts_of(asked(home, "init").stdout) == [["there", part] for part in PARTS]


def test_a_home_that_cannot_be_made_is_one_line(home: Path) -> None:
    (home / "file").write_bytes(b"")
    done = asked(home / "file" / "home", "init")
    assert done.returncode == 1
    assert done.stderr.startswith(f"ocop: {home}/file/home/inbox/district_submissions cannot be made (Not a directory)")
    assert done.stderr.count("\n") == 1
