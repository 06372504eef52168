"""Backup and restore from a terminal.

Belongs here: the two commands, and what they print. Stays out: doing it (`ocop_pipeline.backup`).
"""

from pathlib import Path

import click

from ocop_pipeline.cli.common import existing_warehouse
from ocop_pipeline.settings import Settings


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """Copy what cannot be computed again into FOLDER: ledger, rows as sent, publications, archive.

    May run while a night does. FOLDER keeps every backup; the archive is in it once for all of them.
    """
    from ocop_pipeline.backup import backup as make

    settings = Settings()
    with existing_warehouse(settings) as warehouse:
        place, manifest = make(settings, warehouse, folder.resolve())
    files, size = len(manifest.archive), sum(copied.bytes for copied in manifest.archive.values())
    click.echo(f"{place}: {manifest.rows['ingest.submission']} submissions, {manifest.dump.bytes:,} bytes of tables")
    click.echo(f"{place.parent / 'archive'}: {files} files, {size:,} bytes")
    click.echo("  ocop restore FOLDER   with OCOP_HOME an empty folder makes a home of it")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--made", default=None, metavar="NAME", help="The backup of that name in FOLDER, instead of the newest.")
def restore(folder: Path, made: str | None) -> None:
    """Make an empty home (OCOP_HOME) hold what a backup in FOLDER holds; every file of it is verified first."""
    from ocop_pipeline.backup import backups
    from ocop_pipeline.backup import restore as bring_back
    from ocop_pipeline.warehouse.server import open_warehouse

    settings = Settings()
    found = [(place, manifest) for place, manifest in backups(folder.resolve()) if made in {None, place.name}]
    if not found:
        message = f"there is no backup {made} in {folder}" if made else f"there is no backup in {folder}"
        raise click.ClickException(message)
    place, manifest = found[0]
    with open_warehouse(settings) as warehouse:
        bring_back(settings, warehouse, place, manifest)
    click.echo(f"{settings.root} holds the backup of {manifest.made_at:%d/%m/%Y %H:%M}:")
    click.echo(f"  {manifest.rows['ingest.submission']} submissions, {len(manifest.archive)} files in the archive")
    click.echo("  ocop run   builds the figures anew")
