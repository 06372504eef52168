"""A home from nothing, or from an earlier version.

Belongs here: the command, and what it says of each part. Stays out: making them (`inbox`, `runs`, `warehouse.schema`);
a night and `ocop up` make the same before they begin.
"""

import click

from ocop_pipeline.settings import Settings


@click.command()
def init() -> None:
    """Make what a home needs, or bring it up to this version: folders, run history, roles, tables.

    May be run again: what is there stays, and every row with it.
    """
    from ocop_pipeline.inbox import make_folders
    from ocop_pipeline.runs import prepare_dagster_home
    from ocop_pipeline.sources import ALL_FORMS, ALL_SOURCES
    from ocop_pipeline.warehouse.schema import initialise, revision_of
    from ocop_pipeline.warehouse.server import open_warehouse

    settings = Settings()
    _say("inbox", settings.inbox, is_new=make_folders(ALL_SOURCES, settings.inbox))
    _say("run history", settings.dagster_home, is_new=prepare_dagster_home(settings))
    with open_warehouse(settings) as warehouse:
        before = revision_of(warehouse)
        is_new = initialise(warehouse, ALL_FORMS)
        revision = revision_of(warehouse)
        _say("tables", f"revision {revision} in {warehouse.url}", is_new=before != revision)
        _say("roles, raw tables, views, rights", "as this version wants them", is_new=is_new)
    click.echo("  ocop run   takes in what lies in the inbox, and builds the figures")


def _say(what: str, which: object, *, is_new: bool) -> None:
    click.echo(f"{'made' if is_new else 'there':<5} {what}: {which}")
