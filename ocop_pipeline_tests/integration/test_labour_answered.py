"""Labour reports from files to what is asked of their unit and what stands beside them, until they are sent again.

Six entities of Hạ Hòa report two quarters. In the second one A tells less than a fifth of what it told before, and of
what its unit tells, B just a fifth; C's parts are not its total; the entity sheet says of D what its report does not.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from ocop_pipeline.reports.disagreements import write_disagreements
from ocop_pipeline.reports.scorecard import mart
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_EVENTS
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline.transform import NIGHTLY, build
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline_tests.conftest import standing_home
from ocop_pipeline_tests.files import csv_text, rows_of
from ocop_pipeline_tests.offices import FORMS, Office

pytestmark = pytest.mark.slow

NAMES = "ABCDEF"
CODES = {name: f"260000000{number}" for number, name in enumerate(NAMES, 1)}
ENTITY_SHEET, EVENTS = (
    "district_submissions/231/entities_2023-06.csv",
    "district_submissions/231/product_events_2023-06.csv",
)
QUARTERS = {quarter: f"labour_statistics/231/{quarter}.csv" for quarter in ("2023-Q1", "2023-Q2")}
TABLE = "labour_statistics/labour force.csv"
WRONG = {
    "A": {"mean_income_vnd": 1200},
    "B": {"mean_income_vnd": 1240},
    "C": {"seasonal_workers": 1},
}


def labour(quarter: str, changed: dict[str, dict[str, int]]) -> str:
    rows = [
        {"report_period": quarter, "entity_code": CODES[name], "entity_name": f"HTX {name}", "total_workers": 12}
        | {"regular_workers": 10, "seasonal_workers": 2, "mean_income_vnd": 6200}
        | changed.get(name, {})
        for name in NAMES
    ]
    return csv_text(rows_of(LABOUR_REPORTS, *rows))


def entities(workers_of_d: int) -> str:
    rows = [
        {"entity_code": code, "entity_name": f"HTX {name}", "entity_type": "HTX"}
        | ({"regular_workers": workers_of_d} if name == "D" else {})
        for name, code in CODES.items()
    ]
    return csv_text(rows_of(ENTITIES, *rows))


def events() -> str:
    rows = [
        {"product_code": f"25-231-00001-0{number}-2022", "product_name": f"Chè {name}", "event_kind": "mới"}
        | {"stars": "3", "decision_number": "1/QĐ", "decision_date": "2022-01-01", "entity_code": CODES[name]}
        for number, name in enumerate(NAMES, 1)
    ]
    return csv_text(rows_of(PRODUCT_EVENTS, *rows))


def table(heading: str, value: str) -> str:
    title = "Labour force at 15 years of age and above by province by Cities, provincies and Year"
    return f'"{title}"\r\n\r\n"Cities, provincies";"2021";"{heading}"\r\n"Ha Tay";..;..\r\n"Phu Tho";700.0;{value}\r\n'


SENT = {
    ENTITY_SHEET: entities(20),
    EVENTS: events(),
    QUARTERS["2023-Q1"]: labour("2023-Q1", {}),
    QUARTERS["2023-Q2"]: labour("2023-Q2", WRONG),
    TABLE: table("Prel. 2022", "800.0"),
}
SENT_AGAIN = {
    ENTITY_SHEET: entities(10),
    QUARTERS["2023-Q2"]: labour("2023-Q2", {}),
    TABLE: table("2022", "750.0"),
}
ASKED = [
    ("income_unlike_before", CODES["A"]),
    ("income_unlike_unit", CODES["A"]),
    ("workers_disagree", CODES["D"]),
    ("workers_do_not_add_up", CODES["C"]),
]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with standing_home() as home, open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        initialise(warehouse, FORMS)
        office = Office(home, warehouse)
        take_in(office, SENT)
        yield office


def take_in(office: Office, files: dict[str, str]) -> None:
    for path, content in files.items():
        office.put(path, content)
    for source in ("district_submissions", "labour_statistics"):
        office.take_in(source)
    assert office.quarantine() == {}
    results = build(office.settings, office.warehouse, NIGHTLY, logging.getLogger(__name__))
    assert [result for result in results if result.status in {"error", "fail"}] == []


def asked(office: Office, known_at: datetime | None = None) -> list[Any]:
    sql = f"select rule_code, subject_key from {mart('fct_disagreements', known_at)} order by 1, 2"  # noqa: S608 - ours
    return list(fetch(office.warehouse, sql, known_at=known_at).rows)


def beside_the_province(office: Office) -> tuple[Any, ...]:
    sql = (
        "select value, province_value, province_share, figure_year, is_preliminary, years_between "
        "from marts.kpi_labour_context where as_of_date = '2023-06-30'"
    )
    (row,) = fetch(office.warehouse, sql).rows
    return row


def test_what_is_far_from_what_was_told_is_asked_and_what_is_near_is_not(office: Office) -> None:
    assert asked(office) == ASKED
    figures = "select distinct left_value from marts.fct_disagreements"
    assert fetch(office.warehouse, figures).rows == ((None,),)
    assert {path.partition("/")[0] for path in write_disagreements(office.warehouse, office.settings).lying} == {"231"}


def test_the_workers_stand_beside_the_newest_figure_of_the_province(office: Office) -> None:
    assert beside_the_province(office) == (60, 800_000, Decimal("0.000075"), 2022, True, 1)


def test_sent_again_the_questions_are_gone_and_what_was_known_before_stays(office: Office) -> None:
    before = datetime.now(tz=VIETNAM)
    assert len(list(office.settings.outbox.rglob("doi-chieu.xlsx"))) == 1
    take_in(office, SENT_AGAIN)
    assert asked(office) == []
    assert asked(office, before) == ASKED
    write_disagreements(office.warehouse, office.settings)
    assert list(office.settings.outbox.rglob("doi-chieu.xlsx")) == []
    assert beside_the_province(office) == (60, 750_000, Decimal("0.00008"), 2022, False, 1)
