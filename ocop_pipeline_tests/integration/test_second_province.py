"""Another province by its seeds alone: no Python and no SQL is changed, and nothing of Phú Thọ shows.

Sông Mây, code 88, is made up: 3 districts, 7 communes (3 + 2 + 2), one list of communes, certificates of 24 months,
targets of its own for the end of 2024. What its offices send, and what follows from it on 30/06/2024, by hand:

    product   commune   event                      on 30/06/2024
    1         09001     3 stars on 10/02/2024      valid
    2         09002     4 stars on 05/03/2024      valid
    3         09004     3 stars on 20/05/2024      valid
    4         09005     registered                 takes part, not certified
    5         09006     3 stars on 15/01/2022      ended on 15/01/2024, takes part
"""

import csv
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import dagster as dg
import pytest

from ocop_pipeline.contracts import Form
from ocop_pipeline.defs.scorecard_plots import PLOT_METADATA, SCORECARD
from ocop_pipeline.settings import PROJECT_ROOT, Settings
from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS, SALES_POINTS
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline.sources.sku_products import SKU_PRODUCTS
from ocop_pipeline_tests.commands import asked, ocop
from ocop_pipeline_tests.conftest import temporary_folder
from ocop_pipeline_tests.files import csv_text, header, rows_of, sheet, xlsx

pytestmark = pytest.mark.slow

UNITS = (
    ("88", "Tỉnh Sông Mây", "province", "tỉnh", "", ""),
    ("901", "Thành phố Mây", "district", "thành phố", "88", "901"),
    ("902", "Huyện Sông Đông", "district", "huyện", "88", "902"),
    ("903", "Huyện Sông Tây", "district", "huyện", "88", "903"),
    ("09001", "Phường Một", "commune", "phường", "901", "901"),
    ("09002", "Phường Hai", "commune", "phường", "901", "901"),
    ("09003", "Xã Ba", "commune", "xã", "901", "901"),
    ("09004", "Xã Bốn", "commune", "xã", "902", "902"),
    ("09005", "Xã Năm", "commune", "xã", "902", "902"),
    ("09006", "Xã Sáu", "commune", "xã", "903", "903"),
    ("09007", "Xã Bảy", "commune", "xã", "903", "903"),
)
PLAN = "12/KH-UBND"
TARGETS = (
    ("certified_products", "at_least", "4", "1"),
    ("rural_workers", "strictly_more", "50", ""),
    ("units_with_sales_point", "every_unit", "3", ""),
    ("participating_communes_share", "at_least", "0.8", ""),
)
PARAMETERS = {"programme_province": "88", "certificate_months": "24", "new_entity_baseline_date": "2024-01-01"}
TILES = (("901", "1", "2"), ("902", "1", "3"), ("903", "2", "1"))
AS_OF = "2024-06-30"


def replace_seed(seeds: Path, name: str, rows: Sequence[Sequence[str]]) -> None:
    """Keep the seed's headings, replace its rows."""
    path = seeds / f"{name}.csv"
    headings = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(f"{headings}\n{csv_text(rows)}", encoding="utf-8")


def write_seeds(seeds: Path) -> None:
    kept = list(csv.reader((seeds / "kpi_parameters.csv").read_text(encoding="utf-8").splitlines()))[1:]
    units = [
        (code, "2020-03-01", "", name, kind, type_, parent, territory, str(number), PLAN)
        for number, (code, name, kind, type_, parent, territory) in enumerate(UNITS, 1)
    ]
    targets = [
        (kpi, "88", PLAN, "true", comparison, value, "", baseline, "2024-01-01", "2024-12-31", PLAN)
        for kpi, comparison, value, baseline in TARGETS
    ]
    replace_seed(seeds, "units", units)
    replace_seed(seeds, "unit_aliases", [])
    replace_seed(seeds, "unit_map", [])
    replace_seed(seeds, "statistics_places", [("Song May", "88", PLAN)])
    replace_seed(seeds, "targets", targets)
    replace_seed(seeds, "target_allocations", [("certified_products", PLAN, "by_commune_count", "2024-01-01", PLAN)])
    replace_seed(seeds, "kpi_parameters", [(name, PARAMETERS.get(name, value), *rest) for name, value, *rest in kept])
    replace_seed(seeds, "shops", [("cho_may", "postmart", "simple_vi", "Chợ Mây", "", "2020-01-01")])
    replace_seed(seeds, "district_tiles", [(*tile, PLAN) for tile in TILES])


