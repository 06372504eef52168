"""The check of pinned versions against a snapshot of advisories: what it finds, and what it does not know."""

import importlib.util
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from packaging.version import Version

from ocop_pipeline.settings import PROJECT_ROOT


@pytest.fixture
def advisories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, for a constraints.txt and a snapshot of the test's own."""
    spec = importlib.util.spec_from_file_location("advisories", PROJECT_ROOT / ".ci" / "advisories.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(script, "SNAPSHOT", tmp_path / "advisories.json")
    script.CONSTRAINTS.write_text("# tested\nGitPython==3.1.40\nmako==1.2.0\n")
    return script


def ask(script: ModuleType, *arguments: str) -> Result:
    return CliRunner().invoke(script.main, arguments)


def advisory(name: str, *events: Mapping[str, str], versions: tuple[str, ...] = (), **more: str) -> dict[str, Any]:
    affected = {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}, {"type": "ECOSYSTEM", "events": list(events)}],
        "versions": list(versions),
    }
    return {"id": "X-1", "summary": "runs what it is given", "modified": "2026-11-01", "affected": [affected], **more}


def take(script: ModuleType, tmp_path: Path, *found: dict[str, Any]) -> None:
    export = tmp_path / "all.zip"
    with zipfile.ZipFile(export, "w") as files:
        for number, one in enumerate(found):
            files.writestr(f"{number}.json", json.dumps(one))
    assert ask(script, "take", str(export)).exit_code == 0


def test_a_pinned_version_with_an_advisory_is_found_by_any_spelling_of_its_name(
    advisories: ModuleType, tmp_path: Path
) -> None:
    take(advisories, tmp_path, advisory("gitpython", {"introduced": "0"}, {"fixed": "3.1.41"}))
    checked = ask(advisories)
    assert checked.exit_code == 1
    assert "gitpython 3.1.40: X-1, runs what it is given" in checked.output
    assert "2 versions, 1 findings by advisories as of 2026-11-01" in checked.output


@pytest.mark.parametrize(
    "other",
    [
        advisory("gitpython", {"introduced": "0"}, {"fixed": "3.1.40"}),
        advisory("gitpython", {"introduced": "0"}, withdrawn="2026-11-02"),
        advisory("another", {"introduced": "0"}),
    ],
    ids=["fixed", "withdrawn", "of another package"],
)
def test_an_advisory_that_does_not_concern_the_version_is_none(
    advisories: ModuleType, tmp_path: Path, other: dict[str, Any]
) -> None:
    take(advisories, tmp_path, other)
    assert ask(advisories).exit_code == 0


def test_a_package_that_was_pinned_after_the_snapshot_is_not_taken_for_safe(
    advisories: ModuleType, tmp_path: Path
) -> None:
    take(advisories, tmp_path, advisory("another"))
    advisories.CONSTRAINTS.write_text("mako==1.2.0\nneu==1.0\n")
    checked = ask(advisories)
    assert checked.exit_code == 1
    assert "neu: not in the snapshot; take a new one" in checked.output


def test_without_a_snapshot_it_says_that_nothing_was_checked(advisories: ModuleType) -> None:
    checked = ask(advisories)
    assert checked.exit_code == 0
    assert checked.output.startswith("NOT CHECKED")


@pytest.mark.parametrize(
    ("version", "is_affected"),
    [("1.0", False), ("1.1", True), ("1.9", True), ("2.0", False), ("3.0rc1", True), ("3.5", True), ("3.5.1", False)],
)
def test_a_range_reaches_from_where_it_was_introduced_until_fixed_or_last_affected(
    advisories: ModuleType, version: str, *, is_affected: bool
) -> None:
    events = ({"introduced": "1.1"}, {"fixed": "2.0"}, {"introduced": "3.0a1"}, {"last_affected": "3.5"})
    (affected,) = advisory("any", *events)["affected"]
    assert advisories.is_affected(Version(version), affected) is is_affected


def test_a_version_may_be_named_by_itself(advisories: ModuleType) -> None:
    (affected,) = advisory("any", versions=("1.0", "no version at all"))["affected"]
    assert advisories.is_affected(Version("1.0.0"), affected)
    assert not advisories.is_affected(Version("1.0.1"), affected)
