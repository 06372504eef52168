"""What lies in the warehouse as it came: the files and what became of them, any query, their description.

Belongs here: submissions, query, docs. Stays out: figures.
"""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from ocop_pipeline.cli.common import FORMATS, existing_warehouse, print_answer, print_sheet
from ocop_pipeline.settings import Settings

if TYPE_CHECKING:
    from ocop_pipeline.vietnamese.periods import Period
    from ocop_pipeline.warehouse.server import Warehouse


@click.command()
@click.option("--period", default=None, help="Only files that report on this period: 2023-06, 2023-Q2, 2023.")
@click.option("--due", is_flag=True, help="Instead: only who owed a report, and whether it came, in time.")
@click.option("--returned", is_flag=True, help="Instead: every file and row that goes back to its sender, and why.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def submissions(period: str | None, *, due: bool, returned: bool, format_: str) -> None:
    """What arrived, what became of it, and why a file was rejected; then who is missing or late.

    Without --period the last part shows, per source, the newest period that anybody reported on.
    """
    from ocop_pipeline.reports.arrivals import SUBMISSION_TABLE, returned_of, submission_table, submissions_of
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.reports.reporting import as_answer, reports_of
    from ocop_pipeline.vietnamese.periods import parse_period

    if due and returned:
        message = "--due and --returned are two lists; ask for one of them"
        raise click.UsageError(message)

    try:
        wanted = parse_period(period) if period else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--period") from error
    with existing_warehouse(Settings()) as warehouse:
        if format_ == "table" and not returned:
            console = Console(highlight=False)
            if not due:
                console.print(as_table(SUBMISSION_TABLE, submission_table(submissions_of(warehouse, wanted))))
            _print_reporting(console, warehouse, wanted)
            return
        if due:
            answer = as_answer(reports_of(warehouse, wanted))
        else:
            answer = returned_of(warehouse) if returned else submissions_of(warehouse, wanted)
    if format_ == "table":
        print_returned(Console(highlight=False), answer.rows)
    else:
        print_answer(answer, format_)


def _print_reporting(console: Console, warehouse: "Warehouse", period: "Period | None") -> None:
    from ocop_pipeline.reports.reporting import last_due, reporting_sheets, reports_of

    sheets = reporting_sheets(reports_of(warehouse, period), {} if period else last_due(warehouse))
    for sheet in sheets:
        print_sheet(console, sheet)
    if not sheets:
        asked = f"kỳ {period.label}" if period else "kỳ nào đã có báo cáo"
        console.print(f"Không đơn vị nào phải gửi báo cáo cho {asked}. / No report is owed.")


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
