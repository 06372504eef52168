"""What is to be done: certificates that end, where the next ones can come from, and where sources disagree.

Belongs here: expiries, plan, disagreements. Stays out: finding and wording it (`reports`).
"""

from datetime import date, datetime

import click
from rich.console import Console

from ocop_pipeline.cli.common import FORMATS, LANGUAGES, Day, existing_warehouse, print_answer
from ocop_pipeline.settings import VIETNAM, Settings

_SHOWN_OF_EACH_KIND = 10


@click.command()
@click.option("--as-of", "as_of", type=Day(), default=None, help="The day to look at; today when left out.")
@click.option("--unit", default=None, metavar="CODE", help="A district or commune; the province when left out.")
@click.option("--within", "within_days", type=click.IntRange(min=1), default=None, help="Only these days; else 180.")
@click.option("--runoff", is_flag=True, help="Instead: what is left at each month end ahead if nobody renews.")
@click.option("--lang", type=LANGUAGES, default="en", show_default=True, help="Language of the table.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def expiries(
    as_of: date | None, unit: str | None, within_days: int | None, *, runoff: bool, lang: str, format_: str
) -> None:
    """Certificates of 3 stars or more that end soon, and who has to be reminded."""
    from ocop_pipeline.reports.expiry import (
        EXPIRY_HEADINGS,
        RUNOFF_HEADINGS,
        expiries_of,
        expiry_table,
        no_expiries,
        no_runoff,
        runoff_of,
        runoff_table,
    )
    from ocop_pipeline.reports.layout import as_table

    day = as_of or datetime.now(tz=VIETNAM).date()
    with existing_warehouse(Settings()) as warehouse:
        answer = runoff_of(warehouse, day, unit) if runoff else expiries_of(warehouse, day, unit, within_days)
    if format_ != "table":
        print_answer(answer, format_)
    elif not answer.rows:
        click.echo(no_runoff(day, unit, lang) if runoff else no_expiries(day, unit, within_days, lang))
    elif runoff:
        Console(highlight=False).print(as_table(RUNOFF_HEADINGS[lang], runoff_table(answer)))
    else:
        Console(highlight=False).print(as_table(EXPIRY_HEADINGS[lang], expiry_table(answer, lang)))


@click.command()
@click.option("--as-of", "as_of", type=Day(), default=None, help="The day to look at; today when left out.")
@click.option("--unit", default=None, metavar="CODE", help="A district or commune; the province when left out.")
@click.option("--lang", type=LANGUAGES, default="en", show_default=True, help="Language of the table.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def plan(as_of: date | None, unit: str | None, lang: str, format_: str) -> None:
    """What is missing in each KPI, and the products, communes and points that could close it."""
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.reports.plan import PLAN_HEADINGS, plan_for_people, plan_of

    day = as_of or datetime.now(tz=VIETNAM).date()
    with existing_warehouse(Settings()) as warehouse:
        if format_ != "table":
            print_answer(plan_of(warehouse, day, unit), format_)
            return
        kpis = plan_for_people(warehouse, day, unit, lang, _SHOWN_OF_EACH_KIND)
    console = Console(highlight=False)
    for kpi in kpis:
        console.print(f"[bold]{kpi.standing}[/bold]")
        for step in kpi.steps:
            console.print(as_table(PLAN_HEADINGS[lang], step.rows, title=step.heading))
            if step.more:
                console.print(f" … {step.more}")


@click.command()
@click.option("--as-of", "as_of", type=Day(), default=None, help="The day to look at; today when left out.")
@click.option("--unit", default=None, metavar="CODE", help="What this unit must answer, or is about the district.")
@click.option("--rule", default=None, metavar="CODE", help="Only this rule, a row of seeds/reconciliation_rules.csv.")
@click.option("--lang", type=LANGUAGES, default="en", show_default=True, help="Language of the table.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def disagreements(as_of: date | None, unit: str | None, rule: str | None, lang: str, format_: str) -> None:
    """Where two sources say different things, since when, and who must answer."""
    from ocop_pipeline.reports.disagreements import HEADINGS, disagreement_table, disagreements_of, no_disagreements
    from ocop_pipeline.reports.layout import as_table

    day = as_of or datetime.now(tz=VIETNAM).date()
    with existing_warehouse(Settings()) as warehouse:
        answer = disagreements_of(warehouse, day, unit, rule)
    if format_ != "table":
        print_answer(answer, format_)
    elif not answer.rows:
        click.echo(no_disagreements(lang))
    else:
        Console(highlight=False).print(as_table(HEADINGS[lang], disagreement_table(answer, lang)))
