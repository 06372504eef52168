"""The `ocop` command: parse, call, print.

Belongs here: options, and what is printed where. Stays out: everything that does the work; slow libraries are
imported inside the command that needs them, so that `ocop --help` is quick.
"""

import logging
import os
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.vietnamese.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from ocop_pipeline.reports.arrivals import Arrivals
    from ocop_pipeline.runs import RunResult
    from ocop_pipeline.warehouse.query import Answer
    from ocop_pipeline.warehouse.server import Warehouse

DIRECTIVE_DATE = date(2023, 11, 24)
"""Day of the press report on Document 4553/UBND-NNTN: what the demo is calibrated to."""
_RETURNED_SHOWN = 15
_WIDEST = 10_000
_PORT = click.IntRange(1, 65_535)
_FORMATS = click.Choice(["table", "json", "csv"])


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


def main() -> None:
    """Run the command; whatever is foreseen to fail ends in one line and exit code 1."""
    from ocop_pipeline.errors import OcopError

    for variable in ("DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        os.environ.setdefault(variable, "1")
    # A connection that Ctrl-C cuts off would be reported with a traceback of its own.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    try:
        command()
    except OcopError as error:
        click.echo(f"ocop: {error}", err=True)
        sys.exit(1)


@click.group(name="ocop", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ocop-pipeline")
def command() -> None:
    """From the files that districts and sellers send to the OCOP scorecard.

    OCOP_HOME (default .ocop) holds inbox, archive, warehouse and run history. OCOP_WAREHOUSE_URL names a
    PostgreSQL server of your own instead of the embedded one.
    """


@command.command()
@click.option("--seed", type=int, default=None, help="Another province: other districts, other figures, another key.")
def demo(seed: int | None) -> None:
    """Fill a fresh home with simulated data, run the night job, show the scorecard."""
    from ocop_pipeline.demo import DEFAULT_SEED, generate

    settings = Settings()
    seed = DEFAULT_SEED if seed is None else seed
    key_path = settings.root / "demo" / f"answer_key_seed_{seed}.json"
    if not key_path.exists() and _is_in_use(settings):
        message = f"{settings.root} is in use; name an empty folder: OCOP_HOME=another-folder ocop demo"
        raise click.ClickException(message)
    console = Console(highlight=False)
    console.print("[bold]Dữ liệu mô phỏng[/bold] – simulated data, calibrated to the directive of 24/11/2023.")
    with console.status("inventing a province ..."):
        key = generate(settings.inbox, seeds_dir=settings.seeds, seed=seed)
        key.write(key_path)
    result, arrivals = _run(console, settings)
    if not result.success:
        sys.exit(1)
    _print_arrivals(console, arrivals)
    _print_scorecard(console, settings, DIRECTIVE_DATE, "province")
    _print_next_steps(console, settings)


@command.command()
@click.option("--strict", is_flag=True, help="Exit with 2 when a file or row was rejected.")
def run(*, strict: bool) -> None:
    """Run the night job once over the inbox; the Dagster UI shows it as a run."""
    settings = Settings()
    console = Console(highlight=False)
    result, arrivals = _run(console, settings)
    if not result.success:
        sys.exit(1)
    _print_arrivals(console, arrivals)
    if strict and not arrivals.is_clean:
        sys.exit(2)


@command.command()
@click.option("--as-of", "as_of", type=Day(), default=None, help="The day to look at; today when left out.")
@click.option("--by", type=click.Choice(["province", "district"]), default="province", show_default=True)
@click.option("--breakdown", is_flag=True, help="The variants and breakdowns below the figures.")
@click.option("--format", "format_", type=_FORMATS, default="table", show_default=True)
def scorecard(as_of: date | None, by: str, *, breakdown: bool, format_: str) -> None:
    """All twelve KPIs at a day, for the province or each district."""
    from ocop_pipeline.reports.scorecard import breakdowns_of, scorecard_of

    settings = Settings()
    day = as_of or datetime.now(tz=VIETNAM).date()
    if format_ == "table" and not breakdown:
        _print_scorecard(Console(highlight=False), settings, day, by)
        return
    with _existing_warehouse(settings) as warehouse:
        answer = breakdowns_of(warehouse, day, by) if breakdown else scorecard_of(warehouse, day, by)
    _print_answer(answer, format_)


@command.command()
@click.option("--period", default=None, help="Only files that report on this period: 2023-06, 2023-Q2, 2023.")
@click.option("--returned", is_flag=True, help="Instead: every file and row that goes back to its sender, and why.")
@click.option("--format", "format_", type=_FORMATS, default="table", show_default=True)
def submissions(period: str | None, *, returned: bool, format_: str) -> None:
    """What arrived, what became of it, and why a file was rejected."""
    from ocop_pipeline.reports.arrivals import SUBMISSION_TABLE, returned_of, submission_table, submissions_of
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.vietnamese.periods import parse_period

    try:
        wanted = parse_period(period) if period else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--period") from error
    with _existing_warehouse(Settings()) as warehouse:
        answer = returned_of(warehouse) if returned else submissions_of(warehouse, wanted)
    if format_ == "table" and not returned:
        Console(highlight=False).print(as_table(SUBMISSION_TABLE, submission_table(answer)))
    elif format_ == "table":
        _print_returned(Console(highlight=False), answer.rows)
    else:
        _print_answer(answer, format_)


@command.command()
@click.argument("sql")
@click.option("--format", "format_", type=_FORMATS, default="table", show_default=True)
def query(sql: str, format_: str) -> None:
    """One read-only query on the marts, as the reader role."""
    from ocop_pipeline.warehouse.query import fetch

    with _existing_warehouse(Settings()) as warehouse:
        answer = fetch(warehouse, sql)
    _print_answer(answer, format_)


@command.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The UI has no login: keep it on this machine.")
@click.option("--port", type=_PORT, default=3000, show_default=True, help="Port of the Dagster UI.")
@click.option("--bi-port", type=_PORT, default=5455, show_default=True, help="Port of the warehouse for BI tools.")
def up(host: str, port: int, bi_port: int) -> None:
    """Dagster UI and schedule, and the warehouse for BI tools on 127.0.0.1, until Ctrl-C."""
    from ocop_pipeline.runs import serve

    settings = Settings()
    _make_inbox(settings)
    sys.exit(serve(settings, host, port, bi_port, click.echo))


def _run(console: Console, settings: Settings) -> "tuple[RunResult, Arrivals]":
    from ocop_pipeline.inbox import list_strays
    from ocop_pipeline.reports.arrivals import arrivals_of
    from ocop_pipeline.runs import refresh
    from ocop_pipeline.sources import ALL_SOURCES
    from ocop_pipeline.warehouse import ledger
    from ocop_pipeline.warehouse.server import open_warehouse

    _make_inbox(settings)
    with open_warehouse(settings) as warehouse:
        with console.status("starting ...") as status:
            result = refresh(settings, lambda line: status.update(line[: max(20, console.width - 4)]))
        if not result.success:
            step = f" in {result.failed_step}" if result.failed_step else ""
            click.echo(f"ocop: the run {result.run_id} failed{step}: {result.message}", err=True)
        files = ledger.submissions(warehouse, run_id=result.run_id)
        arrivals = arrivals_of(warehouse, files)
    for path in list_strays(ALL_SOURCES, settings.inbox):
        click.echo(f"ocop: inbox/{path} lies in no source's folder and was not read", err=True)
    return result, arrivals


def _is_in_use(settings: Settings) -> bool:
    """Whether any file has ever been put into this home."""
    files = (path for path in settings.inbox.rglob("*") if path.is_file())
    return settings.archive.exists() or next(files, None) is not None


def _make_inbox(settings: Settings) -> None:
    from ocop_pipeline.sources import ALL_SOURCES

    for source in ALL_SOURCES:
        (settings.inbox / source.name).mkdir(parents=True, exist_ok=True)


def _existing_warehouse(settings: Settings) -> "AbstractContextManager[Warehouse]":
    from ocop_pipeline.warehouse.server import open_warehouse

    if settings.warehouse_url is None and not (settings.root / "warehouse").exists():
        message = f"there is no warehouse in {settings.root} yet; run `ocop demo` or `ocop run` first"
        raise click.ClickException(message)
    return open_warehouse(settings)


def _print_answer(answer: "Answer", format_: str) -> None:
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


def _print_arrivals(console: Console, arrivals: "Arrivals") -> None:
    from ocop_pipeline.reports.arrivals import OUTCOMES_VI
    from ocop_pipeline.reports.layout import show

    if not arrivals.outcomes:
        console.print("No new files: nothing changed.")
        return
    counts = "; ".join(f"{show(count)} {OUTCOMES_VI[outcome]}" for outcome, count in arrivals.outcomes.items())
    console.print(f"[bold]Tệp[/bold] / files: {counts}.")
    console.print(
        f"[bold]Dòng[/bold] / rows: {show(arrivals.rows_read)} đọc = {show(arrivals.rows_accepted)} nhận "
        f"+ {show(arrivals.rows_rejected)} trả lại (quarantine)."
    )
    if arrivals.returned:
        console.print("[bold]Trả lại người gửi[/bold] / back to the sender:")
        _print_returned(console, arrivals.returned[:_RETURNED_SHOWN])
    if len(arrivals.returned) > _RETURNED_SHOWN:
        console.print(f"  ... and {len(arrivals.returned) - _RETURNED_SHOWN} more: ocop submissions --returned")
    for file, number in arrivals.duplicates[:_RETURNED_SHOWN]:
        console.print(f"  {file}: trùng số {number} / the same file as submission {number}", markup=False)


def _print_returned(console: Console, rows: "Sequence[tuple[Any, ...]]") -> None:
    from rich.padding import Padding
    from rich.text import Text

    for file, sheet, row, rule, reason_vi, _ in rows:
        where = [sheet] if sheet and not file.endswith(sheet) else []
        where += [] if row is None else [f"dòng {row}"]
        place = ", ".join(where) + ": " if where else ""
        console.print(Padding(Text(file), (0, 0, 0, 2)))
        console.print(Padding(Text(f"{place}{reason_vi} ({rule})"), (0, 0, 0, 4)))


def _print_scorecard(console: Console, settings: Settings, day: date, by: str) -> None:
    from ocop_pipeline.reports.layout import as_table
    from ocop_pipeline.reports.scorecard import LONGEST_CODE, TABLE_COLUMNS, scorecard_table

    with _existing_warehouse(settings) as warehouse:
        rows = scorecard_table(warehouse, day, by)
    title = f"Bộ chỉ tiêu OCOP đến ngày {day:%d/%m/%Y} (definition version 1)"
    console.print(as_table(TABLE_COLUMNS[by], rows, title=title, first_width=LONGEST_CODE))


def _print_next_steps(console: Console, settings: Settings) -> None:
    commands = (
        ("ocop scorecard --as-of 2023-12-31 --by district", "the 13 districts"),
        ("ocop submissions", "every file and what became of it"),
        ("ocop query 'table marts.kpi_scorecard'", "the month ends, as BI tools see them"),
        ("ocop up", "the Dagster UI on http://127.0.0.1:3000"),
        (f"{settings.home}/demo/", "the answer key of the simulation"),
        (f"{settings.home}/inbox/rejected/", "the refused file, with its reason"),
    )
    console.print("[bold]Where to look next[/bold]")
    for what, why in commands:
        console.print(f"  {what}\n      {why}")
