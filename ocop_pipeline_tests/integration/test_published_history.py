"""The province's published figures from 2020 to 2024, reached by files that tell one possible story of them.

Published: 28 at the end of 2020 (8 with 4 stars, 20 with 3); 50 new in 2021, 61 new in 2022, so 139 early in 2023;
194 on 24/11/2023; 235 at the end of 2023 (1 with 5 stars, 54 with 4, 180 with 3), restated as 237 (182 with 3);
306 at the end of 2024 (1, 49, 256). As a running total they do not add up: 139 + 109 new = 248, not 237, and
237 + 99 new = 336, not 306. They do as a stock of certificates that end after 36 months. LIVES is such a stock.

    day or year    what happens                                    5 stars   4 stars   3 stars   in force   ever
    15/12/2020     28 new                                                         8        20         28     28
    01/07/2021     50 new                                                   12 + 8   38 + 20         78     78
    15/07/2022     61 new                                                  14 + 20   47 + 58        139    139
    10/08/2023     55 new                                                  10 + 34  45 + 105        194    194
    30/11/2023     of the 28: one 4 -> 5, three 3 -> 4, one 3 -> 2       1     44 - 1   150 - 3
                                                                               + 3       - 1        193    194
    05/12/2023     of the 28: two revoked (a 4, a 3)                     1         45       145        191    194
    15/12/2023     of the 28: eight end unrenewed (a 4, seven 3)         1         44       138        183    194
    25/12/2023     54 new, two of which the first report left out        1    10 + 44  44 + 138        237    248
    10/06/2024     of the 50: two 4 -> 3, two 3 -> 4, three 3 -> 2       1     54 - 2   182 + 2
                                                                               + 2    - 2 - 3        234    248
    01/07/2024     of the 50: 24 end unrenewed (nine 4, fifteen 3)       1         45       164        210    248
    01/09/2024     of the 61: three revoked (a 4, two 3)                 1         44       162        207    248
    15/10/2024     99 new                                                1     5 + 44  94 + 162        306    347
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

import pytest

from ocop_pipeline.reports.scorecard import breakdowns_of, scorecard_of
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS
from ocop_pipeline.transform import NIGHTLY, build
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Warehouse, open_warehouse
from ocop_pipeline_tests.conftest import standing_home
from ocop_pipeline_tests.files import csv_text, rows_of
from ocop_pipeline_tests.offices import Office

pytestmark = pytest.mark.slow

COMMUNES = {"231": "08053", "238": "08542"}
"""Two districts report, each for products of one commune."""
PROVINCE = "25"

Event = tuple[str, str, int | None]
"""Day, kind as the form writes it, stars."""


@dataclass(frozen=True)
class Life:
    """What became of some products alike; the first report of the year leaves late ones out."""

    products: int
    events: tuple[Event, ...]
    is_late: bool = False


def new(day: str, stars: int) -> Event:
    return day, "Mới", stars


def again(day: str, stars: int) -> Event:
    return day, "Đánh giá lại", stars


def up(day: str, stars: int) -> Event:
    return day, "Nâng hạng", stars


def revoked(day: str) -> Event:
    return day, "Thu hồi", None


LIVES = (
    # 28 of 2020: 1 + 5 + 1 + 1 = 8 with 4 stars, 3 + 8 + 7 + 1 + 1 = 20 with 3.
    Life(1, (new("2020-12-15", 4), up("2023-11-30", 5))),
    Life(5, (new("2020-12-15", 4), again("2023-11-30", 4))),
    Life(1, (new("2020-12-15", 4),)),
    Life(1, (new("2020-12-15", 4), revoked("2023-12-05"))),
    Life(3, (new("2020-12-15", 3), up("2023-11-30", 4))),
    Life(8, (new("2020-12-15", 3), again("2023-11-30", 3))),
    Life(7, (new("2020-12-15", 3),)),
    Life(1, (new("2020-12-15", 3), again("2023-11-30", 2))),
    Life(1, (new("2020-12-15", 3), revoked("2023-12-05"))),
    # 50 of 2021: 1 + 2 + 9 = 12 with 4 stars, 2 + 18 + 3 + 15 = 38 with 3.
    Life(1, (new("2021-07-01", 4), again("2024-06-10", 4))),
    Life(2, (new("2021-07-01", 4), again("2024-06-10", 3))),
    Life(9, (new("2021-07-01", 4),)),
    Life(2, (new("2021-07-01", 3), up("2024-06-10", 4))),
    Life(18, (new("2021-07-01", 3), again("2024-06-10", 3))),
    Life(3, (new("2021-07-01", 3), again("2024-06-10", 2))),
    Life(15, (new("2021-07-01", 3),)),
    # 61 of 2022: 13 + 1 = 14 with 4 stars, 45 + 2 = 47 with 3.
    Life(13, (new("2022-07-15", 4),)),
    Life(1, (new("2022-07-15", 4), revoked("2024-09-01"))),
    Life(45, (new("2022-07-15", 3),)),
    Life(2, (new("2022-07-15", 3), revoked("2024-09-01"))),
    # 109 of 2023: 55 until the directive, 54 after it.
    Life(10, (new("2023-08-10", 4),)),
    Life(45, (new("2023-08-10", 3),)),
    Life(10, (new("2023-12-25", 4),)),
    Life(42, (new("2023-12-25", 3),)),
    Life(2, (new("2023-12-25", 3),), is_late=True),
    # 99 of 2024.
    Life(5, (new("2024-10-15", 4),)),
    Life(94, (new("2024-10-15", 3),)),
)


def report(unit: str, year: int, *, with_late: bool = True) -> str:
    """The events of a year that one district tells of, as CSV."""
    numbers = count(1)
    rows: list[dict[str, Any]] = []
    for life in LIVES:
        for number in (next(numbers) for _ in range(life.products)):
            if list(COMMUNES)[number % 2] != unit or (life.is_late and not with_late):
                continue
            code = f"{PROVINCE}-{unit}-{COMMUNES[unit]}-{number:04}-{life.events[0][0][:4]}"
            rows += [_row(unit, code, number, event) for event in life.events if event[0].startswith(str(year))]
    return csv_text(rows_of(PRODUCT_EVENTS, *rows))


def _row(unit: str, code: str, number: int, event: Event) -> dict[str, Any]:
    day, kind, stars = event
    return {
        "product_code": code,
        "product_name": f"Sản phẩm {number}",
        "product_group": "I",
        "commune_code": COMMUNES[unit],
        "event_kind": kind,
        "stars": stars,
        "decision_number": f"{day[:7]}/QĐ-UBND",
        "decision_date": day,
    }


@dataclass(frozen=True)
class History:
    """The warehouse after all reports, and a moment between the first report of 2023 and its restatement."""

    warehouse: Warehouse
    before_restatement: datetime
    first_told: dict[str, Any]

    def at(self, day: str) -> dict[str, Any]:
        return figures(self.warehouse, day)


@pytest.fixture(scope="module")
def history() -> Iterator[History]:
    with standing_home() as home, open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        initialise(warehouse, ALL_FORMS)
        office = Office(home, warehouse)
        told(office, range(2020, 2024), with_late=False)
        built(office)
        first_told = figures(warehouse, "2023-12-31")
        before_restatement = datetime.now(tz=VIETNAM)
        told(office, range(2023, 2025))
        built(office)
        yield History(warehouse, before_restatement, first_told)


def told(office: Office, years: range, *, with_late: bool = True) -> None:
    """Each district sends one file per year; a second one for a year takes the place of the first."""
    for unit in COMMUNES:
        for year in years:
            content = report(unit, year, with_late=with_late)
            office.put(f"district_submissions/{unit}/product_events_{year}.csv", content)
    outcome = office.take_in()
    assert [file.submission.reason_en for file in outcome.files if file.submission.outcome != "accepted"] == []


def built(office: Office) -> None:
    results = build(office.settings, office.warehouse, NIGHTLY, logging.getLogger(__name__))
    assert [(r.unique_id, r.message) for r in results if r.status not in {"success", "pass", "no-op"}] == []


def rows(answer: Answer) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def figures(warehouse: Warehouse, day: str) -> dict[str, Any]:
    """Products in force, by star as "1x5 54x4 182x3", and those ever recognised."""
    as_of = date.fromisoformat(day)
    value = next(
        r["value"] for r in rows(scorecard_of(warehouse, as_of, "province")) if r["kpi"] == "certified_products"
    )
    beside = [r for r in rows(breakdowns_of(warehouse, as_of, "province")) if r["kpi"] == "certified_products"]
    stars = {r["member"]: r["value"] for r in beside if (r["variant"], r["breakdown"]) == ("", "star")}
    (ever,) = [r["value"] for r in beside if (r["variant"], r["breakdown"]) == ("ever_recognised", "")]
    return {"in force": value, "stars": " ".join(f"{stars[s]}x{s}" for s in sorted(stars, reverse=True)), "ever": ever}


@pytest.mark.parametrize(
    ("day", "in_force", "stars", "ever"),
    [
        ("2020-12-31", 28, "8x4 20x3", 28),
        ("2021-12-31", 78, "20x4 58x3", 78),
        ("2022-12-31", 139, "34x4 105x3", 139),
        ("2023-01-31", 139, "34x4 105x3", 139),
        ("2023-11-24", 194, "44x4 150x3", 194),
        ("2023-12-31", 237, "1x5 54x4 182x3", 248),
        ("2024-12-31", 306, "1x5 49x4 256x3", 347),
    ],
)
def test_the_stock_of_valid_certificates_is_the_published_figure(
    history: History, day: str, in_force: int, stars: str, ever: int
) -> None:
    assert history.at(day) == {"in force": in_force, "stars": stars, "ever": ever}


@pytest.mark.parametrize(
    ("before", "after", "ended"),
    [
        ("2023-11-29", "2023-11-30", 1),
        ("2023-12-04", "2023-12-05", 2),
        ("2023-12-14", "2023-12-15", 8),
        ("2024-06-09", "2024-06-10", 3),
        ("2024-06-30", "2024-07-01", 24),
        ("2024-08-31", "2024-09-01", 3),
    ],
    ids=["lower", "revoked", "36 months", "lower again", "36 months again", "revoked again"],
)
def test_11_leave_in_2023_and_30_in_2024_each_on_the_day_its_certificate_ends(
    history: History, before: str, after: str, ended: int
) -> None:
    assert history.at(before)["in force"] - history.at(after)["in force"] == ended
    assert history.at(before)["ever"] == history.at(after)["ever"]


def test_the_end_of_2023_was_first_told_as_235_and_can_still_be_read_so(history: History) -> None:
    assert history.first_told == {"in force": 235, "stars": "1x5 54x4 180x3", "ever": 246}
    answer = fetch(
        history.warehouse,
        "select value from as_known.kpi_values_at() where kpi_code = 'certified_products' and unit_code = '25' "
        "and variant = '' and breakdown = ''",
        as_of=date(2023, 12, 31),
        known_at=history.before_restatement,
    )
    assert answer.rows == ((235,),)


def test_the_stored_month_ends_tell_the_same(history: History) -> None:
    answer = fetch(
        history.warehouse,
        "select as_of_date::text, value from marts.kpi_scorecard where kpi_code = 'certified_products' "
        "and unit_code = '25' and to_char(as_of_date, 'MM') = '12' and as_of_date < '2025-01-01' order by 1",
    )
    assert [int(value) for _, value in answer.rows] == [28, 78, 139, 237, 306]
