"""How the reports that are due are worded, from rows made here."""

from dataclasses import replace
from datetime import UTC, date, datetime

from ocop_pipeline.reports.reporting import (
    UnitReport,
    as_answer,
    behind,
    grid,
    newest_due,
    rates,
    reporting_sheets,
)
from ocop_pipeline.vietnamese.periods import Period, parse_period

MAY, JUNE, JULY = (parse_period(f"2023-0{month}") for month in (5, 6, 7))
SENT = datetime(2023, 7, 10, 16, 59, tzinfo=UTC)
ON_TIME = UnitReport(
    source="district_submissions",
    period=JUNE,
    due_date=date(2023, 7, 10),
    unit_code="231",
    unit_name="Huyện Hạ Hoà",
    status="on_time",
    is_restated=False,
    expected=7,
    received=7,
    on_time=7,
    accepted_at=SENT,
    submission_id=12,
    rows_rejected=0,
    forms_missing=(),
)
FORMS = ("Chủ thể", "Giá trị")
NOTHING = replace(
    ON_TIME, unit_code="232", unit_name="Huyện Thanh Ba", status="missing", received=0, on_time=0, accepted_at=None,
    submission_id=None, forms_missing=FORMS,
)  # fmt: skip
LATE = replace(ON_TIME, unit_code="233", unit_name="Huyện Phù Ninh", status="late", on_time=0)
PARTLY = replace(
    ON_TIME, unit_code="234", unit_name="Huyện Yên Lập", status="rejected", received=5, forms_missing=FORMS
)


def owed(report: UnitReport, period: Period, **changes: object) -> UnitReport:
    return replace(report, period=period, **changes)  # type: ignore[arg-type]


def test_the_worst_units_come_first_and_the_title_gives_both_rates() -> None:
    (sheet,) = reporting_sheets([ON_TIME, LATE, NOTHING, PARTLY], {})
    assert [row[1] for row in sheet.rows] == ["bị trả lại", "thiếu", "muộn", "đúng hạn"]
    assert sheet.title == (
        "Báo cáo của địa phương, kỳ 2023-06, hạn 10/07/2023: nhận 19/28 (67 %), đúng hạn 14/28 (50 %)"
    )


def test_a_unit_that_sent_some_forms_is_told_which_are_missing_and_one_that_sent_none_is_not() -> None:
    (sheet,) = reporting_sheets([NOTHING, PARTLY], {})
    assert [(row[3], row[5]) for row in sheet.rows] == [("5 / 7", "thiếu biểu: Chủ thể, Giá trị"), ("0 / 2", "")]


def test_arrival_is_told_in_vietnamese_time() -> None:
    (sheet,) = reporting_sheets([replace(ON_TIME, is_restated=True)], {})
    assert list(sheet.rows[0])[1:3] == ["đúng hạn; đã báo cáo lại", "10/07/2023 23:59"]


def test_silence_since_the_period_shown_is_said_and_none_where_it_is_the_newest_due() -> None:
    (silent,) = reporting_sheets([ON_TIME], {ON_TIME.source: JULY})
    (newest,) = reporting_sheets([ON_TIME], {ON_TIME.source: JUNE})
    assert silent.title.endswith("chưa đơn vị nào gửi; kỳ gần nhất đã đến hạn: 2023-07")
    assert "chưa đơn vị nào" not in newest.title


def test_the_grid_ends_with_the_newest_period_that_anybody_reported_on() -> None:
    reports = [owed(ON_TIME, MAY, is_restated=True), ON_TIME, NOTHING, LATE, PARTLY, owed(NOTHING, JULY)]
    columns, rows = grid(reports)
    assert columns == ("Đơn vị", "2023-05", "2023-06")
    assert rows == [
        ("231 Huyện Hạ Hoà", "✓*", "✓"),
        ("232 Huyện Thanh Ba", "", "–"),
        ("233 Huyện Phù Ninh", "", "✓ muộn"),
        ("234 Huyện Yên Lập", "", "✗"),
    ]


def test_the_newest_period_due_leaves_out_what_is_not_due_yet() -> None:
    reports = [ON_TIME, NOTHING, owed(ON_TIME, MAY), owed(NOTHING, JULY, status="not_yet_due", expected=0)]
    assert newest_due(reports) == [ON_TIME, NOTHING]
    assert newest_due([]) == []
    assert rates(reports[-1:]) == "chưa báo cáo nào đến hạn"


def test_units_behind_are_named_and_nobody_is_where_all_reported_in_time() -> None:
    assert behind([ON_TIME, LATE, NOTHING]) == "thiếu: Huyện Thanh Ba; muộn: Huyện Phù Ninh"
    assert behind([ON_TIME]) is None
    assert str(behind([NOTHING] * 12)).endswith("(+2)")


def test_as_data_a_report_has_its_period_by_label() -> None:
    answer = as_answer([PARTLY])
    row = dict(zip(answer.columns, answer.rows[0], strict=True))
    assert (row["period"], row["status"], row["forms_missing"]) == ("2023-06", "rejected", "Chủ thể, Giá trị")
