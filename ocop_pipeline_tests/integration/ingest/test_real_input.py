"""Real files: certifications read in the press, a real shop's order lines, tables of the statistics office.

The files lie beside the project and are read in place; what they must give is worked out here without the pipeline.
"""

import csv
import shutil
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from ocop_pipeline.settings import PROJECT_ROOT
from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS
from ocop_pipeline.sources.marketplace_mapping import load_mapping
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Outcome
from ocop_pipeline_tests.files import header, sheet, xlsx
from ocop_pipeline_tests.offices import Office

REFERENCE = PROJECT_ROOT.parent / "shared" / "reference"
PROVINCE = "25"
LAST_YEAR_OF_DISTRICTS = "2025"
EVENTS = {"new": "mới", "upgrade": "nâng hạng", "re-assess": "đánh giá lại", "": "công nhận"}

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference files are not beside the project")


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def workbooks(products: list[dict[str, str]]) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The rows by unit and year: without district the province's, without year in the unit's newest year."""
    newest = {
        unit: max(p["year_reported"] for p in products if p["district_code"] == unit)
        for unit in {p["district_code"] for p in products}
    }
    found = defaultdict(list)
    for product in products:
        unit = product["district_code"]
        found[unit or PROVINCE, product["year_reported"] or newest[unit]].append(product)
    return found


def event(product: dict[str, str]) -> dict[str, str | None]:
    """The row as a district would enter it; what the press does not say stays empty."""
    said = {
        "product_name": product["product_name"],
        "product_group": product["product_group"],
        "commune_code": product["commune_code_2023"],
        "event_kind": EVENTS[product["event"]],
        "stars": product["star_reported"],
        "decision_number": product["decision_number"],
        "decision_date": product["decision_date"],
    }
    return {name: value or None for name, value in said.items()}


def test_recognised_products_count_where_the_press_names_star_and_decision(office: Office) -> None:
    products = records(REFERENCE / "recognised_products.csv")
    for (unit, year), rows in workbooks(products).items():
        # The districts ended on 30/06/2025: what they reported of that year they reported before.
        is_last = unit != PROVINCE and year == LAST_YEAR_OF_DISTRICTS
        period = f"6 tháng đầu năm {year}" if is_last else f"năm {year}"
        content = xlsx(header(period, unit) | sheet(PRODUCT_EVENTS, *map(event, rows)))
        office.put(f"district_submissions/{unit}/san-pham-{year}.xlsx", content)
    office.take_in()

    files = submissions(office.warehouse).values()
    assert not [file for file in files if file.outcome is Outcome.REJECTED]
    assert (sum(f.rows_read for f in files), sum(f.rows_accepted for f in files)) == (94, 16)
    assert office.select("select count(*), count(stars), count(decision_number) from raw.product_events") == [
        (16, 16, 16)
    ]
    refused = [row for rows in office.quarantine().values() for row in rows]
    assert len(refused) == 78
    assert all(row.reasons_vi and row.reasons_en for row in refused)
    rules = Counter(rule for row in refused for rule in row.rules)
    assert rules["stars_without_decision"] == sum(not p["decision_number"] for p in products) == 78
    assert rules["certificate_without_stars"] == sum(not p["star_reported"] for p in products) == 35


@pytest.mark.slow
def test_a_real_shop_s_days_add_up_to_what_its_files_say(office: Office) -> None:
    rate = Decimal(str(load_mapping("online_retail", office.settings.mappings).vnd_per_unit))
    expected = []
    for path in sorted((REFERENCE / "online_retail").glob("*.csv")):
        target = office.settings.inbox / "ecommerce_sales/online_retail" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
        lines = records(path)
        quantities = [Decimal(line["Quantity"]) for line in lines]
        amounts = [quantity * Decimal(line["UnitPrice"]) for quantity, line in zip(quantities, lines, strict=True)]
        returned = [line for line in lines if line["InvoiceNo"].startswith("C")]
        expected.append((path.stem, len(lines), len(returned), sum(quantities), rate * sum(amounts)))
    outcome = office.take_in("ecommerce_sales")

    assert len(expected) == 34
    assert outcome.forms["order_lines"].rows_rejected == 0
    by_day = office.select(
        "select ordered_at::date::text, count(*), count(*) filter (where status = 'returned_full'), "
        "sum(quantity), sum(net_vnd) from raw.order_lines group by 1 order by 1"
    )
    assert by_day == expected
    customers = {line["CustomerID"] for line in records(REFERENCE / "online_retail/2011-11-01.csv")} - {""}
    stored = " ".join(office.select("select t::text from raw.order_lines t where ordered_at < '2011-11-02'"))
    assert not [customer for customer in customers if customer in stored]


def test_tables_of_the_statistics_office_are_read_cell_by_cell(office: Office) -> None:
    for path in (REFERENCE / "labour_pxweb").glob("*.csv"):
        office.put(f"labour_statistics/{path.name}", path.read_bytes())
    office.take_in("labour_statistics")
    assert office.select(
        "select unit_code, row_count, period_from::text, period_to::text from ingest.load order by 1"
    ) == [
        ("labour_force_at_15_years_of_age_and_above_by_province", 781, "2005-01-01", "2017-01-01"),
        (
            "monthly_average_income_per_capita_at_current_prices_by_income_source_and_by_province",
            1400,
            "2010-01-01",
            "2017-01-01",
        ),
        (
            "percentage_of_employed_workers_at_15_years_of_age_and_above_among_population_by_province",
            781,
            "2005-01-01",
            "2017-01-01",
        ),
    ]
    assert office.select("select count(*) from ingest.quarantine") == [0]
    cells = office.select(
        "select left(indicator, 7), place_name, year, coalesce(category, ''), value, is_preliminary "
        "from raw.province_indicators"
    )
    for read_by_hand in (
        ("Labour ", "WHOLE COUNTRY", 2005, "", Decimal("44904.5"), False),
        ("Labour ", "Ha Tay", 2008, "", None, False),
        ("Labour ", "Phu Tho", 2005, "", Decimal("734.3"), False),
        ("Labour ", "Hung Yen", 2016, "", Decimal("704.4"), True),
        ("Percent", "Cao Bang", 2009, "", Decimal("62.5"), False),
        ("Monthly", "Ha Noi", 2010, "Salary & wage", Decimal(1165), False),
        ("Monthly", "WHOLE COUNTRY", 2016, "Total", Decimal(3049), True),
        ("Monthly", "Bac Ninh", 2014, "Non-agriculture, forestry & fishery", Decimal(1641), False),
    ):
        assert read_by_hand in cells
