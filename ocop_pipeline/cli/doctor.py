"""What is in place for the next night, from a terminal.

Belongs here: the table and the exit code. Stays out: looking (`ocop_pipeline.doctor`).
"""

import os
import sys

import click
from rich.console import Console
from rich.markup import escape

from ocop_pipeline.settings import Settings


@click.command()
def doctor() -> None:
    """Look at settings, disk, warehouse, clock, rights, inbox and the last night; say what to do.

    Exits with 1 when something is in the way of the next night. Nothing is mended.
    """
    from ocop_pipeline.doctor import State, examine

    styles = {State.GOOD: "green", State.DOUBTFUL: "yellow", State.BAD: "bold red"}
    console = Console(highlight=False)
    is_bad = False
    for finding in examine(Settings(), os.environ):
        is_bad |= finding.state is State.BAD
        mark = f"[{styles[finding.state]}]{finding.state:<5}[/]"
        console.print(f"{mark} {finding.what}: {escape(finding.said)}", soft_wrap=True)
        if finding.to_do:
            console.print(f"      -> {escape(finding.to_do)}", soft_wrap=True)
    sys.exit(1 if is_bad else 0)
