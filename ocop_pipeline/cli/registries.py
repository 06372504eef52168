"""Our own keys of entities, products and sales points.

Belongs here: registry. Stays out: finding and comparing (`reports.registry`), applying (the inbox and dbt).
"""

from pathlib import Path

import click

from ocop_pipeline.cli.common import FORMATS, existing_warehouse, print_answer
from ocop_pipeline.settings import Settings


@click.command()
@click.argument("registry_name", metavar="[entities|products|sales-points]", required=False)
@click.option("--suggest", is_flag=True, help="Instead: pairs of keys that may be one thing. Nothing is applied.")
@click.option(
    "--export",
    "export_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write the registries into this workbook; edit it and drop it into inbox/registries.",
)
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def registry(registry_name: str | None, export_path: Path | None, *, suggest: bool, format_: str) -> None:
    """What each of our keys is called, as reported and as the office's registry says."""
    from ocop_pipeline.reports.registry import THINGS, aliases_of, known_things, registered, suggestions_of
    from ocop_pipeline.reports.registry_workbook import registry_workbook
    from ocop_pipeline.sources.registries import FORMS

    if registry_name not in {None, *THINGS}:
        message = f"{registry_name!r} is none of {', '.join(THINGS)}"
        raise click.BadParameter(message, param_hint="REGISTRY")
    if export_path and (suggest or registry_name):
        message = "--export writes all three registries: leave out their name and --suggest"
        raise click.UsageError(message)
    with existing_warehouse(Settings()) as warehouse:
        if export_path is None:
            print_answer((suggestions_of if suggest else aliases_of)(warehouse, registry_name), format_)
            return
        content = registry_workbook({form.name: registered(warehouse, form) for form in FORMS}, known_things(warehouse))
    try:
        export_path.write_bytes(content)
    except OSError as error:
        message = f"{export_path} cannot be written: {error.strerror}"
        raise click.ClickException(message) from error
    click.echo(f"{export_path}: edit it and put it into {Settings().inbox / 'registries'}")
