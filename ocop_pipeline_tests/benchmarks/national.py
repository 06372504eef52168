"""Is it quick enough for a whole country? `python -m ocop_pipeline_tests.benchmarks.national`.

Fills a fresh home with ten years of 148 units and 20,000 products and measures what people wait for. Seconds say
little about another machine, so each stands beside its ratio to a plain COPY of the same product values, measured
in the same run.

Belongs here: what is measured, and the table that says it. Stays out: the rows (`national_data`); limits that a
test would hold, since a busy machine breaks them for no reason.
"""

import io
import logging
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from ocop_pipeline.reports.evidence import evidence_of, figure_of
from ocop_pipeline.reports.scorecard import Basis, scorecard_of
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.transform import NEVER_BUILT, NodeResult, build, everything
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Role, Warehouse, open_warehouse
from ocop_pipeline_tests.benchmarks.national_data import Size, fill
from ocop_pipeline_tests.benchmarks.watching import watched
from ocop_pipeline_tests.commands import ocop

SLOWEST_SHOWN = 25
_logger = logging.getLogger(__name__)


@dataclass
class Report:
    """The measurements so far; `baseline` is the seconds that the ratios refer to."""

    console: Console
    baseline: float = 0
    table: Table = field(default_factory=lambda: Table("measured", "seconds", "x COPY", "target", "note", box=None))

    def add(self, name: str, seconds: float, target: str = "", note: str = "") -> None:
        """Say it at once, and keep it for the table."""
        ratio = f"{seconds / self.baseline:.1f}" if self.baseline else ""
        self.table.add_row(name, f"{seconds:.2f}", ratio, target, note)
        self.console.log(f"{name}: {seconds:.2f} s {note}")


@click.command()
@click.option("--home", type=click.Path(path_type=Path), help="Keep the filled home here; filled before, it is reused.")
@click.option("--products", default=20_000, show_default=True)
@click.option("--months", default=120, show_default=True)
@click.option("--order-lines", default=1_000_000, show_default=True)
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Day of scorecard and evidence.")
def main(home: Path | None, products: int, months: int, order_lines: int, as_of: object) -> None:
    """Fill a home at national scale and print what takes how long."""
    last_month_end = date.today().replace(day=1)  # noqa: DTZ011 - which month matters little here
    last_month_end = date.fromordinal(last_month_end.toordinal() - 1)
    size = Size(products, months, order_lines, last_month_end)
    day = as_of.date() if hasattr(as_of, "date") else last_month_end.replace(day=17)
    folder = home or Path(tempfile.mkdtemp(prefix="ocop-national-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    report = Report(Console(width=120))
    settings = Settings(home=folder, warehouse_url=None)
    try:
        with open_warehouse(settings) as warehouse:
            _measure_warehouse(settings, warehouse, size, day, report)
        _measure_runs(folder, report)
        report.console.print(report.table)
    finally:
        if home is None:
            shutil.rmtree(folder)


def _measure_warehouse(settings: Settings, warehouse: Warehouse, size: Size, day: date, report: Report) -> None:
    initialise(warehouse, ALL_FORMS)
    if not fetch(warehouse, "select 1 from ingest.load limit 1", role=Role.LOADER).rows:
        with watched() as watch:
            counts = fill(settings, warehouse, size)
        report.add("fill", watch.seconds, note=", ".join(f"{form} {count:,}" for form, count in sorted(counts.items())))
    _measure_baseline(warehouse, report)
    _measure_build(settings, warehouse, report)
    for by in ("province", "district"):
        report.add(f"scorecard of {day}, {by}", _median(lambda by=by: scorecard_of(warehouse, day, by)), "< 2")  # type: ignore[misc]
    then = datetime.now(tz=VIETNAM) - timedelta(days=30)
    known = _median(lambda: scorecard_of(warehouse, day, "province", then))
    report.add(f"scorecard of {day} as known a month ago", known)
    traced = figure_of(warehouse, "product_value", Basis(day, then), None, "")
    report.add("evidence of product_value as known a month ago", _median(lambda: evidence_of(warehouse, traced)))
    for (kpi,) in fetch(
        warehouse, "select kpi_code from seeds.kpi_catalogue order by sort_order", role=Role.TRANSFORMER
    ).rows:
        rows = fetch(warehouse, _EVIDENCE, {"kpi": kpi}, as_of=day).rows
        seconds = _median(lambda kpi=kpi: fetch(warehouse, _EVIDENCE, {"kpi": kpi}, as_of=day))  # type: ignore[misc]
        report.add(f"evidence of {kpi}, province", seconds, "< 2", f"{rows[0][0]:,} rows")


_EVIDENCE = """
select count(*), sum(numerator), sum(denominator), min(inbox_path), max(source_row) from marts.kpi_evidence_at
where kpi_code = :kpi and variant = '' and unit_code = '25'
"""


def _median(work: Callable[[], object]) -> float:
    """The middle of three: the first pays for what is not in memory yet."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _measure_baseline(warehouse: Warehouse, report: Report) -> None:
    """A plain COPY of the product values into an empty table: what writing so many rows costs at least."""
    with warehouse.engine(None).begin() as connection:
        cursor = connection.connection.cursor()
        values = io.BytesIO()
        cursor.copy_expert("copy raw.product_values to stdout with (format csv)", values)
        values.seek(0)
        cursor.execute("create temp table copied (like raw.product_values) on commit drop")
        with watched() as watch:
            cursor.copy_expert("copy copied from stdin with (format csv)", values)
    report.baseline = watch.seconds
    report.add("COPY of the product values", watch.seconds, note="the baseline")
    counted = _median(lambda: fetch(warehouse, "select count(*) from raw.product_values", role=Role.LOADER))
    report.add("count of the product values", counted)


def _measure_build(settings: Settings, warehouse: Warehouse, report: Report) -> None:
    data = Path(str(fetch(warehouse, "show data_directory", role=None).rows[0][0]))
    with watched(data) as watch:
        results = build(settings, warehouse, [*everything(warehouse), "--exclude", *NEVER_BUILT], _logger)
    report.add(
        "dbt, everything anew",
        watch.seconds,
        "< 180",
        f"CPU {watch.cpu_seconds:.0f} s, peak {watch.peak_mb:,.0f} MB, target 2,000",
    )
    bad = [
        f"{result.unique_id}: {result.message}"
        for result in results
        if result.status not in {"success", "pass", "warn", "no-op"}
    ]
    for line in bad:
        report.console.log(line)
    for result in sorted(results, key=lambda result: -result.seconds)[:SLOWEST_SHOWN]:
        report.console.log(f"    {result.seconds:6.2f} s {_name(result)}")


def _name(result: NodeResult) -> str:
    kind, _, rest = result.unique_id.partition(".ocop.")
    return f"{kind} {rest}"


def _measure_runs(home: Path, report: Report) -> None:
    """The night as a process of its own: the first builds once more and shows every asset, the second has no work."""
    for name, target in (("ocop run, the first", ""), ("ocop run, nothing new", "< 15")):
        with watched() as watch:
            done = ocop(home, "run", timeout=3600)
        report.add(name, watch.seconds, target, f"exit {done.returncode}")


if __name__ == "__main__":
    main()
