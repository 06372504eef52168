"""From files to figures: what the office's registries merge and correct, and who counts without a code."""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.registry import aliases_of, suggestions_of
from ocop_pipeline.reports.scorecard import mart
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_EVENTS, PRODUCT_VALUES
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline.sources.registries import ENTITY_ALIASES, PRODUCT_ALIASES
from ocop_pipeline.transform import NIGHTLY, build
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Role, open_warehouse
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import standing_home
from ocop_pipeline_tests.files import csv_text, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import FORMS, Office

pytestmark = pytest.mark.slow

DAY = date(2023, 6, 30)
CODE, MISTYPED_CODE = "25-231-00001-01-2022", "25-231-00001-10-2022"
ONE, ONE_MISTYPED = "2600000001", "2600000010"
HOUSEHOLD, HOUSEHOLD_CODE = "Hộ Hoà", "025123456789"
OWNER_S_CODE = "8012345678"
"""A household business's tax code before July 2025: its owner's, too."""


def product(number: int, **entity: object) -> dict[str, object]:
    return {
        "product_code": f"25-231-00001-{number:02}-2022",
        "product_name": f"Sản phẩm {number}",
        "event_kind": "mới",
        "stars": "3",
        "decision_number": "1/QĐ",
        "decision_date": "2022-01-01",
        **entity,
    }


def workers(count: int, **entity: object) -> dict[str, object]:
    return {"report_period": "2023-Q2", "total_workers": count, "regular_workers": count, **entity}


def alias(key: str, kind: str, written: str, form: str) -> dict[str, object]:
    return {f"{form}_key": key, "alias_kind": kind, "alias": written, "reason": "Ghi nhầm một chữ số"}


REPORTS = {
    "district_submissions/231/entities_2023-06.csv": rows_of(
        ENTITIES,
        {"entity_code": ONE, "entity_name": "HTX Một", "entity_type": "HTX"},
        {"entity_code": ONE_MISTYPED, "entity_name": "HTX Môt", "entity_type": "HTX"},
        {"entity_code": HOUSEHOLD_CODE, "entity_name": HOUSEHOLD, "entity_type": "hộ kinh doanh"},
        {"entity_code": OWNER_S_CODE, "entity_name": "Hộ Mai", "entity_type": "hộ kinh doanh"},
    ),
    "district_submissions/231/product_events_2023-06.csv": rows_of(
        PRODUCT_EVENTS,
        product(1, entity_code=ONE),
        product(2, entity_code=ONE_MISTYPED),
        product(3, entity_code=HOUSEHOLD_CODE, entity_name="hộ hòa"),
        product(4, entity_name="Hộ Lan"),
        product(5, entity_code="8012 345 678", decision_number=None, event_kind="đăng ký", stars=None),
        product(6, entity_code="E1", entity_name="HTX Hoà Bình"),
        product(7, entity_code="E2", entity_name="HTX Trùng"),
        product(8, entity_code="E3", entity_name="HTX Trùng"),
    ),
    "district_submissions/231/product_values_2023-06.csv": rows_of(
        PRODUCT_VALUES,
        {"product_code": "25 231 00001 02 2022", "revenue_vnd": 100_000},
        {"product_code": MISTYPED_CODE, "revenue_vnd": 7_000},
    ),
    "labour_statistics/231/quy-2.csv": rows_of(
        LABOUR_REPORTS,
        workers(10, entity_code=ONE, entity_name="HTX Một"),
        workers(12, entity_code=ONE_MISTYPED, entity_name="HTX Môt"),
        workers(6, entity_name="HỘ HÒA"),
        workers(7, entity_name="HTX Hòa Bình"),
        workers(9, entity_name="HTX Trùng"),
    ),
}
REGISTRY = {
    **sheet(ENTITY_ALIASES, alias(ONE, "mã", ONE_MISTYPED, "entity")),
    **sheet(PRODUCT_ALIASES, alias(CODE, "mã", MISTYPED_CODE, "product")),
}


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Hạ Hòa's reports of June 2023, taken in and built; then the registry, known since the second moment."""
    with standing_home() as home, open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        initialise(warehouse, FORMS)
        office = Office(home, warehouse)
        take_in(office, {name: csv_text(rows) for name, rows in REPORTS.items()})
        yield office


