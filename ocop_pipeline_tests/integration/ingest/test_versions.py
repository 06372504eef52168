"""Which file counts: the same one once, the last accepted one of its unit, period and form, and all stay readable."""

import os
from datetime import datetime

import pytest

from ocop_pipeline.sources.district_forms import PRODUCT_VALUES, SALES_POINTS
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Outcome
from ocop_pipeline.warehouse.server import Warehouse
from ocop_pipeline.warehouse.withdrawals import withdraw
from ocop_pipeline_tests.files import csv_text, header, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import Office, open_office

CURRENT_VALUES = "product_code, revenue_vnd::int"


def value(code: str, revenue: object) -> dict[str, object]:
    return {"product_code": code, "revenue_vnd": revenue}


def point(code: str) -> dict[str, object]:
    return {"sales_point_code": code, "sales_point_name": code, "opened_date": "01/06/2023"}


def values(*rows: dict[str, object], period: str = "2023-06") -> bytes:
    return xlsx(header(period=period) | sheet(PRODUCT_VALUES, *rows))


BOTH = xlsx(header() | sheet(PRODUCT_VALUES, value("SP1", 1_000)) | sheet(SALES_POINTS, point("D1")))


@pytest.mark.parametrize("server", ["embedded_warehouse", "tcp_warehouse"])
def test_a_corrected_workbook_takes_the_place_of_its_forms_and_the_earlier_stays_readable(
    request: pytest.FixtureRequest, server: str
) -> None:
    warehouse: Warehouse = request.getfixturevalue(server)
    with open_office(warehouse) as office:
        office.put("district_submissions/231/lần 1.xlsx", BOTH)
        office.put("district_submissions/231/tháng 7.xlsx", values(value("SP1", 7_000), period="2023-07"))
        office.take_in()
        before: datetime = office.select("select max(known_from) from ingest.load")[0]
        office.put("district_submissions/231/lần 2.xlsx", values(value("SP1", 2_000), value("SP2", 2_000)))
        office.take_in()
        then = "select revenue_vnd::int from raw.product_values join ingest.load_at using (load_id) order by 1"
        assert office.select(then) == [2_000, 2_000, 7_000]
        assert office.select(then, known_at=before) == [1_000, 7_000]
        assert office.current("sales_points", "sales_point_code") == ["D1"]
        closed = "select form, period_from::text, known_to = (select max(known_from) from ingest.load), closed_by"
        assert office.select(f"{closed} from ingest.load where known_to is not null") == [
            ("product_values", "2023-06-01", True, 4)
        ]


def test_the_same_figures_of_two_months_are_two_files(office: Office) -> None:
    same = csv_text(rows_of(PRODUCT_VALUES, value("SP1", 5_000)))
    for month in ("2023-06", "2023-07"):
        office.put(f"district_submissions/231/product_values_{month}.csv", same)
    office.take_in()
    office.put("district_submissions/231/product_values_2023-07.csv", same)
    office.take_in()
    assert [file.outcome for file in submissions(office.warehouse).values()] == [
        *[Outcome.ACCEPTED, Outcome.ACCEPTED],
        Outcome.DUPLICATE,
    ]
    assert office.current("product_values", "revenue_vnd::int") == [5_000, 5_000]


