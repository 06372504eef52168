"""Running dbt: reading the project into a manifest, and building its relations in the warehouse.

Belongs here: what is known about dbt as a program. Stays out: SQL (`dbt_project`) and Dagster (`defs`).

dbt runs in this process. As a command it costs three further starts of two seconds each, needs to be found on
the PATH, and the whole night has to fit into seconds.
"""

import fcntl
import hashlib
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ocop_pipeline.errors import OcopError
from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.server import Warehouse

NOT_THE_PROJECT = {"target", "logs", "dbt_packages"}
NEVER_BUILT = ("resource_type:unit_test",)
"""Unit tests judge the SQL, not the data: the test suite runs them."""
BUILT_ONCE = ("config.materialized:view", "resource_type:seed")
"""What changes only with the project: a view shows what its tables hold, a seed what its file says."""


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
    parses, the others wait, and the file appears whole.
    """
    project = settings.dbt_project
    target = project / "target"
    manifest = target / f"manifest_{project_fingerprint(project)[:16]}.json"
    if manifest.exists():
        return manifest
    target.mkdir(exist_ok=True)
    with (target / "parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not manifest.exists():
            outdated = list(target.glob("manifest_*.json"))
            _parse(project, manifest)
            for path in outdated:
                path.unlink(missing_ok=True)
    return manifest


def build(settings: Settings, warehouse: Warehouse, selection: Sequence[str], log: logging.Logger) -> list[NodeResult]:
    """Run `dbt build` with the selection and return what became of each node, in the order they were done.

    `log` gets what was built at level debug, and dbt's warnings and errors at level warning.

    A test that fails or a model that does not build is a result, not an exception; a TransformError says that
    dbt could not even begin.
    """
    # Importing dbt takes two seconds; who only asks for the manifest should not pay for them.
    from dbt.cli.main import dbtRunner

    def on_event(event: object) -> None:
        info = event.info  # type: ignore[attr-defined]
        if info.level in {"warn", "error"}:
            log.warning(info.msg)
        elif info.name in {"LogModelResult", "LogSeedResult"}:
            log.debug(info.msg)

    target = settings.root / "dbt"
    arguments = ["build", *selection, "--project-dir", str(settings.dbt_project), "--profiles-dir"]
    arguments += [str(settings.dbt_project), "--target-path", str(target), "--log-path", str(target)]
    arguments += ["--log-level", "none", "--log-level-file", "none", "--no-use-colors", "--no-write-json"]
    # dbt changes into the project's folder and would leave us there.
    with _environment(warehouse.dbt_environment()), chdir(settings.dbt_project):
        outcome = dbtRunner(callbacks=[on_event]).invoke(arguments)
    if outcome.exception is not None and not _has_results(outcome.result):
        message = " ".join(str(outcome.exception).split())
        raise TransformError(message)
    return [
        NodeResult(r.node.unique_id, str(r.status), r.message, r.failures, r.execution_time)
        for r in outcome.result.results  # type: ignore[union-attr]
    ]


def _has_results(result: object) -> bool:
    return hasattr(result, "results")


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
