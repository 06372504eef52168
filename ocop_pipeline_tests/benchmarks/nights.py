"""Does a night cost more, the longer the history? `python -m ocop_pipeline_tests.benchmarks.nights`.

Two homes with order lines, of which one reaches ten times as far back, take in the same 10,000 new lines, and have a
night without any: `ocop run` as a process of its own, dbt included. The ratio says how much of the cost grows with what
was there before.

Belongs here: these nights, and the table of them. Stays out: the lines (`shopee_file`), how fast many lines are taken
in (`order_lines`); limits that a test would hold.
"""

import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from ocop_pipeline.settings import Settings
from ocop_pipeline_tests.benchmarks.shopee_file import MAPPING, write_lines
from ocop_pipeline_tests.benchmarks.watching import Watch, watched
from ocop_pipeline_tests.commands import ocop

_SINCE = "2017-01-01"
"""At an order a minute and two lines an order 10,000,000 lines reach to July 2026."""
_NEW_LINES = 10_000
_REPEATED = 3
"""Nights of each kind; the quickest counts, since what disturbs a night only makes it longer."""


@click.command()
@click.option("--lines", default=1_000_000, show_default=True, help="Lines of the shorter history.")
@click.option("--times", default=10, show_default=True, help="How much longer the other history is.")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Where the homes are made."
)
def main(lines: int, times: int, folder: Path | None) -> None:
    """Fill two homes with order lines and print what their nights take."""
    table = Table("measured", "seconds", "x", "peak MB", "target", "note", box=None)
    with tempfile.TemporaryDirectory(prefix="ocop-nights-", dir=folder) as name:
        longest = lines * times
        nights = [_Nights(Path(name) / str(count), count, longest) for count in (lines, longest)]
        for what, target in (("new", "1.3 x"), ("none", "1.1 x")):
            watches = [night.quickest(what) for night in nights]
            for night, watch in zip(nights, watches, strict=True):
                label = f"{_NEW_LINES:,} new lines" if what == "new" else "nothing new"
                ratio = f"{watch.seconds / watches[0].seconds:.2f}"
                row = f"{watch.seconds:.1f}", ratio, f"{watch.peak_mb:,.0f}", target
                table.add_row(f"{label} on {night.count:,}", *row, f"CPU {watch.cpu_seconds:.1f} s")
    Console(width=150).print(table)


class _Nights:
    """A home with a history, and its nights."""

    def __init__(self, home: Path, count: int, longest: int) -> None:
        home.mkdir()
        home.parent.chmod(0o755)
        home.chmod(0o755)
        self.count = count
        self._settings = Settings(home=home, warehouse_url=None)
        self._settings.mappings.mkdir()
        (self._settings.mappings / "simple_vi.toml").write_text(MAPPING, encoding="utf-8")
        self._written = longest
        write_lines(self._inbox() / "history.csv", count, first=longest - count, since=_SINCE)
        self._run()
        # A night after the first build still settles what it counted anew.
        self._run()

    def quickest(self, what: str) -> Watch:
        """The quickest of some nights of that kind."""
        return min((self._one(what) for _ in range(_REPEATED)), key=lambda watch: watch.seconds)

    def _one(self, what: str) -> Watch:
        if what == "new":
            path = self._inbox() / f"from-{self._written}.csv"
            write_lines(path, _NEW_LINES, first=self._written, since=_SINCE)
            self._written += _NEW_LINES
        return self._run()

    def _inbox(self) -> Path:
        folder = self._settings.inbox / "ecommerce_sales" / "ocop_dat_to"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _run(self) -> Watch:
        with watched(self._settings.root / "warehouse" / "data", only_started=True) as watch:
            done = ocop(self._settings.root, "run", timeout=7200)
        if done.returncode:
            raise click.ClickException(done.stderr[-1000:])
        return watch


if __name__ == "__main__":
    main()
