"""What the morning is told, from a terminal.

Belongs here: the command. Stays out: choosing and wording (`reports.digest`), sending (`ocop_pipeline.alerts`).
"""

from datetime import datetime, timedelta

import click

from ocop_pipeline.cli.common import Moment, existing_warehouse
from ocop_pipeline.settings import VIETNAM, Settings


@click.command()
@click.option("--since", type=Moment(), default=None, help="Since when; without, for the last 24 hours.")
@click.option("--send", "is_sent", is_flag=True, help="To the places of OCOP_ALERTS, instead of to this terminal.")
def digest(since: datetime | None, *, is_sent: bool) -> None:
    """What has happened: runs, files, units that are late, disagreements, figures that moved, certificates that end.

    With OCOP_ALERTS set `ocop up` sends it each morning at 06:30, and tells of a failed run at once.
    """
    from ocop_pipeline.alerts import send
    from ocop_pipeline.defs.alerts import nights_since
    from ocop_pipeline.defs.upkeep import STARTING_SECONDS, fail_abandoned_runs
    from ocop_pipeline.reports.digest import digest as told_of
    from ocop_pipeline.run_history import run_history
    from ocop_pipeline.runs import prepare_dagster_home

    settings = Settings()
    if is_sent and settings.alerts is None:
        message = "OCOP_ALERTS names no place to send it to, for example mailto://user:password@example.org"
        raise click.UsageError(message)
    now = datetime.now(tz=VIETNAM)
    since = since or now - timedelta(days=1)
    with existing_warehouse(settings) as warehouse:
        prepare_dagster_home(settings)
        with run_history(settings) as instance:
            fail_abandoned_runs(settings, instance, STARTING_SECONDS)
            nights = nights_since(instance, since)
        title, text = told_of(warehouse, nights, since, now)
    if is_sent:
        send(settings.alerts, title, text)
        click.echo(f"sent: {title}")
    else:
        click.echo(f"{title}\n\n{text}")
