"""What several commands share: how a day is written, the formats of an answer, the warehouse that must exist.

Belongs here: parsing and printing of no command in particular. Stays out: the commands.
"""

from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from ocop_pipeline.settings import Settings
from ocop_pipeline.vietnamese.dates import parse_date

if TYPE_CHECKING:
    from ocop_pipeline.warehouse.query import Answer
    from ocop_pipeline.warehouse.server import Warehouse

FORMATS = click.Choice(["table", "json", "csv"])
_WIDEST = 10_000


class Day(click.ParamType[date]):
    """A day: 2023-11-24 or 24/11/2023."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        """The day, or a usage error that shows how to write one."""
        if isinstance(value, date):
            return value
        try:
            return parse_date(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write 2023-11-24 or 24/11/2023", param, ctx)


def existing_warehouse(settings: Settings) -> AbstractContextManager["Warehouse"]:
    """The warehouse of a home that has been used; else a ClickException that says how to begin."""
    from ocop_pipeline.warehouse.server import open_warehouse

    if settings.warehouse_url is None and not (settings.root / "warehouse").exists():
        message = f"there is no warehouse in {settings.root} yet; run `ocop demo` or `ocop run` first"
        raise click.ClickException(message)
    return open_warehouse(settings)


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
