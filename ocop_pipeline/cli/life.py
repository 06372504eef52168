"""What may become of a file after it was taken in: withdrawn, read again, compared with what it replaced.

Belongs here: withdraw, replay, and the printing of `ocop submissions --diff`. Stays out: doing that.
"""

from typing import TYPE_CHECKING

import click
from rich.console import Console

from ocop_pipeline.cli.common import FORMATS, ReportPeriod, existing_warehouse, print_answer, print_sheet
from ocop_pipeline.settings import VIETNAM, Settings

if TYPE_CHECKING:
    from ocop_pipeline.vietnamese.periods import Period
    from ocop_pipeline.warehouse.server import Warehouse


@click.command()
@click.argument("submission", type=int)
@click.option("--reason", required=True, help="Why; kept in the ledger. No names of persons.")
def withdraw(submission: int, reason: str) -> None:
    """Take one accepted file back: what it had replaced counts again, and nothing is deleted.

    SUBMISSION is its number in `ocop submissions`.
    """
    from ocop_pipeline.warehouse.withdrawals import withdraw as take_back

    with existing_warehouse(Settings()) as warehouse:
        done = take_back(warehouse, submission, reason)
    moment = f"{done.withdrawn_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    click.echo(f"Submission {submission} ({done.inbox_path}) no longer counts since {moment}.")
    for number, form in done.counts_again:
        click.echo(f"  {form}: submission {number} counts again")
    click.echo("  ocop run   builds the figures anew")


@click.command()
@click.argument("numbers", type=int, nargs=-1, metavar="[NUMBER]...")
@click.option("--unit", default=None, metavar="CODE", help="Files of this unit.")
@click.option("--period", type=ReportPeriod(), default=None, help="Files that report on a part of this period.")
@click.option("--rejected", is_flag=True, help="Files that were rejected as a whole.")
@click.option("--apply", "is_applied", is_flag=True, help="Write it; without, only what would change is shown.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def replay(
    numbers: tuple[int, ...],
    *,
    unit: str | None,
    period: "Period | None",
    rejected: bool,
    is_applied: bool,
    format_: str,
) -> None:
    """Read kept files again by today's rules, and show what that would change.

    NUMBER is a file's number in `ocop submissions`. What a later file replaced is never brought back.
    """
    from ocop_pipeline.replay.reading import Selection
    from ocop_pipeline.replay.reading import replay as read_again
    from ocop_pipeline.replay.wording import replay_lines, replay_rows, replay_sheet

    if not (numbers or unit or period or rejected):
        message = "say which files: numbers, --unit, --period or --rejected"
        raise click.UsageError(message)
    settings = Settings()
    with existing_warehouse(settings) as warehouse, Console(stderr=True).status("reading the files again ..."):
        done = read_again(settings, warehouse, Selection(numbers, unit, period, rejected), is_applied=is_applied)
    if format_ != "table":
        print_answer(replay_rows(done), format_)
        return
    for line in replay_lines(done):
        click.echo(line)
    console = Console(highlight=False)
    for one in done:
        if one.changes:
            print_sheet(console, replay_sheet(one))
    if any(one.is_changed for one in done):
        click.echo("ocop run builds the figures anew." if is_applied else "Nothing was written; --apply does it.")


def print_version_difference(warehouse: "Warehouse", number: int, format_: str) -> None:
    """Print what a file changed: rows and cells, then KPIs; or one row for each."""
    from datetime import datetime

    from ocop_pipeline.reports.versions import (
        change_sheet,
        figure_sheet,
        version_difference,
        version_notes,
        version_rows,
    )

    difference = version_difference(warehouse, number, datetime.now(tz=VIETNAM).date())
    if format_ != "table":
        print_answer(version_rows(difference), format_)
        return
    console = Console(highlight=False)
    for note in version_notes(difference):
        console.print(note, markup=False)
    if difference.changes:
        print_sheet(console, change_sheet(difference.changes, "Giá trị thay đổi"))
    if difference.figures:
        print_sheet(console, figure_sheet(difference))
