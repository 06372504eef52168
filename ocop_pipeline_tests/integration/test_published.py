"""A scorecard that was published, a file that is corrected afterwards, and what the commands say of both."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from ocop_pipeline.ingest import ingest_source
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources.district_forms import PRODUCT_EVENTS
from ocop_pipeline.sources.district_submissions import SOURCE
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.publications import publish
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse, open_warehouse
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import standing_home
from ocop_pipeline_tests.files import csv_text, rows_of

pytestmark = pytest.mark.slow
DAY = "2023-06-30"
FIRST, CORRECTED = "product_events_2022.csv", "product_events_2022_sua.csv"
THEN_NOW = ("then", "now")
COMMUNES = {"A": "Xã Đại Phạm", "B": "Xã Đan Thượng", "C": "Xã Hà Lương"}


@dataclass(frozen=True)
class Province:
    """A home where three products were published as certified, and one of them turned out to have 2 stars.

    `then` is a moment between the first file and its correction, `refused` what `ocop publish` said while the
    corrected file had been taken in and the figures not built.
    """

    home: Path
    warehouse: Warehouse
    then: datetime
    published: str
    refused: str

    def objects(self, *arguments: str) -> list[dict[str, Any]]:
        done = asked(self.home, *arguments, "--format", "json")
        assert done.returncode == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def said(self, *arguments: str) -> str:
        done = asked(self.home, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def certified(self, *arguments: str) -> int:
        rows = self.objects("scorecard", *arguments)
        return next(int(row["value"]) for row in rows if row["kpi"] == "certified_products")


def events(stars_of_c: str) -> str:
    """Three products recognised on 01/06/2022, the third with these stars."""
    stars = {"A": "4 sao", "B": "3 sao", "C": stars_of_c}
    return csv_text(
        rows_of(
            PRODUCT_EVENTS,
            *(
                {
                    "product_code": code,
                    "product_name": f"Sản phẩm {code}",
                    "product_group": "I",
                    "entity_code": f"HTX-{code}",
                    "commune_code": commune,
                    "event_kind": "mới",
                    "stars": stars[code],
                    "decision_number": f"12{code}/QĐ-UBND",
                    "decision_date": "01/06/2022",
                }
                for code, commune in COMMUNES.items()
            ),
        )
    )


def labour(workers_of_a: int) -> str:
    """The labour reports of two entities, one with so many workers."""
    return csv_text(
        rows_of(
            LABOUR_REPORTS,
            *(
                {
                    "report_period": "2023-Q1",
                    "commune_code": COMMUNES[code],
                    "entity_code": f"HTX-{code}",
                    "entity_name": f"Hợp tác xã {code}",
                    "total_workers": workers,
                    "regular_workers": workers,
                    "mean_income_vnd": 5000 + workers,
                }
                for code, workers in (("A", workers_of_a), ("B", 25))
            ),
        )
    )


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    with standing_home() as home:
        settings = Settings(home=home, warehouse_url=None)
        inbox = settings.inbox / "district_submissions" / "231"
        inbox.mkdir(parents=True)
        offices = settings.inbox / "labour_statistics" / "231"
        offices.mkdir(parents=True)
        with open_warehouse(settings) as warehouse:
            (offices / "lao-dong-2023-Q1.csv").write_text(labour(31), encoding="utf-8")
            (inbox / FIRST).write_text(events("3 sao"), encoding="utf-8")
            assert asked(home, "run").returncode == 0
            published = asked(home, "publish", "--as-of", DAY, "--note", "báo cáo quý")
            assert published.returncode == 0, published.stderr
            then = datetime.now(tz=VIETNAM)
            (inbox / CORRECTED).write_text(events("2 sao"), encoding="utf-8")
            ingest_source(SOURCE, settings, warehouse, "test", logging.getLogger(__name__).info)
            refused = asked(home, "publish", "--as-of", DAY)
            assert refused.returncode == 1
            (offices / "lao-dong-2023-Q1-sua.csv").write_text(labour(38), encoding="utf-8")
            assert asked(home, "run").returncode == 0
            yield Province(home, warehouse, then, published.stdout, refused.stderr)


def test_figures_that_are_older_than_the_ledger_are_not_published(province: Province) -> None:
    assert province.refused == (
        "ocop: files have been taken in since the figures were built; run `ocop run`, then publish\n"
    )
    assert len(province.objects("publications")) == 1


def test_what_was_published_stays_when_a_file_is_corrected(province: Province) -> None:
    assert province.certified("--as-of", DAY) == 2
    assert province.certified("--published", "1") == 3
    frozen = province.objects("scorecard", "--published", "1", "--by", "district")
    assert {row["value"] for row in frozen if row["kpi"] == "certified_products" and row["unit_code"] == "231"} == {3}
    assert len(frozen) == 12 * 13
    variants = province.objects("scorecard", "--published", "1", "--breakdown")
    assert {row["value"] for row in variants if row["variant"] == "ever_recognised" and not row["breakdown"]} == {3}
    assert "publication 1" in " ".join(province.said("scorecard", "--published", "1").split())


def test_known_at_gives_the_figure_of_that_time(province: Province) -> None:
    moment = province.then.isoformat()
    rows = province.objects("scorecard", "--as-of", DAY, "--known-at", moment)
    assert {row["known_at"] for row in rows} == {moment}
    assert province.certified("--as-of", DAY, "--known-at", moment) == 3
    today = province.then.date().isoformat()
    assert province.certified("--as-of", DAY, "--known-at", today) == 2
    assert f"as known at {province.then:%d/%m/%Y %H:%M}" in province.said(
        "scorecard", "--as-of", DAY, "--known-at", moment
    ).replace("\n", " ")


def test_the_difference_names_the_figures_that_moved_and_the_files_behind_them(province: Province) -> None:
    rows = province.objects("scorecard", "--diff", "1")
    moved = {row["kpi"]: (row["then"], row["now"], row["change"]) for row in rows}
    assert moved["certified_products"] == (3, 2, -1)
    files = {
        row["file"]: (row["numerator_then"], row["numerator_now"]) for row in rows if row["kpi"] == "certified_products"
    }
    assert files == {f"district_submissions/231/{FIRST}": (3, None), f"district_submissions/231/{CORRECTED}": (None, 2)}
    told = province.said("scorecard", "--diff", "1", "--by", "district")
    assert FIRST in told
    assert CORRECTED in told
    assert "Định nghĩa, mục tiêu và tham số không đổi." in province.said("scorecard", "--diff", "1", "--lang", "vi")


def test_what_a_file_gave_of_people_is_in_no_format_of_the_difference(province: Province) -> None:
    for by in ("province", "district"):
        rows = province.objects("scorecard", "--diff", "1", "--by", by)
        people = [row for row in rows if row["kpi"] in {"rural_workers", "worker_income"}]
        parts = [row[f"{part}_{when}"] for row in people for part in ("numerator", "denominator") for when in THEN_NOW]
        assert set(parts) <= {None}
    workers = [row for row in province.objects("scorecard", "--diff", "1") if row["kpi"] == "rural_workers"]
    assert {(row["then"], row["now"], row["file"].rpartition("/")[2]) for row in workers} == {
        (56, 63, "lao-dong-2023-Q1.csv"),
        (56, 63, "lao-dong-2023-Q1-sua.csv"),
    }
    told = province.said("scorecard", "--diff", "1").splitlines()
    assert [line.rpartition(")")[2].strip() for line in told if "lao-dong-2023-Q1-sua.csv (" in line] == ["", ""]


def test_the_difference_lists_the_files_taken_in_since_and_names_no_cause_without_a_file(province: Province) -> None:
    told = province.said("scorecard", "--diff", "1")
    since = told.partition("Files taken in since")[2]
    assert CORRECTED in since
    assert "lao-dong-2023-Q1-sua.csv" in since
    assert FIRST not in since
    assert "list of units" not in told
    assert all(row["submission_id"] for row in province.objects("scorecard", "--diff", "1") if row["numerator_now"])


def test_a_day_ahead_is_not_published(province: Province) -> None:
    tomorrow = (datetime.now(tz=VIETNAM) + timedelta(days=1)).date().isoformat()
    done = asked(province.home, "publish", "--as-of", tomorrow)
    assert done.returncode == 1
    assert done.stderr == (
        f"ocop: {tomorrow} lies ahead: its scorecard is a projection, and what is published cannot be taken back\n"
    )
    assert len(province.objects("publications")) == 1


def test_the_help_of_trace_says_who_it_is_for(province: Province) -> None:
    assert (
        "With --auditor it shows the figures of single entities: that is for checking, not for publication"
        in " ".join(province.said("trace", "--help").split())
    )


def test_a_day_of_which_nothing_is_known_is_not_published(province: Province) -> None:
    done = asked(province.home, "publish", "--as-of", "1950-01-01")
    assert (done.returncode, done.stderr) == (
        1,
        "ocop: nothing is measured on 1950-01-01: there is no figure to publish\n",
    )
    assert len(province.objects("publications")) == 1


@pytest.mark.parametrize("table", ["published_figure", "published_definition", "published_contribution"])
def test_nobody_adds_to_what_was_published(province: Province, table: str) -> None:
    with (
        pytest.raises(DBAPIError, match="nothing is added to it later"),
        province.warehouse.engine(None).begin() as connection,
    ):
        connection.exec_driver_sql(f"insert into ingest.{table} select * from ingest.{table} limit 1")  # noqa: S608


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("publication", "note"),
        ("published_figure", "status"),
        ("published_definition", "kind"),
        ("published_contribution", "variant"),
    ],
)
@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_changes_what_was_published(province: Province, table: str, column: str, role: Role | None) -> None:
    kept = fetch(province.warehouse, f"select count(*) from ingest.{table}", role=Role.LOADER).rows  # noqa: S608
    update = "update ingest.{} set {} = ''"
    for change in (update, "delete from ingest.{}", "truncate ingest.{}"):
        with (
            pytest.raises(DBAPIError, match=r"it stays as it is|permission denied|read-only|cannot truncate"),
            province.warehouse.engine(role).begin() as connection,
        ):
            connection.exec_driver_sql(change.format(table, column))
    assert fetch(province.warehouse, f"select count(*) from ingest.{table}", role=Role.LOADER).rows == kept  # noqa: S608
    assert kept[0][0] > 0


def test_readers_see_published_figures_and_not_what_each_file_gave(province: Province) -> None:
    rows = fetch(province.warehouse, "select distinct publication_id, note from marts.kpi_published").rows
    assert rows == ((1, "báo cáo quý"),)
    with pytest.raises(WarehouseError, match="permission denied"):
        fetch(province.warehouse, "table ingest.published_contribution")


def test_a_changed_target_shows_as_a_changed_definition(province: Province) -> None:
    target = "update seeds.targets set target_value = {} where kpi_code = 'certified_products' and target_value = {}"
    with province.warehouse.engine(Role.TRANSFORMER).begin() as connection:
        connection.exec_driver_sql(target.format(250, 228))
    try:
        told = " ".join(province.said("scorecard", "--diff", "1").split())
    finally:
        with province.warehouse.engine(Role.TRANSFORMER).begin() as connection:
            connection.exec_driver_sql(target.format(228, 250))
    assert "target certified_products 25: target_value 228 → 250" in told


@pytest.mark.parametrize("unit", ["25", "231"])
@pytest.mark.parametrize("kpi", ["certified_products", "participating_communes_share"])
def test_the_traced_rows_add_up_to_the_figure(province: Province, kpi: str, unit: str) -> None:
    for known in ((), ("--known-at", province.then.isoformat())):
        rows = province.objects("trace", kpi, "--as-of", DAY, "--unit", unit, *known)
        scorecard = province.objects(
            "scorecard", "--as-of", DAY, *known, "--by", "province" if unit == "25" else "district"
        )
        figure = next(row for row in scorecard if (row["kpi"], row["unit_code"]) == (kpi, unit))
        assert sum(row["numerator"] or 0 for row in rows) == figure["numerator"]
        if figure["denominator"] is not None:
            assert sum(row["denominator"] or 0 for row in rows) == figure["denominator"]
        places = {(row["file"], row["row"]) for row in rows if row["submission_id"] and row["numerator"]}
        file = f"district_submissions/231/{FIRST if known else CORRECTED}"
        assert {file for file, _ in places} == {file}
        assert {row for _, row in places} <= {2, 3, 4}


def test_the_trace_for_people_ends_with_the_total_and_the_scorecard_s_figure(province: Province) -> None:
    lines = province.said("trace", "certified_products", "--as-of", DAY).splitlines()
    assert lines[-1] == "certified_products, Tỉnh Phú Thọ (25), 30/06/2023: 2 rows, total 2; on the scorecard: 2"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("trace", "certifed_product"), 1, "did you mean certified_products"),
        (("trace", "certified_products", "--unit", "999"), 1, "'999' is no unit of the scorecard"),
        (("trace", "certified_products", "--variant", "ever"), 1, "did you mean ever_recognised"),
        (("scorecard", "--known-at", "2999-01-01"), 2, "lies ahead"),
        (("scorecard", "--known-at", "gestern"), 2, "is no moment"),
        (("scorecard", "--published", "77"), 1, "there is no publication 77"),
        (("scorecard", "--diff", "77"), 1, "there is no publication 77"),
        (("scorecard", "--published", "1", "--as-of", DAY), 2, "leave out --as-of"),
        (("publish",), 2, "Missing option '--as-of'"),
    ],
)
def test_a_mistake_is_one_clear_line(province: Province, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = asked(province.home, *arguments)
    assert done.returncode == code
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_nothing_is_published_before_anything_was_built(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="no figures have been built yet; run `ocop run` first"):
        publish(warehouse, datetime.now(tz=VIETNAM).date(), None)
