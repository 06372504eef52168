"""How fast are order lines taken in? `python -m ocop_pipeline_tests.benchmarks.order_lines`.

A file of Shopee's 63 columns, one line in a thousand wrong, is read, cleaned, stripped of personal data, judged,
archived, loaded and entered in the ledger. Seconds say little about another machine, so each stands beside its ratio to
a plain COPY of the same file into a table of texts, measured in the same run. Beside it, where it can be imported
(`--dlt-python`), `dlt` merges the same file without judging it; and an export of 100,000 lines comes as a workbook.

Belongs here: what is measured, and the table of it. Stays out: the file (`shopee_file`); limits that a test would hold.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.csv as arrow_csv
import xlsxwriter
from rich.console import Console
from rich.table import Table

from ocop_pipeline.ingest import ingest_source
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_FORMS, ecommerce_sales
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Warehouse, open_warehouse
from ocop_pipeline_tests.benchmarks.shopee_file import MAPPING, write_lines
from ocop_pipeline_tests.benchmarks.watching import watched

_SHOP = "ocop_dat_to"
_IN_A_WORKBOOK = 100_000
_TAKE_IN = ("-m", "ocop_pipeline_tests.benchmarks.order_lines", "--take-in")
_DLT = """
import sys, time
import dlt, pyarrow, pyarrow.csv
from dlt.destinations import postgres
url, path = sys.argv[1:]

@dlt.resource(name="lines", write_disposition="merge", primary_key=["order_id", "sku"])
def lines():
    names = pyarrow.csv.open_csv(path).schema.names
    own = [{"Mã đơn hàng": "order_id", "SKU phân loại hàng": "sku"}.get(name, f"c{n}") for n, name in enumerate(names)]
    texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(own, pyarrow.string()))
    reading = pyarrow.csv.ReadOptions(column_names=own, skip_rows=1, block_size=24 << 20)
    for batch in pyarrow.csv.open_csv(path, reading, convert_options=texts):
        yield pyarrow.Table.from_batches([batch])

