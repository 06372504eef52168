"""The figures: the scorecard of a day, and the source rows behind a figure.

Belongs here: which figures are asked for, and how. Stays out: wording and laying out (`reports`).
"""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console

from ocop_pipeline.cli.common import (
    FORMATS,
    LANGUAGES,
    Day,
    Moment,
    existing_warehouse,
    print_answer,
    print_sheet,
)
from ocop_pipeline.cli.publications import print_difference
from ocop_pipeline.settings import VIETNAM, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_pipeline.reports.scorecard import Basis
    from ocop_pipeline.reports.scorecard_sheet import Sheet
    from ocop_pipeline.warehouse.server import Warehouse

KNOWN_AT = "As known at that moment: 2024-01-31 (its end) or 2024-01-31T09:30, Vietnam time."


@click.command()
@click.option("--as-of", "as_of", type=Day(), default=None, help="The day to look at; today when left out.")
@click.option("--known-at", type=Moment(), default=None, help=KNOWN_AT)
@click.option("--published", type=int, default=None, metavar="ID", help="As it was published: ocop publications.")
@click.option("--diff", type=int, default=None, metavar="ID", help="What has moved since that publication, and why.")
@click.option("--by", type=click.Choice(["province", "district"]), default="province", show_default=True)
@click.option("--breakdown", is_flag=True, help="The variants and breakdowns below the figures.")
@click.option("--lang", type=LANGUAGES, default="en", show_default=True, help="Language of the table.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def scorecard(
    as_of: date | None,
    known_at: datetime | None,
    published: int | None,
    diff: int | None,
    by: str,
    *,
    breakdown: bool,
    lang: str,
    format_: str,
) -> None:
    """All twelve KPIs at a day, for the province or each district."""
    from ocop_pipeline.reports.scorecard import figures_of
    from ocop_pipeline.reports.scorecard_words import WORDS
    from ocop_pipeline.reports.wording import Language

    frozen = [name for name, value in (("--published", published), ("--diff", diff)) if value is not None]
    asked = [name for name, value in (("--as-of", as_of), ("--known-at", known_at)) if value is not None]
    if len(frozen + asked) > 1 and frozen:
        message = f"{frozen[0]} has its own day and knowledge; leave out {' and '.join((frozen + asked)[1:])}"
        raise click.UsageError(message)
    if diff is not None and breakdown:
        message = "--diff compares the figures themselves; leave out --breakdown"
        raise click.UsageError(message)
    with Console(stderr=True).status(WORDS[Language(lang)].reading), existing_warehouse(Settings()) as warehouse:
        if diff is not None:
            print_difference(warehouse, diff, by, lang, format_)
            return
        basis = _basis(warehouse, as_of, known_at, published)
        if format_ == "table":
            show = print_breakdowns if breakdown else print_scorecard
            show(Console(highlight=False), warehouse, basis, by, lang)
        else:
            print_answer(figures_of(warehouse, basis, by, breakdown=breakdown), format_)


@click.command()
@click.argument("kpi")
@click.option("--as-of", "as_of", type=Day(), default=None, help="The day to look at; today when left out.")
@click.option("--known-at", type=Moment(), default=None, help=KNOWN_AT)
@click.option("--unit", default=None, metavar="CODE", help="A district; the province when left out.")
@click.option("--variant", default="", help="A variant of the KPI; the KPI itself when left out.")
@click.option(
    "--auditor", is_flag=True, help="As the role ocop_auditor: also what single entities told of their people."
)
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def trace(
    kpi: str,
    as_of: date | None,
    known_at: datetime | None,
    *,
    unit: str | None,
    variant: str,
    auditor: bool,
    format_: str,
) -> None:
    """Every source row behind a figure: file, sheet, row, and its part of the figure.

    Of a KPI about people (rural_workers, worker_income) it says where the rows lie. With --auditor it shows the figures
    of single entities: that is for checking, not for publication.
    """
    from ocop_pipeline.reports.evidence import evidence_of, evidence_sheet, figure_of

    with Console(stderr=True).status("reading the rows ..."), existing_warehouse(Settings()) as warehouse:
        figure = figure_of(warehouse, kpi, _basis(warehouse, as_of, known_at, None), unit, variant)
        answer = evidence_of(warehouse, figure, as_auditor=auditor)
    if format_ == "table":
        sheet, total = evidence_sheet(figure, answer, as_auditor=auditor)
        print_answer(sheet, format_)
        click.echo(total)
    else:
        print_answer(answer, format_)


def print_scorecard(console: Console, warehouse: "Warehouse", basis: "Basis", by: str, lang: str) -> None:
    """Print the scorecard as tables for people, with what the columns mean; `by` is "province" or "district"."""
    from ocop_pipeline.reports.scorecard import scorecard_rows
    from ocop_pipeline.reports.scorecard_sheet import district_sheets, notes, province_sheet
    from ocop_pipeline.reports.wording import Language

    language = Language(lang)
    rows = scorecard_rows(warehouse, basis, by)
    sheets = [province_sheet(rows, basis, language)] if by == "province" else district_sheets(rows, basis, language)
    _print_sheets(console, sheets, notes(rows, basis, by, language))


def print_breakdowns(console: Console, warehouse: "Warehouse", basis: "Basis", by: str, lang: str) -> None:
    """Print the variants and breakdowns of the figures for people; `by` is "province" or "district"."""
    from ocop_pipeline.reports.breakdown_sheet import breakdown_names, breakdown_sheets
    from ocop_pipeline.reports.layout import objects
    from ocop_pipeline.reports.scorecard import figures_of
    from ocop_pipeline.reports.scorecard_words import WORDS
    from ocop_pipeline.reports.wording import Language

    language = Language(lang)
    rows = objects(figures_of(warehouse, basis, by, breakdown=True))
    sheets = breakdown_sheets(rows, breakdown_names(warehouse, basis.as_of, language), language)
    _print_sheets(console, sheets, [WORDS[language].parts_legend])


def _print_sheets(console: Console, sheets: "Sequence[Sheet]", below: "Sequence[str]") -> None:
    for number, sheet in enumerate(sheets, 1):
        print_sheet(console, replace(sheet, notes=below) if number == len(sheets) else sheet)


def _basis(warehouse: "Warehouse", as_of: date | None, known_at: datetime | None, published: int | None) -> "Basis":
    from ocop_pipeline.reports.scorecard import Basis
    from ocop_pipeline.warehouse.publications import publication

    if published is None:
        return Basis(as_of or datetime.now(tz=VIETNAM).date(), known_at)
    found = publication(warehouse, published)
    return Basis(found.as_of_date, found.known_at, published, found.published_at)
