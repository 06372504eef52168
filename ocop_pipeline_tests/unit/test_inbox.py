"""Which files have arrived, and how they leave the inbox."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ocop_pipeline import inbox
from ocop_pipeline.sources import district_submissions
from ocop_pipeline.sources.document import Arrival, FileRejectedError
from ocop_pipeline_tests.conftest import as_root

SOURCE = district_submissions.SOURCE
NOBODY = 65534


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / SOURCE.name
    folder.mkdir()
    return folder


def lay(path: Path, seconds: int = 0, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1_700_000_000 + seconds,) * 2)
    return path


def test_an_inbox_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert inbox.list_arrivals(SOURCE, tmp_path) == []


def test_files_are_listed_as_they_arrived_and_files_of_one_second_by_path(root: Path) -> None:
    lay(root / "231/z.xlsx", 1)
    lay(root / "232/a.xlsx", 3)
    lay(root / "231/quý 2/b.xlsx", 2)
    lay(root / "top.xlsx", 2)
    found = inbox.list_arrivals(SOURCE, root.parent)
    assert [(arrival.path.name, arrival.folder) for arrival in found] == [
        ("z.xlsx", "231"),
        ("b.xlsx", "231"),
        ("top.xlsx", ""),
        ("a.xlsx", "232"),
    ]


def test_what_is_no_submission_is_not_listed(root: Path) -> None:
    lay(root / ".ẩn.xlsx")
    lay(root / "231/~$a.xlsx")
    lay(root / ".git/a.xlsx")
    (root / "231/thư mục.xlsx").mkdir()
    (root / "231/liên kết.xlsx").symlink_to("/etc/passwd")
    (root / "đứt.xlsx").symlink_to("nowhere")
    (root / "vòng").symlink_to(root, target_is_directory=True)
    os.mkfifo(root / "ống.xlsx")
    assert inbox.list_arrivals(SOURCE, root.parent) == []


def test_a_stamp_changes_when_a_file_is_written_to_or_replaced(root: Path) -> None:
    path = lay(root / "a.xlsx")
    before = inbox.stamp_of(path)
    lay(root / "a.xlsx", content=b"xx")
    longer = inbox.stamp_of(path)
    lay(root / "b.xlsx", content=b"yy").replace(path)
    assert len({before, longer, inbox.stamp_of(path)}) == 3
    path.unlink()
    assert inbox.stamp_of(path) is None


def test_a_newer_file_of_the_same_name_is_not_taken_out(root: Path) -> None:
    path = lay(root / "a.xlsx")
    stamp = inbox.stamp_of(path)
    lay(path, 5)
    inbox.take_out(Arrival(path, ""), stamp)
    assert path.exists()
    inbox.take_out(Arrival(path, ""), inbox.stamp_of(path))
    assert not path.exists()


def test_a_rejected_file_keeps_its_name_s_end_and_lies_beside_its_reason(root: Path, tmp_path: Path) -> None:
    error = FileRejectedError("a.xlsx", "file_empty", "Tệp rỗng.", "The file is empty.")
    for name in ("a.xlsx", "b" * 245 + ".xlsx", "ệ" * 80 + ".xlsx"):
        path = lay(root / "231" / name)
        inbox.reject(SOURCE, Arrival(path, "231"), "0123456789abcdef", error, tmp_path / "rejected")
        assert not path.exists()
    files = sorted(path.name for path in (tmp_path / "rejected" / SOURCE.name / "231").iterdir())
    assert files[0] == "0123456789ab-a.xlsx"
    assert files[1] == "0123456789ab-a.xlsx.ly-do.txt"
    assert [name.endswith(".xlsx") for name in files] == [True, False] * 3
    reasons = (tmp_path / "rejected" / SOURCE.name / "231" / files[1]).read_text(encoding="utf-8")
    assert reasons == "Tệp rỗng.\nThe file is empty.\n"


def test_a_name_that_looks_like_a_path_is_kept_as_a_name(root: Path, tmp_path: Path) -> None:
    error = FileRejectedError("a.xlsx", "file_empty", "Tệp rỗng.", "The file is empty.")
    path = lay(root / "231" / "..\\..\\C:\\a\x1b\u202e?.xlsx")
    inbox.reject(SOURCE, Arrival(path, "231"), "0123456789abcdef", error, tmp_path / "rejected")
    files = sorted(path.name for path in (tmp_path / "rejected").rglob("*.xlsx"))
    assert files == ["0123456789ab-.._.._C__a\ufffd_.xlsx"]


def test_what_nobody_reads_is_a_stray(root: Path) -> None:
    lay(root.parent / "lost.xlsx")
    lay(root.parent / "another_source" / "a.csv")
    lay(root.parent / "rejected" / SOURCE.name / "b.csv")
    lay(root / "231" / "c.csv")
    lay(root / "231" / "..\\..\\d.csv")
    lay(root / "231" / "~$c.csv")
    (root / "231" / "link.csv").symlink_to("c.csv")
    strays = ["another_source/a.csv", "lost.xlsx", f"{SOURCE.name}/231/link.csv", f"{SOURCE.name}/231/..\\..\\d.csv"]
    assert inbox.list_strays([SOURCE], root.parent) == sorted(strays)


@pytest.fixture
def somebody_else(tmp_path: Path) -> Iterator[None]:
    """Root may read everything: be somebody else for a while."""
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


@as_root
def test_a_file_that_may_not_be_opened_is_refused_by_name(root: Path, request: pytest.FixtureRequest) -> None:
    path = lay(root / "kín.xlsx")
    path.chmod(0)
    request.getfixturevalue("somebody_else")
    with pytest.raises(FileRejectedError) as refusal:
        inbox.sha256(path)
    assert (refusal.value.place, refusal.value.rule) == ("kín.xlsx", "file_unreadable")


NOW = datetime(2023, 7, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("modified", "emptied_before", "arrived"),
    [
        (NOW - timedelta(days=3), None, NOW - timedelta(days=3)),
        (NOW - timedelta(days=3), NOW - timedelta(days=4), NOW - timedelta(days=3)),
        # It was not there a day ago, whatever it says.
        (NOW - timedelta(days=3), NOW - timedelta(days=1), NOW - timedelta(days=1)),
        (NOW + timedelta(days=3), None, NOW),
    ],
)
def test_a_file_arrived_when_it_was_modified_as_far_as_that_can_be_true(
    modified: datetime, emptied_before: datetime | None, arrived: datetime
) -> None:
    stamp = inbox.Stamp(int(modified.timestamp()) * 1_000_000_000, 1, 1, int(NOW.timestamp()) * 1_000_000_000)
    assert inbox.arrived_at(stamp, NOW, emptied_before) == arrived
