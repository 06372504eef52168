"""The `ocop` command: parse, call, print.

Belongs here: the commands, options, and what is printed where. Stays out: everything that does the work; slow
libraries are imported inside the command that needs them, so that `ocop --help` is quick.
"""

import gc
import logging
import os
import sys
from collections.abc import Sequence

import click
from pydantic import ValidationError

from ocop_pipeline.cli import (
    backups,
    digest,
    doctor,
    figures,
    files,
    home,
    life,
    mapping,
    night,
    outlook,
    publications,
    registries,
    roles,
)
from ocop_pipeline.settings import Settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command, with the process's own arguments unless given others; it ends with SystemExit.

    Whatever is foreseen to fail ends in one line and exit code 1.
    """
    from ocop_pipeline.errors import OcopError

    # Dagster and dbt hold a million objects that stay: looking through them again and again is a tenth of a night.
    gc.set_threshold(100_000, 50, 100)
    for variable in ("DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        os.environ.setdefault(variable, "1")
    # A connection that Ctrl-C cuts off would be reported with a traceback of its own.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    try:
        command(arguments)
    except OcopError as error:
        click.echo(f"ocop: {error}", err=True)
        sys.exit(1)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        # Never what was given: it may be a password.
        for wrong in error.errors(include_input=False, include_url=False, include_context=False):
            click.echo(
                f"ocop: OCOP_{str(wrong['loc'][0]).upper()}: {wrong['msg'].removeprefix('Value error, ')}", err=True
            )
        sys.exit(1)


@click.group(name="ocop", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ocop-pipeline")
def command() -> None:
    """From the files that districts and sellers send to the OCOP scorecard.

    OCOP_HOME (default .ocop) holds inbox, archive, warehouse and run history. OCOP_WAREHOUSE_URL names a
    PostgreSQL server of your own instead of the embedded one.
    """


for _command in (
    home.init,
    night.demo,
    night.run,
    figures.scorecard,
    figures.trace,
    publications.publish,
    publications.publications,
    outlook.expiries,
    outlook.plan,
    outlook.disagreements,
    files.submissions,
    files.template,
    life.withdraw,
    life.replay,
    registries.registry,
    registries.skus,
    mapping.mapping,
    files.query,
    files.docs,
    roles.roles,
    doctor.doctor,
    digest.digest,
    backups.backup,
    backups.restore,
    night.up,
):
    command.add_command(_command)
