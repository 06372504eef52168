"""What lies in the warehouse as it came: the files and what became of them, any query, their description.

Belongs here: submissions, query, docs. Stays out: figures.
"""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from ocop_pipeline.cli.common import FORMATS, ReportPeriod, existing_warehouse, print_answer, print_sheet
from ocop_pipeline.cli.life import print_version_difference
from ocop_pipeline.settings import Settings

if TYPE_CHECKING:
    from ocop_pipeline.vietnamese.periods import Period


@click.command()
@click.option(
    "--period", type=ReportPeriod(), default=None, help="Only files that report on this period: 2023-06, 2023-Q2, 2023."
)
@click.option("--returned", is_flag=True, help="Instead: every file and row that goes back to its sender, and why.")
@click.option("--diff", type=int, default=None, metavar="NUMBER", help="Instead: what this file changed.")
@click.option("--corrections", is_flag=True, help="Instead: the known errors of source_corrections.csv, and their use.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def submissions(period: "Period | None", *, returned: bool, diff: int | None, corrections: bool, format_: str) -> None:
    """What arrived, what is true of it now, and why a file was rejected."""
    from ocop_pipeline.corrections import load_corrections
    from ocop_pipeline.inbox import waiting_files
    from ocop_pipeline.reports.arrivals import (
        SUBMISSION_TABLE,
        correction_sheet,
        corrections_of,
        returned_of,
        submission_table,
        submissions_of,
    )
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.sources import ALL_SOURCES

    if sum((returned, corrections, diff is not None)) > 1:
        message = "--returned, --diff and --corrections each show something else: choose one"
        raise click.UsageError(message)
    settings = Settings()
    with existing_warehouse(settings) as warehouse:
        if diff is not None:
            print_version_difference(warehouse, diff, format_)
            return
        if corrections:
            answer = corrections_of(warehouse, load_corrections(settings.seeds))
        elif returned:
            answer = returned_of(warehouse)
        else:
            answer = submissions_of(warehouse, period, () if period else waiting_files(ALL_SOURCES, settings.inbox))
    console = Console(highlight=False)
    if format_ != "table":
        print_answer(answer, format_)
    elif corrections:
        print_sheet(console, correction_sheet(answer))
    elif returned:
        print_returned(console, answer.rows)
    else:
        console.print(as_table(SUBMISSION_TABLE, submission_table(answer)))


@click.command()
@click.argument("sql")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def query(sql: str, format_: str) -> None:
    """One read-only query on the marts, as the reader role."""
    from ocop_pipeline.warehouse.query import fetch

    with existing_warehouse(Settings()) as warehouse:
        answer = fetch(warehouse, sql)
    print_answer(answer, format_)


@click.command()
def docs() -> None:
    """Write one HTML file that describes every model, column and test, with their lineage."""
    from ocop_pipeline.transform import document

    settings = Settings()
    with existing_warehouse(settings) as warehouse:
        page = document(settings, warehouse, logging.getLogger(__name__))
    click.echo(page)


def print_returned(console: Console, rows: Sequence[tuple[Any, ...]]) -> None:
    """Print what goes back to its sender: file, place, reason and rule; the rows of `returned_of`."""
    from rich.padding import Padding
    from rich.text import Text

    for file, sheet, row, rule, reason_vi, _ in rows:
        where = [sheet] if sheet and not file.endswith(sheet) else []
        where += [] if row is None else [f"dòng {row}"]
        place = ", ".join(where) + ": " if where else ""
        console.print(Padding(Text(file), (0, 0, 0, 2)))
        console.print(Padding(Text(f"{place}{reason_vi} ({rule})"), (0, 0, 0, 4)))