def test_the_same_bytes_change_nothing_whatever_they_are_called(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", BOTH)
    office.take_in()
    before = office.select("select position from ingest.ledger_position")
    for name in ("231/a.xlsx", "231/tên khác.xlsx", "231/2023/quý 2/a.xlsx", "a.xlsx"):
        office.put(f"district_submissions/{name}", BOTH)
    office.take_in()
    assert office.select("select position from ingest.ledger_position") == before
    files = list(submissions(office.warehouse).values())
    assert [(s.outcome, s.duplicate_of) for s in files[1:]] == [(Outcome.DUPLICATE, 1)] * 4
    assert not office.files_under(office.settings.inbox)
    assert office.lines[-1].endswith(": no change, the same file as submission 1")


def test_two_copies_in_one_night_count_once_also_in_the_run_s_own_figures(office: Office) -> None:
    for name in ("a.xlsx", "a (1).xlsx"):
        office.put(f"district_submissions/231/{name}", BOTH)
    outcome = office.take_in()
    assert [file.submission.outcome for file in outcome.files] == [Outcome.ACCEPTED, Outcome.DUPLICATE]
    assert outcome.forms["product_values"].rows_accepted == 1
    assert office.select("select count(*) from raw.product_values") == [1]


def test_a_one_form_csv_takes_the_place_of_that_form_only(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", BOTH)
    office.put(
        "district_submissions/231/product_values_2023-06.csv",
        csv_text(rows_of(PRODUCT_VALUES, value("SP1", "9000"))),
    )
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP1", 9_000)]
    assert office.current("sales_points", "sales_point_code") == ["D1"]


def test_a_sheet_that_is_missing_keeps_what_was_and_one_without_rows_says_none(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", BOTH)
    office.put("district_submissions/231/b.xlsx", xlsx(header() | sheet(SALES_POINTS)))
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP1", 1_000)]
    assert office.current("sales_points", "sales_point_code") == []
    assert office.select("select row_count from ingest.load where closed_by is null order by load_id") == [1, 0]


def test_what_was_refused_replaces_nothing(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", BOTH)
    office.put("district_submissions/231/cụt.xlsx", BOTH[:1000])
    office.put("district_submissions/231/mọi dòng sai.xlsx", values(value("SP1", "?"), value("SP2", "?")))
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP1", 1_000)]
    assert [(s.outcome, s.rows_rejected) for s in submissions(office.warehouse).values()] == [
        (Outcome.ACCEPTED, 0),
        (Outcome.REJECTED, 0),
        (Outcome.ACCEPTED_WITH_REJECTIONS, 2),
    ]


def test_the_good_rows_of_a_file_with_bad_ones_take_the_earlier_ones_place(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", BOTH)
    office.put("district_submissions/231/b.xlsx", values(value("SP1", "?"), value("SP2", 2_000)))
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP2", 2_000)]


def test_another_unit_or_period_or_form_replaces_nothing(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", BOTH)
    office.put("district_submissions/231/b.xlsx", values(value("SP1", 3_000), period="tháng 7/2023"))
    office.put(
        "district_submissions/b.xlsx", xlsx(header(unit="Thị xã Phú Thọ") | sheet(PRODUCT_VALUES, value("S", 4_000)))
    )
    office.put(
        "district_submissions/25/c.xlsx", xlsx(header(unit="Tỉnh Phú Thọ") | sheet(PRODUCT_VALUES, value("S", 5_000)))
    )
    office.take_in()
    assert office.select("select unit_code, closed_by from ingest.load where form = 'product_values' order by 1") == [
        ("228", None),
        ("231", None),
        ("231", None),
        ("25", None),
    ]


def test_an_original_goes_to_the_archive_and_the_ledger_says_where(office: Office) -> None:
    office.put("district_submissions/231/báo cáo tháng 6.xlsx", BOTH)
    office.take_in()
    path = submissions(office.warehouse)[1].archive_path
    assert path is not None
    assert path.startswith("district_submissions/231/")
    assert path.endswith("-báo cáo tháng 6.xlsx")
    assert (office.settings.archive / path).read_bytes() == BOTH
    assert not office.files_under(office.settings.inbox)


def test_a_name_as_long_as_the_file_system_takes_is_archived_under_a_shorter_one(office: Office) -> None:
    name = "b" * 250 + ".xlsx"
    office.put(f"district_submissions/231/{name}", BOTH)
    office.take_in()
    file = submissions(office.warehouse)[1]
    assert (file.file_name, file.outcome) == (name, Outcome.ACCEPTED)
    assert (office.settings.archive / str(file.archive_path)).read_bytes() == BOTH


def test_a_copy_of_an_old_version_at_another_place_does_not_undo_the_correction(office: Office) -> None:
    old = values(value("SP1", 1_000))
    office.put("district_submissions/231/a.xlsx", old)
    office.take_in()
    office.put("district_submissions/231/b.xlsx", values(value("SP1", 2_000)))
    office.take_in()
    office.put("district_submissions/a.xlsx", old)
    outcome = office.take_in()
    assert outcome.files[0].submission.duplicate_of == 1
    current = "select revenue_vnd::int from raw.product_values join ingest.load_at using (load_id)"
    assert office.select(current) == [2_000]


def put_now(office: Office, path: str, content: bytes) -> None:
    """Lay a file into the inbox that was written this moment, after all that was taken in."""
    os.utime(office.put(path, content))


def test_an_old_version_sent_again_after_the_correction_is_a_new_version(office: Office) -> None:
    old = values(value("SP1", 1_000))
    for name, content in (("a.xlsx", old), ("b.xlsx", values(value("SP1", 2_000)))):
        office.put(f"district_submissions/231/{name}", content)
        office.take_in()
    put_now(office, "district_submissions/231/a.xlsx", old)
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP1", 1_000)]
    assert office.lines[-1].endswith(": submission 3, 1 rows, in the place of submission 2")
    put_now(office, "district_submissions/231/a.xlsx", old)
    office.take_in()
    assert office.lines[-1].endswith(": no change, the same file as submission 3")


def test_a_copy_older_than_the_correction_is_told_what_to_do(office: Office) -> None:
    old = values(value("SP1", 1_000))
    for name, content in (("a.xlsx", old), ("b.xlsx", values(value("SP1", 2_000))), ("c.xlsx", old)):
        office.put(f"district_submissions/231/{name}", content)
        office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP1", 2_000)]
    assert "the same file as submission 1, which no longer counts; if it should again, save it anew" in office.lines[-1]


def test_a_copy_in_the_same_night_as_the_correction_does_not_undo_it(office: Office) -> None:
    old = values(value("SP1", 1_000))
    office.put("district_submissions/231/a.xlsx", old)
    office.take_in()
    office.put("district_submissions/231/b.xlsx", values(value("SP1", 2_000)))
    office.put("district_submissions/231/lưu/a.xlsx", old)
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP1", 2_000)]
    assert submissions(office.warehouse)[3].outcome is Outcome.DUPLICATE


def test_an_older_file_that_arrives_later_counts_and_its_line_says_so(office: Office) -> None:
    older = office.put("district_submissions/231/a.xlsx", values(value("SP1", 1_000)))
    aside = older.rename(office.settings.root / "a.xlsx")
    office.put("district_submissions/231/b.xlsx", values(value("SP1", 2_000)))
    office.take_in()
    aside.rename(older)
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP1", 1_000)]
    assert "in the place of submission 1, although that was saved later (15/11/2023 05:15)" in office.lines[-1]


def test_a_withdrawn_file_sent_again_counts_again(office: Office) -> None:
    sent = values(value("SP1", 1_000))
    office.put("district_submissions/231/a.xlsx", sent)
    office.take_in()
    withdraw(office.warehouse, 1, "sent by mistake")
    office.put("district_submissions/231/a.xlsx", sent)
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == []
    put_now(office, "district_submissions/231/a.xlsx", sent)
    office.take_in()
    assert office.current("product_values", CURRENT_VALUES) == [("SP1", 1_000)]


def test_a_rejected_file_says_whose_report_it_was_when_its_header_could_be_read(office: Office) -> None:
    office.put("district_submissions/a.xlsx", xlsx(header() | {PRODUCT_VALUES.sheet: [["Mã sản phẩm"], ["SP1"]]}))
    office.put(
        "district_submissions/b.xlsx", xlsx(header(unit="Nơi khác") | sheet(PRODUCT_VALUES, value("SP1", 1_000)))
    )
    office.take_in()
    told = [(s.outcome, s.unit_code, s.period_label) for s in submissions(office.warehouse).values()]
    assert told == [(Outcome.REJECTED, "231", "2023-06"), (Outcome.REJECTED, None, None)]
