"""The night job from a terminal: demo, run, up.

Belongs here: starting it, and saying what became of the files. Stays out: the job itself (`runs`).
"""

import sys
from datetime import date
from typing import TYPE_CHECKING

import click
from rich.console import Console

from ocop_pipeline.cli.common import existing_warehouse
from ocop_pipeline.cli.figures import print_scorecard
from ocop_pipeline.cli.files import print_returned
from ocop_pipeline.errors import OcopError
from ocop_pipeline.settings import Settings

if TYPE_CHECKING:
    from ocop_pipeline.reports.arrivals import Arrivals
    from ocop_pipeline.runs import RunResult

DIRECTIVE_DATE = date(2023, 11, 24)
"""Day of the press report on Document 4553/UBND-NNTN: what the demo is calibrated to."""
_RETURNED_SHOWN = 15
_PORT = click.IntRange(1, 65_535)


@click.command()
@click.option("--seed", type=int, default=None, help="Another province: other districts, other figures, another key.")
def demo(seed: int | None) -> None:
    """Fill a fresh home with simulated data, run the night job, show the scorecard."""
    from ocop_pipeline.demo import DEFAULT_SEED, generate
    from ocop_pipeline.reports.scorecard import Basis

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
    _print_arrivals(console, arrivals, is_quiet=result.is_quiet)
    with existing_warehouse(settings) as warehouse:
        print_scorecard(console, warehouse, Basis(DIRECTIVE_DATE), "province", "en")
    _print_next_steps(console, settings)


@click.command()
@click.option("--strict", is_flag=True, help="Exit with 2 when a file or row was rejected.")
def run(*, strict: bool) -> None:
    """Run the night job once over the inbox; the Dagster UI shows it as a run."""
    settings = Settings()
    console = Console(highlight=False)
    result, arrivals = _run(console, settings)
    if not result.success:
        sys.exit(1)
    _print_arrivals(console, arrivals, is_quiet=result.is_quiet)
    if strict and not arrivals.is_clean:
        sys.exit(2)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The UI has no login: keep it on this machine.")
@click.option("--port", type=_PORT, default=3000, show_default=True, help="Port of the Dagster UI.")
@click.option("--bi-port", type=_PORT, default=5455, show_default=True, help="Port of the warehouse for BI tools.")
def up(host: str, port: int, bi_port: int) -> None:
    """Dagster UI and schedule, and the warehouse for BI tools on 127.0.0.1, until Ctrl-C."""
    from ocop_pipeline.inbox import make_folders
    from ocop_pipeline.services import serve
    from ocop_pipeline.sources import ALL_SOURCES

    settings = Settings()
    make_folders(ALL_SOURCES, settings.inbox)
    sys.exit(serve(settings, host, port, bi_port, click.echo))


def _run(console: Console, settings: Settings) -> "tuple[RunResult, Arrivals]":
    from ocop_pipeline.inbox import list_strays, make_folders
    from ocop_pipeline.reports.arrivals import arrivals_of
    from ocop_pipeline.reports.digest import failure, unwritten
    from ocop_pipeline.runs import refresh
    from ocop_pipeline.sources import ALL_SOURCES
    from ocop_pipeline.warehouse import ledger
    from ocop_pipeline.warehouse.server import open_warehouse

    try:
        make_folders(ALL_SOURCES, settings.inbox)
        with open_warehouse(settings) as warehouse:
            with console.status("starting ...") as status:
                result = refresh(settings, lambda line: status.update(line[: max(20, console.width - 4)]))
            files = ledger.submissions(warehouse, run_id=result.run_id)
            arrivals = arrivals_of(warehouse, files, settings.outbox)
    except (OcopError, OSError) as error:
        # Dagster knows nothing of what has not begun, and not how it ended where its own disk is full.
        _tell(settings, failure(None, None))
        raise error if isinstance(error, OcopError) else OcopError(_worded(error)) from None
    if not result.success:
        step = f" in {result.failed_step}" if result.failed_step else ""
        click.echo(f"ocop: the run {result.run_id} failed{step}: {result.message}", err=True)
        _tell(settings, failure(result.run_id, result.failed_step))
    if result.unwritten:
        for line in result.unwritten:
            click.echo(f"ocop: could not be written, the next night tries again: outbox/{line}", err=True)
        _tell(settings, unwritten(result.unwritten))
    for path in list_strays(ALL_SOURCES, settings.inbox):
        click.echo(f"ocop: inbox/{path} is hidden, a link or in no source's folder, and was not read", err=True)
    return result, arrivals