def event(number: int, commune: str, day: str | None, stars: str | None, entity: str) -> dict[str, Any]:
    return {
        "product_code": f"88-90{'1112233'[int(commune[-1]) - 1]}-{commune}-{number}-2024",
        "product_name": f"Sản phẩm {number}",
        "product_group": "I",
        "entity_code": entity,
        "commune_code": commune,
        "event_kind": "Mới" if stars else "Đăng ký",
        "stars": stars,
        "decision_number": f"{number}/QĐ-UBND" if stars else None,
        "decision_date": day,
    }


def labour(commune: str, entity: str, workers: int, income: int) -> dict[str, Any]:
    return {
        "report_period": "2024-Q1",
        "commune_code": commune,
        "entity_code": entity,
        "entity_name": f"Chủ thể {entity}",
        "total_workers": workers,
        "regular_workers": workers,
        "mean_income_vnd": income,
    }


def write_files(inbox: Path) -> None:
    def put(path: str, content: bytes | str) -> None:
        target = inbox / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def one_form(form: Form, *rows: dict[str, Any]) -> str:
        return csv_text(rows_of(form, *rows))

    first, third = "8800000001", "8800000003"
    put(
        "district_submissions/901/product_events_2024-03.csv",
        one_form(
            PRODUCT_EVENTS,
            event(1, "09001", "2024-02-10", "3 sao", first),
            event(2, "09002", "2024-03-05", "4 sao", first),
        ),
    )
    point = {
        "sales_point_code": "DB1",
        "sales_point_name": "Điểm bán chợ Bốn",
        "commune_code": "09004",
        "opened_date": "2024-04-01",
    }
    products = [event(3, "09004", "2024-05-20", "3 sao", third), event(4, "09005", None, None, third)]
    book = {**header("2024-06", "Huyện Sông Đông"), **sheet(PRODUCT_EVENTS, *products), **sheet(SALES_POINTS, point)}
    put("district_submissions/902/bao-cao-2024-06.xlsx", xlsx(book))
    put(
        "district_submissions/903/product_events_2022-01.csv",
        one_form(PRODUCT_EVENTS, event(5, "09006", "2022-01-15", "3 sao", "8800000005")),
    )
    put("labour_statistics/901/lao-dong-2024-Q1.csv", one_form(LABOUR_REPORTS, labour("09001", first, 30, 6000)))
    put("labour_statistics/902/lao-dong-2024-Q1.csv", one_form(LABOUR_REPORTS, labour("09004", third, 25, 4000)))
    order = {
        "Mã đơn hàng": "D1",
        "Trạng thái": "Hoàn thành",
        "Mã SKU": "A",
        "Tên hàng": "Sản phẩm 1",
        "Số lượng": "2",
        "Đơn giá": "100.000",
        "Thời gian đặt": "2024-05-10 08:00",
    }
    put("ecommerce_sales/cho_may/2024-05.csv", csv_text([list(order), list(order.values())]))
    listing = {
        "marketplace": "postmart",
        "shop_id": "cho_may",
        "seller_sku": "A",
        "product_code": event(1, "09001", None, None, first)["product_code"],
        "valid_from_date": "2024-01-01",
    }
    put("ecommerce_sales/sku_products.csv", one_form(SKU_PRODUCTS, listing))


