"""What lies in the warehouse as it came: the files and what became of them, any query, their description.

Belongs here: submissions, query, docs. Stays out: figures.
"""

import logging
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console

from ocop_pipeline.cli.common import FORMATS, existing_warehouse, print_answer
from ocop_pipeline.settings import Settings

_ALL = 0
"""No submission has this number: `--repairs` without one means all."""


@click.command()
@click.option("--period", default=None, help="Only files that report on this period: 2023-06, 2023-Q2, 2023.")
@click.option("--returned", is_flag=True, help="Instead: every file and row that goes back to its sender, and why.")
@click.option(
    "--repairs",
    type=int,
    is_flag=False,
    flag_value=_ALL,
    metavar="[NUMBER]",
    help="Instead: every cell that was read as something else than it said, of one submission or of all.",
)
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def submissions(period: str | None, *, returned: bool, repairs: int | None, format_: str) -> None:
    """What arrived, what became of it, and why a file was rejected."""
    if repairs is not None:
        _print_repairs(None if repairs == _ALL else repairs, format_)
        return
    from ocop_pipeline.reports.arrivals import SUBMISSION_TABLE, returned_of, submission_table, submissions_of
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.vietnamese.periods import parse_period

    try:
        wanted = parse_period(period) if period else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--period") from error
    with existing_warehouse(Settings()) as warehouse:
        answer = returned_of(warehouse) if returned else submissions_of(warehouse, wanted)
    if format_ == "table" and not returned:
        Console(highlight=False).print(as_table(SUBMISSION_TABLE, submission_table(answer)))
    elif format_ == "table":
        print_returned(Console(highlight=False), answer.rows)
    else:
        print_answer(answer, format_)


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


def _print_repairs(number: int | None, format_: str) -> None:
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.reports.repairs import REPAIR_TABLE, repair_table, repairs_of

    with existing_warehouse(Settings()) as warehouse:
        answer = repairs_of(warehouse, None if number is None else [number])
    if format_ == "table":
        Console(highlight=False).print(as_table(REPAIR_TABLE, repair_table(answer)))
    else:
        print_answer(answer, format_)


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
