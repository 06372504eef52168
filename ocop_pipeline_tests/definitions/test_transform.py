"""dbt as a program: reading a project, building it, and what it leaves behind in this process."""

import logging
import os
from pathlib import Path

import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.transform import TransformError, build, manifest_path, project_fingerprint
from ocop_pipeline.warehouse.errors import WarehouseGoneError
from ocop_pipeline.warehouse.server import Warehouse

PROFILES = """\
toy:
  target: warehouse
  outputs:
    warehouse:
      type: postgres
      host: "{{ env_var('OCOP_PG_HOST', '') }}"
      port: "{{ env_var('OCOP_PG_PORT', '5432') | as_number }}"
      user: "{{ env_var('OCOP_PG_USER', '') }}"
      password: "{{ env_var('OCOP_PG_PASSWORD', '') }}"
      dbname: "{{ env_var('OCOP_PG_DATABASE', '') }}"
      schema: staging
      threads: 1
"""
YML = """\
models:
  - name: good
    columns: [{name: number, data_tests: [not_null]}]
  - name: doubtful
    columns: [{name: number, data_tests: [not_null]}]
"""


@pytest.fixture
def settings(home: Path) -> Settings:
    """A home with a dbt project of its own: three models, of which one has a null and one cannot be built."""
    files = {
        "dbt_project.yml": "name: toy\nprofile: toy\nflags: {send_anonymous_usage_stats: false}\n",
        "profiles.yml": PROFILES,
        "models/models.yml": YML,
        "models/good.sql": "select 1 as number",
        "models/doubtful.sql": "select null::int as number",
        "models/broken.sql": "select number from nowhere",
    }
    for name, text in files.items():
        path = home / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Settings(home=home, warehouse_url=None, dbt_project=home / "project")


def test_the_fingerprint_follows_names_and_contents_and_nothing_else(settings: Settings) -> None:
    project = settings.dbt_project
    first = project_fingerprint(project)
    (project / "target").mkdir()
    (project / "target" / "manifest.json").write_text("{}")
    os.utime(project / "models" / "good.sql")
    assert project_fingerprint(project) == first
    (project / "models" / "good.sql").write_text("select 2 as number")
    second = project_fingerprint(project)
    (project / "models" / "good.sql").rename(project / "models" / "better.sql")
    assert len({first, second, project_fingerprint(project)}) == 3


def test_a_manifest_is_made_once_per_state_of_the_project_and_outdated_ones_go(settings: Settings) -> None:
    manifest = manifest_path(settings)
    made = manifest.stat().st_mtime_ns
    assert manifest_path(settings).stat().st_mtime_ns == made
    (settings.dbt_project / "models" / "good.sql").write_text("select 2 as number")
    assert manifest_path(settings) != manifest
    assert not manifest.exists()


def test_a_project_that_cannot_be_read_is_one_line_that_names_the_model(settings: Settings) -> None:
    (settings.dbt_project / "models" / "good.sql").write_text("select * from {{ ref('missing') }}")
    with pytest.raises(TransformError, match=r"model\.toy\.good.*missing") as caught:
        manifest_path(settings)
    assert "\n" not in str(caught.value)


def test_a_build_tells_of_every_node_and_leaves_the_process_as_it_was(
    settings: Settings, warehouse: Warehouse, capfd: pytest.CaptureFixture[str]
) -> None:
    environment, folder = dict(os.environ), Path.cwd()
    results = build(settings, warehouse, [], logging.getLogger("quiet"))
    status = {result.unique_id.split(".")[2]: result.status for result in results}
    assert status == {
        "good": "success",
        "doubtful": "success",
        "broken": "error",
        "not_null_good_number": "pass",
        "not_null_doubtful_number": "fail",
    }
    assert [result.failures for result in results if result.status == "fail"] == [1]
    assert (dict(os.environ), Path.cwd()) == (environment, folder)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(("database", "is_parsed_anew"), [("ocop", False), ("theirs", True)])
def test_a_build_parses_the_project_anew_only_where_the_database_has_another_name(
    settings: Settings, warehouse: Warehouse, database: str, *, is_parsed_anew: bool
) -> None:
    profiles = PROFILES.replace("'OCOP_PG_DATABASE', ''", f"'OCOP_PG_DATABASE', '{database}'")
    (settings.dbt_project / "profiles.yml").write_text(profiles)
    (result,) = build(settings, warehouse, ["--select", "good", "--exclude", "test_type:generic"], logging.getLogger())
    assert result.status == "success"
    assert (settings.root / "dbt" / "partial_parse.msgpack").exists() is is_parsed_anew


def test_a_build_that_cannot_reach_the_warehouse_says_so(settings: Settings) -> None:
    nowhere = Warehouse({"host": "127.0.0.1", "port": "1", "user": "nobody", "dbname": "nowhere"}, is_embedded=False)
    with pytest.raises(WarehouseGoneError, match="refused"):
        build(settings, nowhere, [], logging.getLogger("quiet"))


def test_a_folder_without_a_project_is_told_in_one_line(home: Path) -> None:
    with pytest.raises(TransformError, match=r"no dbt project in .*nowhere; OCOP_DBT_PROJECT"):
        manifest_path(Settings(home=home, warehouse_url=None, dbt_project=home / "nowhere"))