def take_in(office: Office, files: Mapping[str, bytes | str]) -> None:
    """Lay the files into the inbox in that order, take them in one by one, and build."""
    for name, content in files.items():
        office.put(name, content)
        office.take_in(name.partition("/")[0])
    assert office.quarantine() == {}
    results = build(office.settings, office.warehouse, NIGHTLY, logging.getLogger(__name__))
    assert [result for result in results if result.status in {"error", "fail"}] == []


def figures(office: Office, known_at: datetime | None = None) -> dict[str, Any]:
    sql = f"""
        select kpi_code || '/' || variant, value from {mart("kpi_values_at", known_at)}
        where unit_code = '25' and breakdown = '' and (kpi_code, variant) in (
            ('rural_workers', ''), ('rural_workers', 'entities_missing_report'), ('product_value', ''),
            ('certified_products', '')
        )
    """  # noqa: S608 - our own name
    return {name: int(value) for name, value in fetch(office.warehouse, sql, as_of=DAY, known_at=known_at).rows}


BEFORE = {
    "certified_products/": 7,
    "product_value/": 100_000,
    "rural_workers/": 10 + 12 + 6 + 7,
    "rural_workers/entities_missing_report": 3,
}
AFTER = BEFORE | {"product_value/": 107_000, "rural_workers/": 12 + 6 + 7}
"""One co-operative instead of two: of its two reports of the quarter the one told last counts."""


def test_without_a_registry_codes_and_names_stand_for_what_they_say(office: Office) -> None:
    assert figures(office) == BEFORE
    keys = fetch(office.warehouse, "select entity_key, entity_name from marts.dim_entity order by 1").rows
    assert keys == (
        ("231/E1", "HTX Hòa Bình"),
        ("231/E2", "HTX Trùng"),
        ("231/E3", "HTX Trùng"),
        ("231/htx trùng", "HTX Trùng"),
        ("231/hộ hòa", HOUSEHOLD),
        ("231/hộ lan", "Hộ Lan"),
        ("231/hộ mai", "231/hộ mai"),
        (ONE, "HTX Một"),
        (ONE_MISTYPED, "HTX Môt"),
    )


def test_no_code_of_a_household_is_shown_by_a_command_or_readable_in_a_mart(office: Office) -> None:
    home, path = office.settings.root, office.settings.root / "khoa.xlsx"
    numbers = office.select("select submission_id from ingest.submission order by 1")
    asked(home, "registry", "--export", str(path))
    shown = "".join(str(row) for worksheet in load_workbook(path) for row in worksheet.iter_rows(values_only=True))
    for command in (
        ("registry", "--suggest", "--format", "json"),
        ("registry", "--format", "json"),
        ("submissions", "--format", "json"),
        ("submissions", "--repairs", "--format", "json"),
        *(("submissions", "--diff", str(number), "--format", "json") for number in numbers),
        ("trace", "certified_products", "--as-of", str(DAY), "--format", "json"),
        ("disagreements", "--format", "json"),
        ("plan", "--format", "json"),
        ("skus", "--format", "json"),
    ):
        done = asked(home, *command)
        assert done.returncode == 0, (command, done.stderr)
        shown += done.stdout
    marts = office.select("select table_name from information_schema.tables where table_schema = 'marts' order by 1")
    shown += "".join(
        str(office.select(f"select t::text from marts.{name} as t"))  # noqa: S608 - names of dbt
        for name in marts
        if name.startswith(("dim_", "fct_"))
    )
    assert "hộ mai" in shown
    assert [code for code in (OWNER_S_CODE, "8012 345 678", HOUSEHOLD_CODE) if code in shown] == []
    template = asked(home, "template", "district_submissions", "--unit", "231", "--period", "2023-07", "-o", str(path))
    assert template.returncode == 0, template.stderr
    entities = load_workbook(path)[ENTITIES.sheet].iter_rows(min_row=2, max_col=2, values_only=True)
    # The unit itself gets the code that it reported: it must report the same entity again.
    assert {(OWNER_S_CODE, "Hộ Mai"), (None, HOUSEHOLD)} <= set(entities)


