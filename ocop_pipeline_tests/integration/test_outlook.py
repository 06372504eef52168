"""What lies ahead, from files to what people get: certificates that end, the plan, and the reminders in the outbox."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import date

import pytest
from openpyxl import load_workbook

from ocop_pipeline.reports.expiry import expiries_of, expiry_table, runoff_of
from ocop_pipeline.reports.layout import objects
from ocop_pipeline.reports.plan import plan_for_people, plan_of
from ocop_pipeline.reports.reminders import write_reminders
from ocop_pipeline.reports.units import UnknownUnitError
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_EVENTS, SALES_POINTS
from ocop_pipeline.transform import NIGHTLY, build
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline_tests.commands import asked
from ocop_pipeline_tests.conftest import standing_home, temporary_folder
from ocop_pipeline_tests.files import csv_text, rows_of
from ocop_pipeline_tests.offices import FORMS, Office

pytestmark = pytest.mark.slow

DAY = date(2023, 11, 24)
RICE, SPOOK, TEA = "25-231-00001-01-2020", "25-231-00002-01-2020", "25-227-00001-01-2021"
TAX_CODE = "0101234567"


def event(code: str, name: str, decided: str, **more: object) -> dict[str, object]:
    """A product's new certificate of 3 stars, unless told otherwise."""
    return {
        "product_code": code,
        "product_name": name,
        "entity_code": TAX_CODE,
        "event_kind": "mới",
        "stars": "3 sao",
        "score": "60",
        "decision_number": f"{decided[:4]}/QĐ",
        "decision_date": decided,
        **more,
    }


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Hạ Hòa (231) has certificates to 18/12 and 31/12/2023 and a product of 2 stars, Việt Trì (227) one to 10/02/2024.

    A household business holds them all; Hạ Hòa's only sales point has stopped.
    """
    with standing_home() as home, open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        initialise(warehouse, FORMS)
        office = Office(home, warehouse)
        household = {"entity_code": TAX_CODE, "entity_name": "Hộ An", "entity_type": "hộ kinh doanh"}
        point = {"sales_point_code": "D1", "sales_point_name": "Điểm Hạ Hòa", "opened_date": "2022-01-01"}
        near = event("25-231-00003-01-2023", "Chè", "2023-06-01", stars="2 sao", score="46,5")
        for unit, form, rows in (
            ("231", PRODUCT_EVENTS, [event(RICE, "Gạo", "2020-12-18"), event(SPOOK, "=1+1", "2020-12-31"), near]),
            ("231", ENTITIES, [household]),
            ("231", SALES_POINTS, [point | {"stopped_date": "2023-07-01"}]),
            ("227", PRODUCT_EVENTS, [event(TEA, "Trà", "2021-02-10")]),
        ):
            content = csv_text(rows_of(form, *rows))
            office.put(f"district_submissions/{unit}/{form.name}_2023-06.csv", content)
        office.take_in()
        assert office.quarantine() == {}
        rebuild(office)
        yield office


def rebuild(office: Office) -> None:
    results = build(office.settings, office.warehouse, NIGHTLY, logging.getLogger(__name__))
    assert [result for result in results if result.status in {"error", "fail"}] == []


@pytest.fixture
def outbox() -> Iterator[Settings]:
    """Settings of a home whose outbox is empty."""
    with temporary_folder() as home:
        yield Settings(home=home, warehouse_url=None)


def lying(settings: Settings) -> list[str]:
    return sorted(path.relative_to(settings.outbox).as_posix() for path in settings.outbox.rglob("*.xlsx"))


def texts(content: bytes) -> list[str]:
    """Every cell of the workbook that is not empty, formulas as they stand."""
    workbook = load_workbook(io.BytesIO(content))
    return [str(cell.value) for row in workbook.worksheets[0].iter_rows() for cell in row if cell.value is not None]


def test_certificates_that_end_soon_are_listed_with_the_days_left(office: Office) -> None:
    rows = objects(expiries_of(office.warehouse, DAY))
    assert [(row["product_key"], row["days_left"], row["horizon_days"]) for row in rows] == [
        (RICE, 24, 30),
        (SPOOK, 37, 90),
        (TEA, 78, 90),
    ]
    assert {row["reporting_unit_code"] for row in rows} == {"231", "227"}
    assert {row["entity_name"] for row in rows} == {"Hộ An"}


def test_a_certificate_that_ends_today_is_not_in_force(office: Office) -> None:
    rows = objects(expiries_of(office.warehouse, date(2023, 12, 18), "231"))
    assert [row["product_key"] for row in rows] == [SPOOK]


def test_expiries_can_be_asked_for_one_unit_and_for_fewer_days(office: Office) -> None:
    assert len(expiries_of(office.warehouse, DAY, "231").rows) == 2
    assert len(expiries_of(office.warehouse, DAY, "231", 24).rows) == 1
    assert len(expiries_of(office.warehouse, DAY, None, 23).rows) == 0
    assert expiry_table(expiries_of(office.warehouse, DAY, "227"), "en")[0][:4] == ("10/02/2024", 78, "Trà", "3")


def test_the_run_off_ends_where_the_last_certificate_ends(office: Office) -> None:
    rows = objects(runoff_of(office.warehouse, DAY))
    assert len(rows) == 36
    assert [(row["month_end"], row["ending_count"], row["remaining_count"]) for row in rows[:4]] == [
        (date(2023, 11, 30), 0, 3),
        (date(2023, 12, 31), 2, 1),
        (date(2024, 1, 31), 0, 1),
        (date(2024, 2, 29), 1, 0),
    ]


def test_the_plan_names_what_could_be_next_and_no_code_of_a_household(office: Office) -> None:
    answer = plan_of(office.warehouse, DAY, "231")
    found = [(row["kpi"], row["candidate_kind"], row["candidate_name"]) for row in objects(answer)]
    assert found[:3] == [
        ("certified_products", "renewal_due", "Gạo"),
        ("certified_products", "renewal_due", "=1+1"),
        ("certified_products", "below_three_stars", "Chè"),
    ]
    assert ("units_with_sales_point", "stopped_sales_point", "Điểm Hạ Hòa") in found
    assert len([kind for _, kind, _ in found if kind == "no_candidate_known"]) == 20
    assert TAX_CODE not in str(answer.rows)


def test_the_plan_in_words_says_what_is_missing_and_how_many_are_not_shown(office: Office) -> None:
    kpis = plan_for_people(office.warehouse, DAY, "231", "en", shown=1)
    assert kpis[0].standing == "Certified products, 3 stars or more: 2, target ≥ 21, 19 to add"
    assert kpis[0].steps[0].heading == "certificates to renew (2)"
    assert kpis[0].steps[0].rows == [("Gạo", "3 stars, ends on 2023-12-18", "Huyện Hạ Hoà")]
    assert kpis[0].steps[0].more == "and 1 more"


def test_an_unknown_unit_is_answered_with_those_there_are(office: Office) -> None:
    with pytest.raises(UnknownUnitError, match=r"'999' is no unit .* 227, 228"):
        plan_of(office.warehouse, DAY, "999")


def test_a_unit_is_reminded_of_the_month_and_the_province_of_all(office: Office, outbox: Settings) -> None:
    done = write_reminders(office.warehouse, outbox, DAY)
    files = [
        "227/nhac-gia-han/2024-02.xlsx",
        "231/nhac-gia-han/2023-12.xlsx",
        "25/nhac-gia-han/2023-12.xlsx",
        "25/nhac-gia-han/2024-02.xlsx",
    ]
    assert lying(outbox) == sorted(done.written) == files
    cells = texts((outbox.outbox / files[1]).read_bytes())
    assert {"Gạo", "=1+1", "Hộ An", "2023-12-18 00:00:00", "2023-11-18 00:00:00"} <= set(cells)
    assert TAX_CODE not in "".join(cells)
    workbook = load_workbook(outbox.outbox / files[1])
    assert "f" not in {cell.data_type for row in workbook.worksheets[0].iter_rows() for cell in row}


def test_a_month_is_due_when_its_first_day_lies_within_ninety_days(office: Office, outbox: Settings) -> None:
    february = "227/nhac-gia-han/2024-02.xlsx"
    assert february not in write_reminders(office.warehouse, outbox, date(2023, 11, 2)).lying
    assert february in write_reminders(office.warehouse, outbox, date(2023, 11, 3)).lying


def test_a_certificate_that_ended_stays_on_the_list_until_its_month_is_over(office: Office, outbox: Settings) -> None:
    december = "231/nhac-gia-han/2023-12.xlsx"
    write_reminders(office.warehouse, outbox, DAY)
    later = write_reminders(office.warehouse, outbox, date(2023, 12, 31))
    assert later.lying[december] == 2
    assert later.written == later.removed == []
    january = write_reminders(office.warehouse, outbox, date(2024, 1, 1))
    assert january.removed == []
    assert december in lying(outbox)


def test_a_reminder_without_certificates_goes_and_other_files_stay(office: Office, outbox: Settings) -> None:
    folder = outbox.outbox / "231" / "nhac-gia-han"
    folder.mkdir(parents=True)
    for name in ("2023-10.xlsx", "2024-01.xlsx", "ghi-chu.xlsx"):
        (folder / name).write_bytes(b"x")
    assert write_reminders(office.warehouse, outbox, DAY).removed == ["231/nhac-gia-han/2024-01.xlsx"]
    assert sorted(path.name for path in folder.iterdir()) == ["2023-10.xlsx", "2023-12.xlsx", "ghi-chu.xlsx"]


def test_a_file_that_cannot_be_written_stops_no_other(office: Office, outbox: Settings) -> None:
    outbox.outbox.mkdir()
    (outbox.outbox / "231").write_bytes(b"a file where a folder should be")
    done = write_reminders(office.warehouse, outbox, DAY)
    assert list(done.failed) == ["231/nhac-gia-han/2023-12.xlsx"]
    assert len(done.written) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("expiries", "--unit", "999"), 1, "'999' is no unit of the programme"),
        (("expiries", "--within", "0"), 2, "not in the range"),
        (("plan", "--as-of", "31/02/2023"), 2, "is no day"),
    ],
)
def test_a_mistake_in_asking_is_one_clear_line(
    office: Office, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = asked(office.settings.root, *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_commands_fit_the_terminal_and_json_has_every_column(office: Office) -> None:
    home = office.settings.root
    for arguments in (("expiries",), ("expiries", "--runoff"), ("plan",), ("plan", "--lang", "vi")):
        done = asked(home, *arguments, "--as-of", "2023-11-24")
        assert done.returncode == 0, done.stderr
        assert max(len(line) for line in done.stdout.splitlines()) <= 120
        assert "Trà" in done.stdout or "█" in done.stdout
    rows = json.loads(asked(home, "expiries", "--as-of", "2023-11-24", "--format", "json").stdout)
    assert rows[0]["valid_to"] == "2023-12-18"
    assert (
        json.loads(asked(home, "plan", "--as-of", "2023-11-24", "--format", "json").stdout)[0]["as_of"] == "2023-11-24"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--within", "23"), "No certificate of 3 stars or more that is in force on 24/11/2023 ends by 17/12/2023.\n"),
        (
            ("--unit", "240", "--lang", "vi"),
            "Không có giấy chứng nhận từ 3 sao nào còn hiệu lực ngày 24/11/2023 hết hạn sắp tới ở đơn vị 240.\n",
        ),
        (
            ("--unit", "08053", "--runoff"),
            (
                "No run-off from 24/11/2023 in unit 08053: it is of the province or a district that has certified "
                "products.\n"
            ),
        ),
    ],
)
def test_that_nothing_ends_is_said_in_a_sentence(office: Office, arguments: tuple[str, ...], said: str) -> None:
    done = asked(office.settings.root, "expiries", "--as-of", "2023-11-24", *arguments)
    assert (done.returncode, done.stdout) == (0, said), done.stderr


def test_a_renewal_that_is_reported_takes_the_reminder_away(office: Office, outbox: Settings) -> None:
    write_reminders(office.warehouse, outbox, DAY)
    renewed = event(TEA, "Trà", "2023-11-20", event_kind="đánh giá lại")
    office.put("district_submissions/227/product_events_2023-11.csv", csv_text(rows_of(PRODUCT_EVENTS, renewed)))
    office.take_in()
    rebuild(office)
    done = write_reminders(office.warehouse, outbox, DAY)
    assert done.removed == ["227/nhac-gia-han/2024-02.xlsx", "25/nhac-gia-han/2024-02.xlsx"]
    assert done.written == []
