"""Running dbt: the project read into a manifest, its relations built in the warehouse, its pages written.

Belongs here: what is known about dbt as a program. Stays out: SQL (`dbt_project`) and Dagster (`defs`).

dbt runs in this process. As a command it costs three further starts of two seconds each, needs to be found on
the PATH, and the whole night has to fit into seconds.
"""

import fcntl
import hashlib
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ocop_pipeline.errors import OcopError
from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.errors import WarehouseGoneError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

NOT_THE_PROJECT = {"target", "logs", "dbt_packages"}
NEVER_BUILT = ("resource_type:unit_test",)
"""Unit tests judge the SQL, not the data: the test suite runs them."""
_BUILT_ONCE = ("config.materialized:view", "path:seeds")
"""What changes only with the project: a view shows what its tables hold, a seed and its tests what its file says."""
_TWO_AT_A_TIME = ("--threads", "2")
"""Where no views and seeds are replaced: those deadlock side by side."""
NIGHTLY = (*_TWO_AT_A_TIME, "--indirect-selection", "empty", "--exclude", *NEVER_BUILT, *_BUILT_ONCE)
"""The selection of a night whose project is as it was. By the default of indirect selection the tests of what is
excluded would be excluded with it."""


_GONE = re.compile("connection to server|server closed the connection|connection already closed|terminating connection")
"""What libpq and the server say when they part; dbt passes on nothing but words."""


class TransformError(OcopError):
    """dbt could not do its work; one line that names the model and the reason."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node. `status` is dbt's own: success, pass, warn, fail, error, skipped.

    `failures` is the number of rows a test found, `seconds` the time it took.
    """

    unique_id: str
    status: str
    message: str | None
    failures: int | None
    seconds: float


def project_files(project: Path) -> list[Path]:
    """The files that make up the dbt project, in order of path."""
    inside = (path for path in project.rglob("*") if not NOT_THE_PROJECT & set(path.relative_to(project).parts))
    return sorted(path for path in inside if path.is_file())