pipeline = dlt.pipeline("order_lines", destination=postgres(url), dataset_name="by_dlt")
started = time.perf_counter()
pipeline.run(lines())
print(time.perf_counter() - started)
"""


@click.command()
@click.option("--lines", default=2_000_000, show_default=True)
@click.option(
    "--many", default=10_000_000, show_default=True, help="Lines of the file that only memory is measured of; 0: none."
)
@click.option("--dlt-python", default=sys.executable, help="A Python that has dlt[postgres].")
@click.option("--take-in", "home", type=click.Path(path_type=Path), hidden=True)
def main(lines: int, many: int, dlt_python: str, home: Path | None) -> None:
    """Fill a home with order lines and print what that takes."""
    if home:
        sys.stdout.write(json.dumps(_take_in(Settings(home=home, warehouse_url=None))))
        return
    table = Table("measured", "seconds", "x COPY", "peak MB", "target", "note", box=None)
    with tempfile.TemporaryDirectory(prefix="ocop-lines-") as name:
        home = Path(name)
        home.chmod(0o755)
        _measure(home, table, lines, many, dlt_python)
    Console(width=150).print(table)


def _measure(home: Path, table: Table, lines: int, many: int, dlt_python: str) -> None:
    settings = Settings(home=home, warehouse_url=None)
    settings.mappings.mkdir()
    (settings.mappings / "simple_vi.toml").write_text(MAPPING, encoding="utf-8")
    sent = home / "sent.csv"
    write_lines(sent, lines)
    note = f"{lines:,} lines, {sent.stat().st_size / 1e6:,.0f} MB"
    with open_warehouse(settings) as warehouse:
        initialise(warehouse, ALL_FORMS)
        baseline = min(_copy(warehouse, sent) for _ in range(2))
        table.add_row("plain COPY", f"{baseline:.1f}", "1.0", "", "", note)

        def add(what: str, took: tuple[float, float], target: str, note: str = "") -> None:
            seconds, peak = took
            table.add_row(
                what, f"{seconds:.1f}", f"{seconds / baseline:.1f}", f"{peak:,.0f}" if peak else "", target, note
            )

        add("taken in, empty table", _taken_in(home, lambda path: write_lines(path, lines)), "4x, 1,000 MB")
        shipped = _taken_in(home, lambda path: write_lines(path, lines, "Đang giao"))
        add("taken in, full table", shipped, "4x, 1,000 MB", "another export of the same orders")
        dlt = _by_dlt(warehouse, sent, dlt_python)
        add("dlt, arrow, merge", (dlt, 0), "", "judges nothing") if dlt else None
        sent.unlink()
        book = _taken_in(home, lambda path: _write_workbook(path, _IN_A_WORKBOOK), "don-hang.xlsx")
        add("taken in, a workbook", book, "25 s per core, 1,000 MB", f"{_IN_A_WORKBOOK:,} lines")
        if many:
            large = _taken_in(home, lambda path: write_lines(path, many, "Đã giao"))
            add(f"taken in, {many:,} lines", large, "1,000 MB")


def _taken_in(home: Path, write: Callable[[Path], None], file_name: str = "don-hang.csv") -> tuple[float, float]:
    """Seconds and peak memory of a process that takes the file in, of itself and of the one that reads for it."""
    inbox = home / "inbox" / "ecommerce_sales" / _SHOP
    inbox.mkdir(parents=True, exist_ok=True)
    write(inbox / file_name)
    with watched(home, only_started=True) as watch:
        done = subprocess.run([sys.executable, *_TAKE_IN, str(home)], capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)), watch.peak_mb


def _take_in(settings: Settings) -> float:
    """Seconds that the file in the inbox takes, after a first small one for which the libraries are loaded."""
    inbox = settings.inbox / "ecommerce_sales" / _SHOP
    waiting = next(inbox.iterdir())
    aside = waiting.rename(settings.root / waiting.name)
    write_lines(inbox / "first.csv", 10, "Đã giao")
    with open_warehouse(settings) as warehouse:
        ingest_source(ecommerce_sales.SOURCE, settings, warehouse, "first", lambda _: None)
        aside.rename(waiting)
        started = time.perf_counter()
        outcome = ingest_source(ecommerce_sales.SOURCE, settings, warehouse, "benchmark", lambda _: None)
        seconds = time.perf_counter() - started
    (file,) = outcome.files
    if not file.submission.rows_accepted:
        raise click.ClickException(str(file.submission.reason_en))
    return seconds


def _write_workbook(path: Path, lines: int) -> None:
    """An export as marketplaces make workbooks: all cells are texts."""
    sent = path.parent.parent / "as_text.csv"
    write_lines(sent, lines, "Đã giao")
    names = arrow_csv.open_csv(sent).schema.names
    as_texts = arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    columns = arrow_csv.read_csv(sent, convert_options=as_texts).to_pydict()
    sent.unlink()
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("orders")
    sheet.write_row(0, 0, list(columns))
    for number, cells in enumerate(zip(*columns.values(), strict=True), 1):
        sheet.write_row(number, 0, [cell or "" for cell in cells])
    book.close()


def _copy(warehouse: Warehouse, path: Path) -> float:
    columns = ", ".join(f"c{number} text" for number in range(len(arrow_csv.open_csv(path).schema)))
    with (
        _new_table(warehouse, "copied", columns),
        warehouse.engine(None).begin() as connection,
        path.open("rb") as file,
    ):
        started = time.perf_counter()
        connection.connection.cursor().copy_expert("copy copied from stdin with (format csv, header)", file, 1 << 18)
        return time.perf_counter() - started


@contextmanager
def _new_table(warehouse: Warehouse, name: str, columns: str) -> Iterator[None]:
    with warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(f"create table {name} ({columns})")
    yield
    with warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(f"drop table {name}")


def _by_dlt(warehouse: Warehouse, path: Path, python: str) -> float | None:
    """Seconds that dlt takes, its imports apart; None where there is no dlt."""
    if subprocess.run([python, "-c", "import dlt"], capture_output=True, check=False).returncode:
        return None
    known = warehouse.parameters
    # dlt insists on host and password; libpq then takes the socket of the query, where no password is asked for.
    url = f"postgresql://{known['user']}:none@localhost:{known['port']}/{known['dbname']}?host={known['host']}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {"HOME": folder, "PATH": "/usr/bin:/bin", "RUNTIME__DLTHUB_TELEMETRY": "false"}
        command = [python, "-c", _DLT, url, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)
    if done.returncode:
        raise click.ClickException(done.stderr[-1000:])
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    main()
