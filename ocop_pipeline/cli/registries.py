"""Our own keys of entities, products and sales points, and the SKUs that are products.

Belongs here: registry, skus. Stays out: finding and comparing (`reports`), applying (the inbox and dbt).
"""

from pathlib import Path

import click
from rich.console import Console

from ocop_pipeline.cli.common import FORMATS, existing_warehouse, print_answer, print_sheet
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
    _write(export_path, content, "registries")


@click.command()
@click.option(
    "--export",
    "export_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write the office's table into this workbook, unmapped SKUs last; fill in, drop into inbox/ecommerce_sales.",
)
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def skus(export_path: Path | None, format_: str) -> None:
    """SKUs that are no known product yet, by revenue: why, and the product each may be. Nothing is applied."""
    from ocop_pipeline.reports.skus import sku_sheet, sku_workbook, unmapped_skus

    with existing_warehouse(Settings()) as warehouse:
        if export_path is not None:
            content = sku_workbook(warehouse)
        else:
            answer = unmapped_skus(warehouse)
    if export_path is not None:
        _write(export_path, content, "ecommerce_sales")
    elif format_ != "table":
        print_answer(answer, format_)
    elif answer.rows:
        print_sheet(Console(highlight=False), sku_sheet(answer))
    else:
        click.echo(
            "Mọi SKU đã bán đều đã ánh xạ sang sản phẩm có trong sổ. "
            "Every SKU that was sold is mapped to a known product."
        )


def _write(path: Path, content: bytes, inbox: str) -> None:
    if path.suffix.lower() != ".xlsx":
        message = f"{path} must end in .xlsx"
        raise click.BadParameter(message, param_hint="--export")
    try:
        path.write_bytes(content)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise click.ClickException(message) from error
    click.echo(f"{path}: edit it and put it into {Settings().inbox / inbox}")
