"""Is a night of all communes quick enough? `python -m ocop_pipeline_tests.benchmarks.communes`.

Every commune of the merged province sends one workbook for August 2025: a header sheet and seven forms, 300 rows in all
sheets together. Measured is the whole `ocop run` as a process of its own, into a warehouse that stands: the very first
run, which also makes the server and every relation, is measured before. Seconds say little about another machine, so
each stands beside its ratio to merely opening the same workbooks with openpyxl, measured in the same run.

Belongs here: these workbooks, and the table that says how long they take. Stays out: limits that a test would hold,
since a busy machine breaks them for no reason.
"""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from openpyxl import load_workbook
from rich.console import Console
from rich.table import Table

from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import district_forms as forms
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline_tests.benchmarks.watching import Watch, watched
from ocop_pipeline_tests.commands import ocop
from ocop_pipeline_tests.files import header, sheet, xlsx

_DAY = date(2025, 8, 31)
_ENTITIES, _PRODUCTS = 30, 70
_CONTRACTS, _POINTS, _FAIRS, _VOUCHERS = 70, 10, 15, 33
"""With 70 values and the two lines of the header sheet: 300 rows."""
_TARGETS = {"all communes": "< 60 s, < 1,000 MB", "nothing new": "< 15 s"}


@click.command()
def main() -> None:
    """Send a workbook per commune and print what their night takes."""
    table = Table("measured", "seconds", "x opening", "peak MB", "target", "note", box=None)
    with tempfile.TemporaryDirectory(prefix="ocop-communes-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        settings = Settings(home=home, warehouse_url=None)
        runs = [("first run, empty inbox", _run(settings))]
        paths = _fill(settings)
        with watched() as opening:
            for path in paths:
                load_workbook(path, read_only=True, data_only=True).close()
        size = f"{len(paths)} workbooks, {sum(path.stat().st_size for path in paths) / 1e6:.1f} MB"
        runs += [("all communes", _run(settings)), ("nothing new", _run(settings))]
    table.add_row("opening", *_cells(opening, opening), "", size)
    for name, (watch, said) in runs:
        table.add_row(f"ocop run: {name}", *_cells(opening, watch), _TARGETS.get(name, ""), said)
    Console(width=150).print(table)


def _run(settings: Settings) -> tuple[Watch, str]:
    with watched(settings.root / "warehouse" / "data", only_started=True) as watch:
        done = ocop(settings.root, "run", timeout=1800)
    said = next((line for line in done.stdout.splitlines() if "rows:" in line), "")
    return watch, f"exit {done.returncode} {said}"


def _cells(opening: Watch, watch: Watch) -> tuple[str, str, str]:
    peak = f"{watch.peak_mb:,.0f}" if watch.peak_mb else ""
    return f"{watch.seconds:.1f}", f"{watch.seconds / opening.seconds:.1f}", peak


def _fill(settings: Settings) -> list[Path]:
    reference = Reference.load(settings.seeds, settings.mappings)
    communes = [unit for unit in reference.units if unit.kind == "commune" and unit.in_force(_DAY)]
    paths = []
    for unit in communes:
        path = settings.inbox / "district_submissions" / unit.code / "bao-cao-2025-08.xlsx"
        path.parent.mkdir(parents=True)
        path.write_bytes(_workbook(unit.code))
        paths.append(path)
    return paths


def _workbook(unit: str) -> bytes:
    sheets = header("2025-08", unit)
    for form, make, count in (
        (forms.ENTITIES, _entity, _ENTITIES),
        (forms.PRODUCT_EVENTS, _product, _PRODUCTS),
        (forms.PRODUCT_VALUES, _value, _PRODUCTS),
        (forms.LINKAGE_CONTRACTS, _contract, _CONTRACTS),
        (forms.SALES_POINTS, _point, _POINTS),
        (forms.PROMOTION_EVENTS, _fair, _FAIRS),
        (forms.SUPPORT_DISBURSEMENTS, _voucher, _VOUCHERS),
    ):
        sheets |= sheet(form, *(make(unit, number) for number in range(count)))
    return xlsx(sheets)


def _entity(unit: str, number: int) -> dict[str, Any]:
    kind = ("Hợp tác xã", "Doanh nghiệp", "Hộ kinh doanh")[number % 3]
    return {
        "entity_code": _entity_code(unit, number),
        "entity_name": f"{kind} nông sản số {number} xã {unit}",
        "entity_type": kind,
        "joined_date": "15/03/2024",
        "is_woman_led": "có" if number % 4 == 0 else "không",
        "regular_workers": 3 + number,
    }


def _entity_code(unit: str, number: int) -> str:
    return f"26{unit}{number:03d}"


def _product_code(unit: str, number: int) -> str:
    return f"25-{unit}-{number:03d}"


def _product(unit: str, number: int) -> dict[str, Any]:
    return {
        "product_code": _product_code(unit, number),
        "product_name": f"Chè xanh loại {number} xã {unit}",
        "product_group": "II",
        "entity_code": _entity_code(unit, number % _ENTITIES),
        "event_kind": "mới",
        "stars": "3 sao",
        "score": 55 + number % 15,
        "decision_number": f"{100 + number}/QĐ-UBND",
        "decision_date": _DAY - timedelta(days=30 + number),
    }


def _value(unit: str, number: int) -> dict[str, Any]:
    return {
        "product_code": _product_code(unit, number),
        "quantity": 10 + number,
        "quantity_unit": "kg",
        "mean_price_vnd": "120.000",
        "revenue_vnd": f"{120 * (10 + number)}.000",
        "declared_online_revenue_vnd": 0,
    }


def _contract(unit: str, number: int) -> dict[str, Any]:
    return {
        "product_code": _product_code(unit, number),
        "partner_name": "Công ty TNHH Chế biến Đất Tổ",
        "linkage_kind": "Tiêu thụ sản phẩm",
        "contract_number": f"{number:02d}/2025/HĐLK-{unit}",
        "start_date": "01/01/2025",
        "end_date": "01/01/2027",
    }


def _point(unit: str, number: int) -> dict[str, Any]:
    return {
        "sales_point_code": f"DB-{unit}-{number:02d}",
        "sales_point_name": f"Điểm giới thiệu sản phẩm OCOP số {number}",
        "opened_date": "02/09/2024",
    }


def _fair(unit: str, number: int) -> dict[str, Any]:
    return {
        "event_code": f"XT-{unit}-{number:02d}",
        "event_name": f"Hội chợ nông sản lần {number}",
        "event_form": "hội chợ",
        "start_date": _DAY - timedelta(days=number),
        "product_count": 12,
    }


def _voucher(unit: str, number: int) -> dict[str, Any]:
    return {
        "voucher_number": f"PC{number:03d}-{unit}",
        "funding_source": "Ngân sách tỉnh",
        "purpose": "Bao bì, nhãn mác",
        "entity_code": _entity_code(unit, number % _ENTITIES),
        "amount_vnd": "15 triệu",
        "disbursed_date": "20/08/2025",
    }


if __name__ == "__main__":
    main()
