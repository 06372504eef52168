"""The `ocop` command in a process of its own, as a user starts it."""

import os
import subprocess
import sys
from pathlib import Path


def ocop(
    home: Path, *arguments: str, project: Path | None = None, timeout: int = 300, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command on a home; `project` is another copy of the project, `settings` are OCOP_* variables."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
    environment |= {"OCOP_HOME": str(home), "COLUMNS": "120", **settings}
    if project is not None:
        environment["PYTHONPATH"] = str(project)
    command = [sys.executable, "-c", "from ocop_pipeline.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=timeout
    )
