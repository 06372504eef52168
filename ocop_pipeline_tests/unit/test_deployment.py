"""The containers of deploy/: what they start is there, what they are given is read, and who is reached from outside."""

import re
import subprocess
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml

from ocop_pipeline.cli import command
from ocop_pipeline.runs import LOCATION_NAME
from ocop_pipeline.settings import PROJECT_ROOT, Settings

DEPLOY = PROJECT_ROOT / "deploy"
COMPOSE: Mapping[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: Mapping[str, Mapping[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "ocop-pipeline"}


def test_every_command_comes_with_the_image() -> None:
    programs = {script.name for script in entry_points(group="console_scripts")}
    for service in OURS.values():
        program, *arguments = service["command"]
        assert program in programs
        assert program != "ocop" or arguments[0] in command.commands


def test_every_setting_is_one_that_somebody_reads() -> None:
    fields = {f"OCOP_{name.upper()}" for name in Settings.model_fields}
    assert {name for service in OURS.values() for name in service["environment"]} <= fields | {"OCOP_SECRETS"}
    secrets = {name.upper() for service in OURS.values() for name in service["secrets"]}
    assert secrets <= fields
    # A container that only shows runs knows nothing of the warehouse.
    assert OURS["webserver-read-only"]["secrets"] == ["ocop_dagster_url"]


def test_from_outside_the_machine_only_the_proxy_is_reached_and_it_reaches_only_who_may_not_start_runs() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert [name for name in ports if not ports[name][0].startswith("127.0.0.1:")] == ["proxy"]
    front = {name for name, service in SERVICES.items() if "front" in service.get("networks", ())}
    assert front == {"proxy", "webserver-read-only"}
    assert SERVICES["proxy"]["networks"] == ["front"]
    assert "--read-only" in SERVICES["webserver-read-only"]["command"]
    assert "reverse_proxy webserver-read-only:3000" in (DEPLOY / "Caddyfile").read_text(encoding="utf-8")


def test_the_code_location_is_where_the_service_listens_and_called_as_everywhere() -> None:
    (location,) = yaml.safe_load((DEPLOY / "workspace.yaml").read_text(encoding="utf-8"))["load_from"]
    (port,) = (word for word in SERVICES["code"]["command"] if word.startswith("--port="))
    assert location == {
        "grpc_server": {"host": "code", "port": int(port.removeprefix("--port=")), "location_name": LOCATION_NAME}
    }


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secrets that prepare.sh has made in a folder of the test's own, run twice."""
    folder = tmp_path_factory.mktemp("deploy")
    # Only root may give it to the account of the containers.
    (folder / "home").mkdir()
    script = folder / "prepare.sh"
    script.write_bytes((DEPLOY / "prepare.sh").read_bytes())
    made = []
    for _ in range(2):
        subprocess.run(["sh", script], check=True)
        made.append({path.name: path.read_text() for path in (folder / "secrets").iterdir()})
    assert made[0] == made[1]
    return folder / "secrets"


def test_the_secrets_that_are_declared_are_those_that_are_made_and_no_other_account_sees_them(secrets: Path) -> None:
    declared = {secret["file"] for secret in COMPOSE["secrets"].values()}
    assert declared == {f"./secrets/{path.name}" for path in secrets.iterdir()}
    assert secrets.stat().st_mode & 0o077 == 0


def test_the_pipeline_takes_the_secrets_as_they_are_made(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_SECRETS", str(secrets))
    settings = Settings()
    assert settings.dagster_url is not None
    for url in (str(settings.warehouse_url), settings.dagster_url.get_secret_value()):
        # The script of the database finds the password between : and @.
        assert re.fullmatch(
            r"[\w+]+://\w+:[\w-]{32}@postgres:5432/\w+(\?options=-crole%3Dnone%20-ctimezone%3DUTC)?", url
        )
    assert not settings.alerts
