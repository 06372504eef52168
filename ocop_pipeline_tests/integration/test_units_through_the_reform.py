"""Reports from before and after the districts ended, in one warehouse: each read by the list of its time.

reporter              period    product   commune as written     since 01/07/2025      territory
227 TP Việt Trì       2023-06   1         07900 Gia Cẩm          07900 Việt Trì        227
227 TP Việt Trì       2023-06   2         07888 Dữu Lâu          07900 Việt Trì        227
228 TX Phú Thọ        2023-06   3         Phường Phong Châu      07942 Phú Thọ, 07954  228
233 Phù Ninh          2023-06   4         Thị trấn Phong Châu                          233
07900 Việt Trì        2025-08   5         07900 Việt Trì         07900 Việt Trì        227
a commune outside     2025-08   6         its own                its own               none
"""

import logging
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS
from ocop_pipeline.transform import NEVER_BUILT, build
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Outcome
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline_tests.conftest import temporary_folder
from ocop_pipeline_tests.files import header, sheet, xlsx
from ocop_pipeline_tests.offices import FORMS, Office

pytestmark = pytest.mark.slow

OUTSIDE = "04792"
"""Phường Tân Hòa, of old Hòa Bình: a commune of the merged province that is none of the programme's."""


def workbook(unit: str, period: str, *products: tuple[int, str]) -> bytes:
    rows = [
        {
            "product_code": f"25-{unit[-3:]}-{number:05}-01-2023",
            "product_name": f"Sản phẩm {number}",
            "commune_code": commune,
            "event_kind": "mới",
            "stars": "3 sao",
            "score": "60",
            "decision_number": f"{number}/QĐ",
            "decision_date": f"{period}-15",
        }
        for number, commune in products
    ]
    return xlsx(header(period, unit) | sheet(PRODUCT_EVENTS, *rows))


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """What the table above says, and a workbook that names a commune which is no more."""
    with temporary_folder() as home, open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        initialise(warehouse, FORMS)
        office = Office(home, warehouse)
        for unit, period, products in (
            ("227", "2023-06", [(1, "07900"), (2, "Phường Dữu Lâu")]),
            ("228", "2023-06", [(3, "Phong Châu")]),
            ("233", "2023-06", [(4, "Phong Châu")]),
            ("07900", "2025-08", [(5, "Phường Việt Trì")]),
            (OUTSIDE, "2025-08", [(6, OUTSIDE)]),
            ("07894", "2025-08", [(7, "Phường Gia Cẩm")]),
            ("07918", "2025-06", [(8, "07918")]),
        ):
            office.put(f"district_submissions/{unit}/bao-cao-{period}.xlsx", workbook(unit, period, *products))
        office.take_in()
        selected = ["--select", "+dim_product", "dim_unit", "--exclude", "resource_type:test", *NEVER_BUILT]
        results = build(office.settings, warehouse, selected, logging.getLogger(__name__))
        assert [result for result in results if result.status not in {"success", "no-op"}] == []
        yield office


def test_who_may_report_depends_on_the_day_and_a_commune_of_before_is_none_of_after(office: Office) -> None:
    found = {
        (s.inbox_path.split("/")[1], s.outcome, s.rule, s.rows_accepted) for s in submissions(office.warehouse).values()
    }
    assert found == {
        ("227", Outcome.ACCEPTED, None, 2),
        ("228", Outcome.ACCEPTED, None, 1),
        ("233", Outcome.ACCEPTED, None, 1),
        ("07900", Outcome.ACCEPTED, None, 1),
        (OUTSIDE, Outcome.ACCEPTED, None, 1),
        ("07894", Outcome.ACCEPTED_WITH_REJECTIONS, None, 0),
        ("07918", Outcome.REJECTED, "unit_unknown", 0),
    }


def test_a_code_means_what_it_meant_in_the_period_it_was_written_for(office: Office) -> None:
    rows = office.select(
        "select product_name, commune_code, commune_valid_from::text, territory_code from marts.dim_product order by 1"
    )
    assert [tuple(row) for row in rows] == [
        ("Sản phẩm 1", "07900", "2020-03-01", "227"),
        ("Sản phẩm 2", "07888", "2020-03-01", "227"),
        ("Sản phẩm 3", "07945", "2020-03-01", "228"),
        ("Sản phẩm 4", "08230", "2020-03-01", "233"),
        ("Sản phẩm 5", "07900", "2025-07-01", "227"),
        ("Sản phẩm 6", OUTSIDE, "2025-07-01", None),
    ]
    names = office.select("select valid_from::text, unit_name from marts.dim_unit where unit_code = '07900' order by 1")
    assert [tuple(row) for row in names] == [
        ("2020-03-01", "Phường Gia Cẩm"),
        ("2025-01-01", "Phường Gia Cẩm"),
        ("2025-07-01", "Phường Việt Trì"),
    ]


def mapped(office: Office, start: str, to: str) -> dict[str, tuple[str, str | None]]:
    rows = office.select(
        "select commune_code, in_commune_code, territory_code from intermediate.int_communes_mapped "  # noqa: S608 - days
        f"where valid_from = '{start}' and in_valid_from = '{to}'"
    )
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: (row[1], row[2]) for row in rows}


def summed(figures: dict[str, int], into: dict[str, Any]) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for code, figure in figures.items():
        sums[into[code]] += figure
    return sums


@pytest.mark.parametrize("seed", range(20))
def test_figures_of_2023_re_aggregate_exactly_to_the_newer_communes_and_the_13_territories(
    office: Office, seed: int
) -> None:
    first, second, third = "2020-03-01", "2025-01-01", "2025-07-01"
    direct, step, last = (mapped(office, *days) for days in ((first, third), (first, second), (second, third)))
    drawn = random.Random(seed)  # noqa: S311 - figures, no secrets
    figures = {code: drawn.randint(-(10**12), 10**12) for code in direct}
    in_second = summed(figures, {code: new for code, (new, _) in step.items()})
    in_third = summed(figures, {code: new for code, (new, _) in direct.items()})
    assert (len(figures), len(in_second), len(in_third)) == (225, 207, 66)
    assert summed(in_second, {code: new for code, (new, _) in last.items()}) == in_third
    assert sum(figures.values()) == in_second.total() == in_third.total()
    of_old = summed(figures, {code: territory for code, (_, territory) in direct.items()})
    of_new = summed(in_third, {code: territory for code, (_, territory) in mapped(office, third, third).items()})
    assert len(of_old) == 13
    assert of_old == of_new


def test_a_commune_of_several_is_never_read_back_as_one_of_them(office: Office) -> None:
    back = mapped(office, "2025-07-01", "2020-03-01")
    assert "07900" not in back
    came_from = Counter(new for new, _ in mapped(office, "2020-03-01", "2025-07-01").values())
    assert {code for code, count in came_from.items() if count == 1} == set(back)
