"""The figures: the scorecard of a day.

Belongs here: which figures are asked for, and how. Stays out: wording and laying out (`reports`).
"""

from datetime import date, datetime

import click
from rich.console import Console

from ocop_pipeline.cli.common import FORMATS, Day, existing_warehouse, print_answer
from ocop_pipeline.settings import VIETNAM, Settings


@click.command()
@click.option("--as-of", "as_of", type=Day(), default=None, help="The day to look at; today when left out.")
@click.option("--by", type=click.Choice(["province", "district"]), default="province", show_default=True)
@click.option("--breakdown", is_flag=True, help="The variants and breakdowns below the figures.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def scorecard(as_of: date | None, by: str, *, breakdown: bool, format_: str) -> None:
    """All twelve KPIs at a day, for the province or each district."""
    from ocop_pipeline.reports.scorecard import breakdowns_of, scorecard_of

    settings = Settings()
    day = as_of or datetime.now(tz=VIETNAM).date()
    if format_ == "table" and not breakdown:
        print_scorecard(Console(highlight=False), settings, day, by)
        return
    with existing_warehouse(settings) as warehouse:
        answer = breakdowns_of(warehouse, day, by) if breakdown else scorecard_of(warehouse, day, by)
    print_answer(answer, format_)


def print_scorecard(console: Console, settings: Settings, day: date, by: str) -> None:
    """Print the scorecard of a day as a table for people; `by` is "province" or "district"."""
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.reports.scorecard import LONGEST_CODE, TABLE_COLUMNS, scorecard_table

    with existing_warehouse(settings) as warehouse:
        rows = scorecard_table(warehouse, day, by)
    title = f"Bộ chỉ tiêu OCOP đến ngày {day:%d/%m/%Y} (definition version 1)"
    console.print(as_table(TABLE_COLUMNS[by], rows, title=title, first_width=LONGEST_CODE))