@dataclass(frozen=True)
class Province:
    """Its home after one night, and what the command said of it."""

    home: Path
    project: Path

    def ocop(self, *arguments: str) -> CompletedProcess[str]:
        return ocop(self.home, *arguments, OCOP_DBT_PROJECT=str(self.project))

    def answer(self, *arguments: str) -> list[dict[str, Any]]:
        done = asked(self.home, *arguments, "--format", "json", OCOP_DBT_PROJECT=str(self.project))
        assert done.returncode == 0, done.stderr
        rows: list[dict[str, Any]] = json.loads(done.stdout, parse_float=Decimal)
        return rows

    def pictures(self) -> list[dict[str, Any]]:
        """What the scorecard's asset showed, night by night, the last first."""
        with dg.DagsterInstance.from_config(str(Settings(home=self.home).dagster_home)) as instance:
            found = instance.fetch_materializations(SCORECARD, limit=10).records
            return [dict(record.asset_materialization.metadata) for record in found if record.asset_materialization]


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    with temporary_folder() as folder:
        project, home = folder / "dbt_project", folder / "home"
        shutil.copytree(PROJECT_ROOT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
        write_seeds(project / "seeds")
        write_files(home / "inbox")
        found = Province(home, project)
        done = found.ocop("run", "--strict")
        assert done.returncode == 0, done.stdout + done.stderr
        yield found


def test_the_scorecard_is_the_other_provinces(province: Province) -> None:
    rows = {row["kpi"]: row for row in province.answer("scorecard", "--as-of", AS_OF)}
    assert {row["unit_name"] for row in rows.values()} == {"Tỉnh Sông Mây"}

    certified = rows["certified_products"]
    assert (certified["value"], certified["target"], certified["baseline"], certified["gap"]) == (3, 4, 1, 1)
    # Two of the three from 1 to 4.
    assert round(certified["progress_share"], 4) == Decimal("0.6667")
    communes = rows["participating_communes_share"]
    assert (communes["numerator"], communes["denominator"], communes["target"]) == (5, 7, Decimal("0.8"))
    points = rows["units_with_sales_point"]
    assert (points["value"], points["denominator"], points["target"]) == (1, 3, 3)
    workers = rows["rural_workers"]
    assert (workers["value"], workers["status"]) == (30 + 25, "met")
    # 30 x 6 million and 25 x 4 million, of 55 workers: rounded down to 10,000.
    assert rows["worker_income"]["value"] == 5_090_000
    # The maker of product 5 was there before the province's own baseline date.
    assert rows["new_entities"]["value"] == 2
    assert rows["online_sales"]["value"] == 2 * 100_000


def test_its_districts_have_their_own_part_of_its_own_target(province: Province) -> None:
    rows = province.answer("scorecard", "--as-of", AS_OF, "--by", "district")
    certified = {
        r["unit_code"]: (r["value"], r["target"], r["status"]) for r in rows if r["kpi"] == "certified_products"
    }
    # 4 x 3/7 and 4 x 2/7, rounded up.
    assert {unit: figures[:2] for unit, figures in certified.items()} == {"901": (2, 2), "902": (1, 2), "903": (0, 2)}
    assert certified["901"][2] == "met"
    # One entity alone may not be read from its district's figure.
    workers = {r["unit_code"]: r["is_suppressed"] for r in rows if r["kpi"] == "rural_workers"}
    assert workers["901"]


def test_its_certificates_end_after_its_own_24_months(province: Province) -> None:
    before, after = (province.answer("scorecard", "--as-of", day)[0]["value"] for day in ("2024-01-14", "2024-01-15"))
    assert (before, after) == (1, 0)


def test_nothing_of_phu_tho_shows(province: Province) -> None:
    units = province.answer("query", "select distinct unit_code from marts.dim_unit")
    assert {row["unit_code"] for row in units} == {unit[0] for unit in UNITS}
    shown = province.answer("query", "select distinct unit_code from marts.kpi_scorecard")
    assert {row["unit_code"] for row in shown} == {"88", "901", "902", "903"}
    told = province.answer("query", "select distinct target_version, target_date::text from marts.kpi_scorecard")
    assert {(row["target_version"], row["target_date"]) for row in told} == {(PLAN, "2024-12-31"), (None, None)}


def test_its_pictures_lie_on_the_scorecard_also_after_a_quiet_night(province: Province) -> None:
    done = province.ocop("run")
    assert "nothing changed" in done.stdout
    last, first = province.pictures()[:2]
    for name in PLOT_METADATA:
        assert str(first[name].value).startswith(f"![{name}](data:image/png;base64,")
        assert last[name].value == first[name].value


def test_the_demo_says_that_it_knows_one_province_only(province: Province) -> None:
    with temporary_folder() as home:
        done = ocop(home, "demo", OCOP_DBT_PROJECT=str(province.project))
        assert done.returncode == 1
        assert "Phú Thọ" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert not list((home / "inbox").rglob("*.xlsx"))