def project_fingerprint(project: Path) -> str:
    """A hash over names and contents: it changes when, and only when, the project does."""
    digest = hashlib.sha256()
    for path in project_files(project):
        digest.update(f"{path.relative_to(project)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def manifest_path(settings: Settings) -> Path:
    """The manifest of the dbt project as it is now, made when there is none yet.

    It is named by the project's fingerprint, so it is never out of date. Several processes may ask at once: one
    parses, the others wait, and the file appears whole. Beside it lies the same as dbt itself loads it, `.msgpack`. A
    TransformError says when there is no project.
    """
    project = settings.dbt_project
    if not (project / "dbt_project.yml").exists():
        message = f"there is no dbt project in {project}; OCOP_DBT_PROJECT names the folder of a dbt_project.yml"
        raise TransformError(message)
    target = project / "target"
    manifest = target / f"manifest_{project_fingerprint(project)[:16]}.json"
    if manifest.exists():
        return manifest
    target.mkdir(exist_ok=True)
    with (target / "parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not manifest.exists():
            outdated = list(target.glob("manifest_*"))
            _parse(project, manifest)
            for path in outdated:
                path.unlink(missing_ok=True)
    return manifest


def everything(warehouse: Warehouse) -> tuple[str, ...]:
    """The selection that makes every relation anew; of an empty warehouse it takes two thirds of the time."""
    views = "select from pg_catalog.pg_views where schemaname in ('staging', 'intermediate', 'marts') limit 1"
    stands = fetch(warehouse, views, role=Role.TRANSFORMER).rows
    return (*(() if stands else _TWO_AT_A_TIME), "--full-refresh")


def build(settings: Settings, warehouse: Warehouse, selection: Sequence[str], log: logging.Logger) -> list[NodeResult]:
    """Run `dbt build` with the selection and return what became of each node, in the order they were done.

    `log` gets what was built at level debug, and dbt's warnings and errors at level warning.

    A test that fails or a model that does not build is a result, not an exception; a TransformError says that
    dbt could not even begin, a WarehouseGoneError that it lost the server.
    """

    def on_event(event: object) -> None:
        info = event.info  # type: ignore[attr-defined]
        if info.level in {"warn", "error"}:
            log.warning(info.msg)
        elif info.name in {"LogModelResult", "LogSeedResult"}:
            log.debug(info.msg)

    outcome = _invoke(["build", *selection, "--no-write-json"], settings, warehouse, settings.root / "dbt", on_event)
    if outcome.exception is not None and not hasattr(outcome.result, "results"):
        raise _failure(outcome)
    results = [
        NodeResult(r.node.unique_id, str(r.status), r.message, r.failures, r.execution_time)
        for r in outcome.result.results  # type: ignore[union-attr]
    ]
    if gone := next((r for r in results if r.status == "error" and _GONE.search(r.message or "")), None):
        message = f"{gone.unique_id.split('.')[2]}: {' '.join((gone.message or '').split())}"
        raise WarehouseGoneError(message)
    return results


def document(settings: Settings, warehouse: Warehouse, log: logging.Logger) -> Path:
    """Write the pages that describe every model, column and test, and how they hang together: one HTML file.

    Beside it lie dbt's manifest.json and catalog.json. `log` gets dbt's warnings at level warning. A
    TransformError says what is missing.
    """

    def on_event(event: object) -> None:
        info = event.info  # type: ignore[attr-defined]
        if info.level in {"warn", "error"}:
            log.warning(info.msg)

    target = settings.root / "dbt_docs"
    outcome = _invoke(["docs", "generate", "--static"], settings, warehouse, target, on_event)
    if not outcome.success:
        raise _failure(outcome)
    return target / "static_index.html"


def _invoke(
    command: Sequence[str],
    settings: Settings,
    warehouse: Warehouse,
    target: Path,
    on_event: Callable[[object], None],
) -> "dbtRunnerResult":
    """Run a dbt command against the warehouse; what it writes goes to `target`."""
    # Importing dbt takes two seconds; who only asks for the manifest should not pay for them.
    from dbt.cli.main import dbtRunner

    project = str(settings.dbt_project)
    connection = warehouse.dbt_environment()
    manifest = _parsed(settings, connection["OCOP_PG_DATABASE"])
    arguments = [*command, "--project-dir", project, "--profiles-dir", project]
    arguments += ["--target-path", str(target), "--log-path", str(target)]
    arguments += ["--log-level", "none", "--log-level-file", "none", "--no-use-colors"]
    # dbt changes into the project's folder and would leave us there.
    with _environment(connection), chdir(settings.dbt_project):
        return dbtRunner(manifest, callbacks=[on_event]).invoke(arguments)


def _parsed(settings: Settings, database: str) -> "Manifest | None":
    """The project as it was parsed once, where that was for a database of this name: dbt notes it at every model.

    By itself dbt parses again for each warehouse, since a profile differs: ten seconds.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    saved = manifest_path(settings).with_suffix(".msgpack").read_bytes()
    manifest: Manifest = Manifest.from_msgpack(saved, decoder=extended_mashumuro_decoder)
    if any(node.database != database for node in manifest.nodes.values()):
        return None
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    manifest.build_parent_and_child_maps()  # type: ignore[no-untyped-call]
    manifest.build_group_map()  # type: ignore[no-untyped-call]
    return manifest


def _failure(outcome: "dbtRunnerResult") -> OcopError:
    message = " ".join(str(outcome.exception or "dbt did not succeed").split())
    return WarehouseGoneError(message) if _GONE.search(message) else TransformError(message)


def _parse(project: Path, manifest: Path) -> None:
    """In a process of its own: the code server should not carry dbt in its memory."""
    with TemporaryDirectory(dir=manifest.parent) as target:
        arguments = ["parse", "--project-dir", str(project), "--profiles-dir", str(project)]
        arguments += ["--target-path", target, "--log-path", target, "--quiet", "--no-use-colors"]
        program = "import sys; from dbt.cli.main import cli; cli(sys.argv[1:])"
        parsed = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False, cwd=project
        )
        if parsed.returncode:
            message = "the dbt project could not be read: " + " ".join((parsed.stdout + parsed.stderr).split())
            raise TransformError(message)
        (Path(target) / "partial_parse.msgpack").replace(manifest.with_suffix(".msgpack"))
        (Path(target) / "manifest.json").replace(manifest)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Dbt reads its connection from the environment; it is left as it was found."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
