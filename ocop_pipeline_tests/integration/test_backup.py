"""The drill: a home is copied, lost, and made again from the copy."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS, SALES_POINTS
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import standing_home, temporary_folder
from ocop_pipeline_tests.files import RECOGNISED, SEVEN_STARS, csv_text, rows_of

pytestmark = pytest.mark.slow
POINT = {"sales_point_code": "D1", "sales_point_name": "Cửa hàng", "commune_code": "Xã Đại Phạm"}
SCORECARD = ("scorecard", "--as-of", "2023-06-30", "--by", "district", "--format", "json")
PUBLISHED = ("scorecard", "--published", "1", "--format", "json")


class Kept(NamedTuple):
    """A home with an accepted, a half accepted and a rejected file and a publication, and its backup."""

    home: Path
    folder: Path


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    with standing_home() as home, temporary_folder() as folder:
        inbox = home / "inbox" / "district_submissions" / "231"
        inbox.mkdir(parents=True)
        (inbox / "product_events_2022.csv").write_text(
            csv_text(rows_of(PRODUCT_EVENTS, RECOGNISED, SEVEN_STARS)), encoding="utf-8"
        )
        (inbox / "sales_points_2023-06.csv").write_text(csv_text(rows_of(SALES_POINTS, POINT)), encoding="utf-8")
        (inbox / "lạ.csv").write_text("a,b\n1,2\n", encoding="utf-8")
        assert asked(home, "run").returncode == 0
        assert asked(home, "publish", "--as-of", "2023-06-30").returncode == 0
        said(home, "backup", str(folder))
        yield Kept(home, folder)


def said(home: Path, *arguments: str) -> str:
    done = asked(home, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(home: Path, *arguments: str) -> str:
    done = asked(home, *arguments)
    assert done.returncode == 1, done.stdout
    (line,) = done.stderr.splitlines()
    return line


def figures(home: Path, *arguments: str) -> list[dict[str, object]]:
    """What a scorecard says, but for the number of the build."""
    return [
        {name: cell for name, cell in row.items() if name != "build_id"} for row in json.loads(said(home, *arguments))
    ]


def only(folder: Path) -> Path:
    (place,) = (path.parent for path in folder.glob("*/manifest.json"))
    return place


def test_a_restored_home_has_the_same_scorecard_publications_ledger_and_archive(kept: Kept) -> None:
    with temporary_folder() as home:
        assert "3 submissions, 2 files in the archive" in said(home, "restore", str(kept.folder))
        assert asked(home, "run").returncode == 0
        for asked_for in (SCORECARD, PUBLISHED):
            assert figures(home, *asked_for) == figures(kept.home, *asked_for)
        for listed in (("submissions", "--format", "json"), ("trace", "certified_products", "--as-of", "2023-06-30")):
            assert said(home, *listed) == said(kept.home, *listed)
        assert archive(home) == archive(kept.home)
        # The same file again is known.
        inbox = home / "inbox" / "district_submissions" / "231"
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / "sales_points_2023-06_lai.csv").write_text(csv_text(rows_of(SALES_POINTS, POINT)), encoding="utf-8")
        assert "trùng số" in asked(home, "run").stdout


def archive(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes() for path in (home / "archive").rglob("*") if path.is_file()
    }


def test_a_second_backup_copies_no_file_of_the_archive_again(kept: Kept) -> None:
    with temporary_folder() as folder:
        said(kept.home, "backup", str(folder))
        before = {path: path.stat().st_mtime_ns for path in (folder / "archive").rglob("*.csv")}
        shutil.move(only(folder), folder / "2020-01-01T000000")
        said(kept.home, "backup", str(folder))
        assert {path: path.stat().st_mtime_ns for path in (folder / "archive").rglob("*.csv")} == before
        assert len(list(folder.glob("*/manifest.json"))) == 2


def test_a_backup_is_restored_into_an_empty_place_only(kept: Kept) -> None:
    assert "is restored into an empty place only" in refused(kept.home, "restore", str(kept.folder))


@pytest.mark.parametrize("which", ["warehouse.dump", "archive"])
def test_a_damaged_backup_is_told_before_anything_is_touched(kept: Kept, which: str) -> None:
    with temporary_folder() as folder, temporary_folder() as home:
        shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
        path = next((folder / which).rglob("*.csv")) if which == "archive" else only(folder) / which
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        assert f"{path} is damaged" in refused(home, "restore", str(folder))
        path.unlink()
        assert f"{path} is missing" in refused(home, "restore", str(folder))
        assert not (home / "archive").exists()


def test_a_backup_of_a_newer_version_is_told_before_anything_is_touched(kept: Kept) -> None:
    with temporary_folder() as folder, temporary_folder() as home:
        shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
        manifest = only(folder) / "manifest.json"
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"revision": "r9999_later"}))
        assert "the backup was made by a newer version" in refused(home, "restore", str(folder))
        assert not (home / "archive").exists()


def test_a_file_that_the_archive_has_lost_is_named_and_no_backup_is_made(kept: Kept) -> None:
    with temporary_folder() as folder:
        path = next((kept.home / "archive").rglob("*.csv"))
        content = path.read_bytes()
        path.unlink()
        try:
            assert f"{path} is missing though the ledger names it" in refused(kept.home, "backup", str(folder))
        finally:
            path.write_bytes(content)
        assert refused(kept.home, "restore", str(folder)).endswith(f"there is no backup in {folder}")
