"""Published scorecards: freezing one, listing them, what has moved since.

Belongs here: publish, publications, and the printing of `ocop scorecard --diff`. Stays out: freezing and comparing.
"""

from datetime import date
from typing import TYPE_CHECKING

import click
from rich.console import Console

from ocop_pipeline.cli.common import FORMATS, Day, existing_warehouse, print_answer, print_sheet
from ocop_pipeline.settings import Settings

if TYPE_CHECKING:
    from ocop_pipeline.warehouse.server import Warehouse


@click.command()
@click.option("--as-of", "as_of", type=Day(), required=True, help="The day whose scorecard is published.")
@click.option("--note", default=None, help="What it is published for.")
def publish(as_of: date, note: str | None) -> None:
    """Freeze the scorecard of a day: whatever is corrected later, it stays as it was published.

    The day is today or a past one.
    """
    from ocop_pipeline.warehouse.publications import publish as freeze

    with existing_warehouse(Settings()) as warehouse:
        published = freeze(warehouse, as_of, note)
    number = published.publication_id
    click.echo(f"Publication {number}: as of {as_of:%d/%m/%Y}, ledger position {published.ledger_position}.")
    click.echo(f"  ocop scorecard --published {number}   as it was published")
    click.echo(f"  ocop scorecard --diff {number}        what has moved since, and why")


@click.command()
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def publications(format_: str) -> None:
    """The scorecards that were published."""
    from ocop_pipeline.reports.layout import objects
    from ocop_pipeline.reports.publications import publication_sheet
    from ocop_pipeline.warehouse.publications import publications as all_of_them

    with existing_warehouse(Settings()) as warehouse:
        answer = all_of_them(warehouse)
    if format_ == "table":
        print_sheet(Console(highlight=False), publication_sheet(objects(answer)))
    else:
        print_answer(answer, format_)


def print_difference(warehouse: "Warehouse", publication_id: int, by: str, lang: str, format_: str) -> None:
    """Print what has moved since a publication: a table with its causes, or one row per figure and file."""
    from ocop_pipeline.reports.publications import (
        difference_notes,
        difference_of,
        difference_rows,
        difference_sheet,
        files_sheet,
        moved_values,
    )
    from ocop_pipeline.reports.wording import Language

    difference = difference_of(warehouse, publication_id, by)
    if format_ != "table":
        print_answer(difference_rows(difference), format_)
        return
    console, language = Console(highlight=False), Language(lang)
    if moved_values(difference):
        print_sheet(console, difference_sheet(difference, language))
    if difference.files:
        print_sheet(console, files_sheet(difference, language))
    for note in difference_notes(difference, language):
        console.print(note, markup=False)
