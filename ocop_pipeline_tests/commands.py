"""The `ocop` command: in a process of its own, as a user starts it, or in this one, which costs no start-up."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from ocop_pipeline.cli import main


def ocop(
    home: Path, *arguments: str, project: Path | None = None, timeout: int = 900, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command on a home; `project` is another copy of the project, `settings` are OCOP_* variables."""
    environment = _environment(home, settings)
    if project is not None:
        environment["PYTHONPATH"] = str(project)
    command = [sys.executable, "-c", "from ocop_pipeline.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=timeout
    )


def asked(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same in this process: starting Python and its libraries costs two seconds, and of a night seven."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, _environment(home, settings), clear=True),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
        pytest.raises(SystemExit) as ended,
    ):
        main(arguments)
    return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), stdout.getvalue(), stderr.getvalue())


def _environment(home: Path, settings: dict[str, str]) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
    return others | {"OCOP_HOME": str(home), "COLUMNS": "120", **settings}
