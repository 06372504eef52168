"""docs/marts.md against the dbt project: it lists every mart, with the key that the project enforces."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ocop_pipeline.settings import PROJECT_ROOT, Settings
from ocop_pipeline.transform import manifest_path

PAGE = (PROJECT_ROOT / "docs" / "marts.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def marts() -> dict[str, dict[str, Any]]:
    """The models of schema marts, by name."""
    manifest = json.loads(manifest_path(Settings(home=Path("does-not-exist"))).read_text(encoding="utf-8"))
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    keys = {
        test["attached_node"]: test["test_metadata"]["kwargs"]
        for test in manifest["nodes"].values()
        if test.get("test_metadata") and test["test_metadata"]["name"] in {"unique", "unique_combination"}
    }
    return {
        model["name"]: {**model, "tested_key": keys.get(model["unique_id"], {})}
        for model in models
        if model["schema"] == "marts"
    }


def listed() -> dict[str, list[str]]:
    """Relation to the columns of its key, from the page's tables."""
    rows = re.findall(r"^\| (`(?:dim|fct|kpi)_.+?) \| .+ \| (.+?) \|$", PAGE, flags=re.MULTILINE)
    return {name: re.findall(r"`(\w+)`", key) for names, key in rows for name in re.findall(r"`(\w+)`", names)}


def enforced_key(mart: dict[str, Any]) -> list[str]:
    """The columns of its primary key, else those that a test finds unique."""
    for constraint in mart["constraints"]:
        if constraint["type"] == "primary_key":
            return list(constraint["columns"])
    tested = mart["tested_key"]
    return list(tested.get("columns") or ([tested["column_name"]] if tested else []))


def test_the_page_lists_every_mart_but_the_kpis_own_views(marts: dict[str, dict[str, Any]]) -> None:
    catalogue = (PROJECT_ROOT / "dbt_project" / "seeds" / "kpi_catalogue.csv").read_text(encoding="utf-8")
    own_views = {f"kpi_{line.split(',', 1)[0]}" for line in catalogue.splitlines()[1:]}
    assert set(listed()) == set(marts) - own_views


def test_a_key_on_the_page_is_enforced_or_tested(marts: dict[str, dict[str, Any]]) -> None:
    stored = {name: key for name, key in listed().items() if not name.endswith("_at")}
    assert stored == {name: enforced_key(marts[name]) for name in stored}


def test_every_relation_and_column_that_the_page_names_exists(marts: dict[str, dict[str, Any]]) -> None:
    columns = {column for mart in marts.values() for column in mart["columns"]}
    functions = {name.replace("_at", "_on") for name in marts if name.endswith("_at")}
    schemas = {"as_known", "ingest", "intermediate", "marts", "raw", "seeds", "staging"}
    named = set(re.findall(r"`([a-z][a-z_]*)`", PAGE))
    suffixes = {name for name in named if name.endswith("_") or name == "share"}
    assert named - suffixes - columns - set(marts) - functions - schemas == set()