def test_alike_names_are_suggested_and_nothing_is_applied(office: Office) -> None:
    rows = objects(suggestions_of(office.warehouse, "entities"))
    alike = {(row["key"], row["other_key"]) for row in rows}
    same = {("231/E2", "231/E3"), ("231/E2", "231/htx trùng"), ("231/E3", "231/htx trùng")}
    assert alike == {(ONE, ONE_MISTYPED)} | same
    assert figures(office) == BEFORE


def test_what_was_known_then_reads_reports_once_however_many_figures_rest_on_them(office: Office) -> None:
    with office.warehouse.engine(Role.TRANSFORMER).connect() as connection:
        connection.exec_driver_sql("select set_config('ocop.known_at', now()::text, true)")
        connection.exec_driver_sql(f"select set_config('ocop.as_of', '{DAY}', true)")
        connection.exec_driver_sql("select count(*) from as_known.kpi_scorecard_at()")
        scans: int = connection.exec_driver_sql(
            "select seq_scan from pg_stat_xact_user_tables where schemaname = 'raw' and relname = 'product_values'"
        ).scalar_one()
    assert scans == 1 + 1, "their codes and their rows"


def test_a_registry_merges_and_corrects_and_what_was_known_before_stays(office: Office) -> None:
    before = datetime.now(tz=VIETNAM)
    take_in(office, {"registries/so.xlsx": xlsx(REGISTRY)})
    assert figures(office) == AFTER
    assert figures(office, before) == BEFORE
    merged = [row for row in objects(aliases_of(office.warehouse, "entities")) if row["key"] == ONE]
    assert {(row["source"], row["written_as"]) for row in merged} == {
        ("reported", ONE),
        ("reported", ONE_MISTYPED),
        ("reported", "HTX Một"),
        ("reported", "HTX Môt"),
        ("registry", ONE_MISTYPED),
    }


def test_the_command_lists_suggests_and_writes_a_workbook_that_changes_nothing(office: Office) -> None:
    home, path = office.settings.root, office.settings.root / "so-moi.xlsx"
    listed = json.loads(asked(home, "registry", "products", "--format", "json").stdout)
    assert {row["thing"] for row in listed} == {"product"}
    assert asked(home, "registry", "--suggest").returncode == 0
    assert "registries" in asked(home, "registry", "--export", str(path)).stdout
    office.put("registries/so-moi.xlsx", path.read_bytes())
    office.take_in("registries")
    assert office.quarantine() == {}
    for form in (ENTITY_ALIASES, PRODUCT_ALIASES):
        rows = "select t.alias, t.reason, l.submission_id from raw.{} as t join ingest.load as l using (load_id)"
        first, again = office.select(rows.format(form.name) + " order by load_id")
        assert (first[:2], first[2] != again[2]) == (again[:2], True)
    refused = asked(home, "registry", "chủ-thể")
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)


def test_a_name_is_of_the_entity_that_states_a_code_since_that_is_known(office: Office) -> None:
    entity = {"entity_name": "HTX Sau", "entity_type": "HTX"}
    reported = workers(4, entity_name="HTX Sau") | {"report_period": "2023-Q3"}
    take_in(office, {"labour_statistics/231/quy-3.csv": csv_text(rows_of(LABOUR_REPORTS, reported))})
    before = datetime.now(tz=VIETNAM)
    told = csv_text(rows_of(ENTITIES, entity | {"entity_code": "S1"}))
    take_in(office, {"district_submissions/231/entities_2023-09.csv": told})
    sql = "select distinct entity_key from {}.dim_entity where entity_name = 'HTX Sau'"
    assert office.select(sql.format("marts")) == ["231/S1"]
    assert office.select(sql.format("as_known"), known_at=before) == ["231/htx sau"]


def test_the_order_of_arrival_changes_nothing(office: Office) -> None:
    tables = ", ".join(f"raw.{form.name}" for form in FORMS)
    with office.warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(f"truncate ingest.submission, ingest.load, ingest.quarantine, {tables} cascade")
        connection.exec_driver_sql("truncate intermediate.model_build")
    reports = {name: csv_text(rows) for name, rows in reversed(REPORTS.items())}
    take_in(office, {"registries/so.xlsx": xlsx(REGISTRY), **reports})
    assert figures(office) == AFTER
