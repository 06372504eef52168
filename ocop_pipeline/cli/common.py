"""What several commands share: how a day is written, the formats of an answer, the warehouse that must exist.

Belongs here: parsing and printing of no command in particular. Stays out: the commands.
"""

from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape

from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.vietnamese.dates import parse_date

if TYPE_CHECKING:
    from ocop_pipeline.reports.scorecard_sheet import Sheet
    from ocop_pipeline.vietnamese.periods import Period
    from ocop_pipeline.warehouse.query import Answer
    from ocop_pipeline.warehouse.server import Warehouse

FORMATS = click.Choice(["table", "json", "csv"])
LANGUAGES = click.Choice(["en", "vi"])
_WIDEST = 10_000


class Day(click.ParamType[date]):
    """A day: 2023-11-24 or 24/11/2023."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error that shows how to write one."""
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write 2023-11-24 or 24/11/2023", param, ctx)


class Moment(click.ParamType[datetime]):
    """A moment that has passed: 2024-01-31T09:30, Vietnam time unless it says another; a day means its end."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment in Vietnam time; a usage error when it cannot be read or has not come yet."""
        if isinstance(value, datetime):
            return value
        now = datetime.now(tz=VIETNAM)
        try:
            # What is known by the end of today is what is known now.
            day = parse_date(str(value))
            moment = now if day == now.date() else datetime.combine(day, time.max, tzinfo=VIETNAM)
        except ValueError:
            moment = self._read(str(value), param, ctx)
        if moment > now:
            self.fail(f"{value} lies ahead: nobody knows yet what will be known then", param, ctx)
        return moment

    def _read(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            return moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no moment; write 2024-01-31 or 2024-01-31T09:30", param, ctx)


def has_warehouse(settings: Settings) -> bool:
    """Whether the home has been used, or a server of one's own is named."""
    return settings.warehouse_url is not None or (settings.root / "warehouse").exists()


class ReportPeriod(click.ParamType["Period"]):
    """A report period: 2023-06, 2023-Q2, quý II/2023, 2023."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> "Period":
        """The period, or a usage error that names what cannot be read."""
        from ocop_pipeline.vietnamese.periods import parse_period

        try:
            return parse_period(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def existing_warehouse(settings: Settings) -> AbstractContextManager["Warehouse"]:
    """The warehouse of a home that has been used; else a ClickException that says how to begin."""
    from ocop_pipeline.warehouse.server import open_warehouse

    if not has_warehouse(settings):
        message = f"there is no warehouse in {settings.root} yet; run `ocop demo` or `ocop run` first"
        raise click.ClickException(message)
    return open_warehouse(settings)


def print_sheet(console: Console, sheet: "Sheet") -> None:
    """Print a table for people, its title first."""
    from ocop_pipeline.reports.layout import SHEET_WIDTH, as_table

    # In a narrower window the terminal wraps the lines; a table squeezed into it would lose columns.
    wide = Console(highlight=False, width=max(console.width, SHEET_WIDTH))
    wide.print(f"[bold]{escape(sheet.title)}[/bold]")
    wide.print(as_table(sheet.columns, sheet.rows, first_width=sheet.first_width))
    for note in sheet.notes:
        wide.print(note, markup=False)


def print_answer(answer: "Answer", format_: str) -> None:
    """Print an answer as `table`, `json` or `csv`."""
    from rich.measure import Measurement

    from ocop_pipeline.reports import layout

    if format_ == "json":
        click.echo(layout.as_json(answer))
    elif format_ == "csv":
        click.echo(layout.as_csv(answer), nl=False)
    else:
        # Data, not prose: never folded; a terminal wraps the lines and a pager scrolls them.
        rows = [["" if cell is None else str(cell) for cell in row] for row in answer.rows]
        table = layout.as_table(answer.columns, rows)
        console = Console(highlight=False)
        needed = Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum
        Console(highlight=False, width=max(console.width, needed)).print(table)
        if not rows:
            click.echo("No rows.")
