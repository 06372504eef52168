"""A labour report that was not clean goes back as a workbook of its form alone; a list of people never does."""

from datetime import datetime

from openpyxl import Workbook, load_workbook

from ocop_pipeline.reports.answers import Answers, write_answers
from ocop_pipeline.sources import district_submissions
from ocop_pipeline.sources.district_forms import SALES_POINTS
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS, SOURCE
from ocop_pipeline_tests.files import Rows, csv_text, header, rows_of, saved, sheet, xlsx
from ocop_pipeline_tests.offices import Office

SHEET = LABOUR_REPORTS.sheet
GOOD: dict[str, object] = {
    "report_period": "2023-Q2",
    "commune_code": "Hiền Lương",
    "entity_code": 2600000001,
    "entity_name": "- Tổ hợp tác Một",
    "total_workers": 12,
    "regular_workers": 10,
    "mean_income_vnd": 6200.5,
    "confirmed_date": datetime(2023, 7, 9),  # noqa: DTZ001 - a spreadsheet's date
}
SLIP = GOOD | {"entity_code": "2600000002", "entity_name": "HTX Hai", "mean_income_vnd": 6_200_000}
PERSON, CITIZEN_ID = "Chim Hoàng Yến", "025190001234"
RED = "FFFF9999"


def answer_to(office: Office, path: str, content: bytes | str) -> Answers:
    office.put(f"labour_statistics/{path}", content)
    office.take_in("labour_statistics")
    return write_answers(SOURCE, office.settings, office.warehouse)


def opened(office: Office, path: str) -> Workbook:
    return load_workbook(office.settings.outbox / path)


def red_cells(workbook: Workbook) -> dict[str, str]:
    cells = [cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row]
    return {f"{c.coordinate}": c.comment.text for c in cells if c.fill.fgColor.rgb == RED and c.comment}


def text_of(workbook: Workbook) -> str:
    return str([row for sheet in workbook.worksheets for row in sheet.iter_rows(values_only=True)])


def test_corrected_in_the_answer_and_sent_back_the_report_is_accepted_as_a_whole(office: Office) -> None:
    people = {"Danh sách": [["Họ và tên", "Số CCCD"], [PERSON, CITIZEN_ID]]}
    rows = [["BÁO CÁO LAO ĐỘNG"], *map(list, rows_of(LABOUR_REPORTS, GOOD, SLIP))]
    told = [[*row, more] for row, more in zip(rows, ["", "Người lập", PERSON, CITIZEN_ID], strict=True)]
    answers = answer_to(office, "231/báo cáo.xlsx", xlsx(header("2023-Q2") | {SHEET: told} | people))
    (path,) = answers.lying.values()
    assert path == "231/2023-Q2/tra-lai-1-báo cáo.xlsx"
    workbook = opened(office, path)
    assert workbook.sheetnames == ["Kết quả kiểm tra", "Thông tin", SHEET]
    assert PERSON not in text_of(workbook)
    assert CITIZEN_ID not in text_of(workbook)
    ((place, reason),) = red_cells(workbook).items()
    assert (place, "Có phải 6.200 nghìn đồng?" in reason) == ("M4", True)
    assert [cell.value for cell in workbook[SHEET][3]][:5] == [
        "2023-Q2",
        "Hiền Lương",
        None,
        "2600000001",
        "- Tổ hợp tác Một",
    ]

    workbook[SHEET]["M4"] = 6200
    after = answer_to(office, "231/tra-lai-1-báo cáo.xlsx", saved(workbook))
    assert (after.lying, after.removed) == ({}, [path])
    assert office.current("labour_reports", "entity_name, entity_code, mean_income_vnd::int, confirmed_date::text") == [
        ("- Tổ hợp tác Một", "2600000001", 6_200_500, "2023-07-09"),
        ("HTX Hai", "2600000002", 6_200_000, "2023-07-09"),
    ]


def test_a_report_of_one_entity_is_answered_until_that_entity_has_sent_it_again(office: Office) -> None:
    def csv_of(row: dict[str, object]) -> str:
        return csv_text(rows_of(LABOUR_REPORTS, row | {"confirmed_date": None}))

    answer_to(office, "231/một.csv", csv_of(GOOD | {"total_workers": 3}))
    answers = answer_to(office, "231/hai.csv", csv_of(SLIP))
    assert answers.lying == {1: "231/2023-Q2/tra-lai-1-một.xlsx", 2: "231/2023-Q2/tra-lai-2-hai.xlsx"}
    assert list(red_cells(opened(office, answers.lying[2]))) == ["M2"]
    answers = answer_to(office, "231/hai.csv", csv_of(SLIP | {"mean_income_vnd": 6200}))
    assert list(answers.lying) == [1]
    workbook = opened(office, answers.lying[1])
    workbook[SHEET]["G2"] = 30
    assert answer_to(office, "231/tra-lai-1-một.xlsx", saved(workbook)).lying == {}


def test_what_is_refused_as_a_whole_is_answered_with_its_reason_alone(office: Office) -> None:
    people: Rows = [["Họ và tên", "Số CCCD", "Mức lương"], [PERSON, CITIZEN_ID, 6_123_457]]
    answer_to(office, "231/ds 2023-Q2.xlsx", xlsx({"DS": people}))
    answers = answer_to(office, "231/b.xlsx", xlsx({SHEET: [["Kỳ báo cáo", "Ghi chú"], ["2023-Q2", PERSON]]}))
    assert len(answers.lying) == 2
    for path in answers.lying.values():
        workbook = opened(office, path)
        assert workbook.sheetnames == ["Kết quả kiểm tra"]
        assert not any(canary in text_of(workbook) for canary in (PERSON, CITIZEN_ID, "6123457"))


def test_a_table_of_the_statistics_office_is_answered_as_of_nobody_s(office: Office) -> None:
    table = '"Income by Cities, provinces and Year"\r\n\r\n"Cities, provinces";"2010"\r\n"Ha Noi";"nhiều"\r\n'
    (path,) = answer_to(office, "thu nhap.csv", table).lying.values()
    assert path.startswith("_khong-ro/")
    assert opened(office, path).sheetnames == ["Kết quả kiểm tra"]


def test_the_answers_of_one_source_leave_those_of_another(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", xlsx(header() | sheet(SALES_POINTS, {"sales_point_code": "D1"})))
    office.take_in()
    lying = write_answers(district_submissions.SOURCE, office.settings, office.warehouse).lying
    answers = answer_to(office, "231/b.csv", csv_text(rows_of(LABOUR_REPORTS, SLIP | {"confirmed_date": None})))
    assert (list(lying), list(answers.lying), answers.removed) == ([1], [2], [])
    assert write_answers(district_submissions.SOURCE, office.settings, office.warehouse).lying == lying