def _worded(error: OSError) -> str:
    return f"{error.filename or 'the home'}: {error.strerror or error}"


def _tell(settings: Settings, told: tuple[str, str]) -> None:
    from ocop_pipeline.alerts import AlertError, send

    try:
        send(settings.alerts, *told)
    except AlertError as error:
        click.echo(f"ocop: {error}", err=True)


def _is_in_use(settings: Settings) -> bool:
    """Whether any file has ever been put into this home."""
    files = (path for path in settings.inbox.rglob("*") if path.is_file())
    return settings.archive.exists() or next(files, None) is not None


def _print_arrivals(console: Console, arrivals: "Arrivals", *, is_quiet: bool) -> None:
    from ocop_pipeline.reports.arrivals import OUTCOMES_VI
    from ocop_pipeline.reports.layout import show

    if not arrivals.outcomes:
        changed = "nothing changed" if is_quiet else "the figures were computed anew"
        console.print(f"No new files: {changed}.")
        return
    counts = "; ".join(f"{show(count)} {OUTCOMES_VI[outcome]}" for outcome, count in arrivals.outcomes.items())
    console.print(f"[bold]Tệp[/bold] / files: {counts}.")
    console.print(
        f"[bold]Dòng[/bold] / rows: {show(arrivals.rows_read)} đọc = {show(arrivals.rows_accepted)} nhận "
        f"+ {show(arrivals.rows_rejected)} trả lại (quarantine)."
    )
    if arrivals.repaired:
        console.print(
            f"[bold]Ô đã sửa khi đọc[/bold] / cells mended: {show(sum(arrivals.repaired.values()))} "
            f"({len(arrivals.repaired)} tệp): ocop submissions --repairs"
        )
    for file, warning in arrivals.warnings[:_RETURNED_SHOWN]:
        console.print(f"Cảnh báo / warning: {file}: {warning}", markup=False)
    if arrivals.returned:
        console.print("[bold]Trả lại người gửi[/bold] / back to the sender:")
        print_returned(console, arrivals.returned[:_RETURNED_SHOWN])
    if len(arrivals.returned) > _RETURNED_SHOWN:
        console.print(f"  ... and {len(arrivals.returned) - _RETURNED_SHOWN} more: ocop submissions --returned")
    for file, number in arrivals.duplicates[:_RETURNED_SHOWN]:
        console.print(f"  {file}: trùng số {number} / the same file as submission {number}", markup=False)


def _print_next_steps(console: Console, settings: Settings) -> None:
    from ocop_pipeline.demo.months import UNEVEN_MONTH

    commands = (
        ("ocop scorecard --as-of 2023-12-31 --by district", "the 13 districts, who is behind first"),
        ("ocop trace certified_products --as-of 2023-11-24", "the row of the file behind each product"),
        ("ocop submissions", "every file and what became of it"),
        (
            f"ocop submissions --due --period {UNEVEN_MONTH:%Y-%m}",
            "of 13 districts one report is missing, one late, one rejected, one restated",
        ),
        ("ocop query 'table marts.kpi_scorecard'", "the month ends, as BI tools see them"),
        ("ocop up", "the Dagster UI on http://127.0.0.1:3000"),
        (f"{settings.home}/demo/", "the answer key of the simulation"),
        (f"{settings.home}/inbox/rejected/", "the refused files, each with its reason"),
    )
    console.print("[bold]Where to look next[/bold]")
    for what, why in commands:
        console.print(f"  {what}\n      {why}")
