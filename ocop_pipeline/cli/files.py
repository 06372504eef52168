"""What lies in the warehouse as it came: the files and what became of them, any query, their description.

Belongs here: submissions, template, query, docs. Stays out: figures.
"""

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from ocop_pipeline.cli.common import (
    FORMATS,
    ReportPeriod,
    existing_warehouse,
    has_warehouse,
    print_answer,
    print_sheet,
)
from ocop_pipeline.cli.life import print_version_difference
from ocop_pipeline.settings import Settings

if TYPE_CHECKING:
    from ocop_pipeline.vietnamese.periods import Period
    from ocop_pipeline.warehouse.server import Warehouse

_ALL = 0
"""No submission has this number: `--repairs` without one means all."""


@click.command()
@click.option(
    "--period", type=ReportPeriod(), default=None, help="Only files that report on this period: 2023-06, 2023-Q2, 2023."
)
@click.option("--due", is_flag=True, help="Instead: only who owed a report, and whether it came, in time.")
@click.option("--returned", is_flag=True, help="Instead: every file and row that goes back to its sender, and why.")
@click.option(
    "--repairs",
    type=int,
    is_flag=False,
    flag_value=_ALL,
    metavar="[NUMBER]",
    help="Instead: every cell that was read as something else than it said, of one submission or of all.",
)
@click.option("--diff", type=int, default=None, metavar="NUMBER", help="Instead: what this file changed.")
@click.option("--corrections", is_flag=True, help="Instead: the known errors of source_corrections.csv, and their use.")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def submissions(
    period: "Period | None",
    *,
    due: bool,
    returned: bool,
    repairs: int | None,
    diff: int | None,
    corrections: bool,
    format_: str,
) -> None:
    """What arrived, what is true of it now, and why a file was rejected; then who is missing or late.

    Without --period the last part shows, per source, the newest period that anybody reported on.
    """
    lists = {
        "--due": due,
        "--returned": returned,
        "--repairs": repairs is not None,
        "--diff": diff is not None,
        "--corrections": corrections,
    }
    asked = [name for name, is_asked in lists.items() if is_asked]
    if len(asked) > 1:
        message = f"{' and '.join(asked)} each show something else: choose one"
        raise click.UsageError(message)
    if repairs is not None:
        _print_repairs(None if repairs == _ALL else repairs, format_)
        return
    settings = Settings()
    with existing_warehouse(settings) as warehouse:
        if diff is not None:
            print_version_difference(warehouse, diff, format_)
        elif due:
            _print_reporting(warehouse, period, format_)
        elif corrections:
            _print_corrections(settings, warehouse, format_)
        elif returned:
            _print_returned(settings, warehouse, format_)
        else:
            _print_files(settings, warehouse, period, format_)


def _print_files(settings: Settings, warehouse: "Warehouse", period: "Period | None", format_: str) -> None:
    from ocop_pipeline.inbox import waiting_files
    from ocop_pipeline.reports.arrivals import SUBMISSION_TABLE, submission_table, submissions_of
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.sources import ALL_SOURCES

    answer = submissions_of(warehouse, period, () if period else waiting_files(ALL_SOURCES, settings.inbox))
    if format_ != "table":
        print_answer(answer, format_)
        return
    Console(highlight=False).print(as_table(SUBMISSION_TABLE, submission_table(answer)))
    _print_reporting(warehouse, period, format_)


def _print_corrections(settings: Settings, warehouse: "Warehouse", format_: str) -> None:
    from ocop_pipeline.corrections import load_corrections
    from ocop_pipeline.reports.arrivals import correction_sheet, corrections_of

    answer = corrections_of(warehouse, load_corrections(settings.seeds))
    if format_ == "table":
        print_sheet(Console(highlight=False), correction_sheet(answer))
    else:
        print_answer(answer, format_)


def _print_returned(settings: Settings, warehouse: "Warehouse", format_: str) -> None:
    from ocop_pipeline.reports.arrivals import returned_of

    answer = returned_of(warehouse, settings.outbox)
    if format_ == "table":
        print_returned(Console(highlight=False), answer.rows)
    else:
        print_answer(answer, format_)


@click.command()
@click.argument("source", type=click.Choice(["district_submissions", "labour_statistics"]))
@click.option("--unit", required=True, metavar="CODE", help="The reporting unit, for example 231.")
@click.option("--period", type=ReportPeriod(), required=True, help="2023-06, 2023-Q2, 2023-H1 or 2023.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE.xlsx")
def template(source: str, unit: str, period: "Period", output: Path) -> None:
    """Write the workbook that a unit fills in for a period, with what is known of it filled in already."""
    from ocop_pipeline.reports.templates import reporting_unit, template_of
    from ocop_pipeline.sources import ALL_SOURCES
    from ocop_pipeline.sources.reference import Reference

    if output.suffix.lower() != ".xlsx":
        message = f"{output} must end in .xlsx"
        raise click.BadParameter(message, param_hint="--output")
    settings = Settings()
    reference = Reference.load(settings.seeds, settings.mappings)
    found = reporting_unit(reference, unit, period)
    chosen = next(known for known in ALL_SOURCES if known.name == source)
    opened = existing_warehouse(settings) if has_warehouse(settings) else nullcontext()
    with opened as warehouse:
        content, is_prefilled = template_of(chosen, reference, found, period, warehouse)
    try:
        output.write_bytes(content)
    except OSError as error:
        message = f"{output} cannot be written: {error.strerror}"
        raise click.ClickException(message) from error
    click.echo(f"{output}: {found.name}, {period.label}")
    if not is_prefilled:
        click.echo("there is no warehouse with figures yet, so nothing is filled in beforehand", err=True)


def _print_reporting(warehouse: "Warehouse", period: "Period | None", format_: str) -> None:
    from ocop_pipeline.reports.reporting import as_answer, last_due, reporting_sheets, reports_of

    if format_ != "table":
        print_answer(as_answer(reports_of(warehouse, period)), format_)
        return
    console = Console(highlight=False)
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


def _print_repairs(number: int | None, format_: str) -> None:
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.reports.repairs import REPAIR_TABLE, repair_table, repairs_of

    with existing_warehouse(Settings()) as warehouse:
        answer = repairs_of(warehouse, None if number is None else [number])
    if format_ == "table" and not answer.rows:
        click.echo("Không có ô nào phải sửa khi đọc. / No cell had to be mended.")
    elif format_ == "table":
        Console(highlight=False).print(as_table(REPAIR_TABLE, repair_table(answer)))
    else:
        print_answer(answer, format_)


def print_returned(console: Console, rows: Sequence[tuple[Any, ...]]) -> None:
    """Print what goes back to its sender: file, place, reason and rule; the rows of `returned_of`."""
    from rich.padding import Padding
    from rich.text import Text

    told = ""
    for file, sheet, row, rule, reason_vi, _, answer in rows:
        where = [sheet] if sheet and not file.endswith(sheet) else []
        where += [] if row is None else [f"dòng {row}"]
        place = ", ".join(where) + ": " if where else ""
        if file != told:
            console.print(Padding(Text(file), (0, 0, 0, 2)))
            if answer:
                console.print(Padding(Text(f"→ outbox/{answer}"), (0, 0, 0, 4)))
        told = file
        console.print(Padding(Text(f"{place}{reason_vi} ({rule})"), (0, 0, 0, 4)))
