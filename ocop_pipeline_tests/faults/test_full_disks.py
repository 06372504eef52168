"""A disk that is full in the middle of a night: one line says so, and with room again the next makes up for it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ocop_pipeline_tests.faults.conftest import Home
from ocop_pipeline_tests.faults.nights import said, spend_night

pytestmark = pytest.mark.faults
_MEGABYTE = 1 << 20


@contextmanager
def small_disk(folder: Path, free_bytes: int) -> Iterator[Path]:
    """A disk of its own for the folder, with what lies in it and so much room; the answer is what takes up the rest.

    Only who may mount can test it.
    """
    used = sum(path.stat().st_blocks * 512 for path in folder.rglob("*"))
    kept = folder.with_name(f"{folder.name}.kept")
    folder.rename(kept)
    folder.mkdir()
    size = used + 64 * _MEGABYTE
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk of its own can be mounted here: {mounted.stderr.strip()}")
    try:
        subprocess.run(["cp", "--archive", "--no-target-directory", kept, folder], check=True)
        shutil.rmtree(kept)
        filler = folder / "filler"
        with filler.open("wb") as ballast:
            ballast.write(bytes(max(0, shutil.disk_usage(folder).free - free_bytes)))
        yield filler
        subprocess.run(["cp", "--archive", "--no-target-directory", folder, kept], check=True)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()
    kept.rename(folder)


@pytest.mark.parametrize("folder", ["warehouse", "archive", "dagster"])
def test_a_full_disk_fails_a_night_in_one_line_and_the_next_one_makes_up_for_it(home: Home, folder: str) -> None:
    place = home.settings.root / folder
    place.mkdir(exist_ok=True)
    with small_disk(place, free_bytes=_MEGABYTE if folder == "warehouse" else 0) as filler:
        assert spend_night(home.settings) == 1
        assert re.search("No space left on device|disk is full|disk I/O error", said(home.settings))
        assert "\n" not in said(home.settings)
        filler.unlink()
        assert spend_night(home.settings) == 0, said(home.settings)
        home.assert_as_undisturbed()


def test_a_full_outbox_stops_nothing_and_gets_its_answers_the_next_night(home: Home) -> None:
    home.settings.outbox.mkdir(exist_ok=True)
    with small_disk(home.settings.outbox, free_bytes=0) as filler:
        assert spend_night(home.settings) == 0, said(home.settings)
        filler.unlink()
        assert spend_night(home.settings) == 0, said(home.settings)
        home.assert_as_undisturbed()
