"""What was not clean goes back to its sender: what is wrong stands in red where it is, and a list in front."""

from datetime import datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook

from ocop_pipeline.reports.answers import Answers, write_answers
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_VALUES, SALES_POINTS
from ocop_pipeline.sources.district_submissions import SOURCE
from ocop_pipeline.warehouse.receipts import Outcome
from ocop_pipeline_tests.files import csv_text, header, reader_killer, rows_of, saved, sheet, xlsx
from ocop_pipeline_tests.offices import Office

DAY = datetime(2023, 6, 9)  # noqa: DTZ001 - a spreadsheet's date
POINT: dict[str, object] = {"sales_point_code": "D1", "sales_point_name": "Điểm 1", "opened_date": DAY}
ENTITY: dict[str, object] = {"entity_name": "HTX Chè", "entity_type": "Hợp tác xã", "commune_code": "Hiền Lương"}
RED = "FFFF9999"


def answer_to(office: Office, path: str, content: bytes | str) -> Answers:
    """Take in one file and answer it."""
    office.put(f"district_submissions/{path}", content)
    office.take_in()
    return write_answers(SOURCE, office.settings, office.warehouse)


def opened(office: Office, answers: Answers) -> Workbook:
    (path,) = answers.lying.values()
    return load_workbook(office.settings.outbox / path)


def red_cells(workbook: Workbook) -> dict[str, str]:
    """The reasons by place; a red cell without a comment has none."""
    return {
        f"{worksheet.title}!{cell.coordinate}": cell.comment.text if cell.comment else ""
        for worksheet in workbook.worksheets
        for row in worksheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == RED
    }


def listed(workbook: Workbook) -> list[tuple[object, ...]]:
    """The findings of the first sheet: sheet, row, heading, address, what it says."""
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if row[0] == "STT")
    return [row[1:6] for row in rows[start + 1 :]]


def test_corrected_in_the_answer_and_sent_back_as_it_is_it_is_accepted(office: Office) -> None:
    bad = POINT | {"sales_point_code": "D2", "opened_date": "hôm qua", "commune_code": "Xã Lạ"}
    answers = answer_to(
        office, "231/báo cáo.xlsx", xlsx(header() | sheet(ENTITIES, ENTITY) | sheet(SALES_POINTS, POINT, bad))
    )
    assert list(answers.lying.values()) == ["231/2023-06/tra-lai-1-báo cáo.xlsx"]
    workbook = opened(office, answers)
    assert workbook.sheetnames == ["Kết quả kiểm tra", "Thông tin", "Chủ thể", "Điểm bán"]
    assert red_cells(workbook) == {
        "Điểm bán!D3": "“Xã”: không có xã “Xã Lạ” trong đơn vị báo cáo vào kỳ này.",
        "Điểm bán!F3": "“Ngày hoạt động”: “hôm qua” không phải là ngày (dùng ngày/tháng/năm).",
    }
    assert listed(workbook) == [
        ("Điểm bán", 3, "Xã", "D3", "Xã Lạ"),
        ("Điểm bán", 3, "Ngày hoạt động", "F3", "hôm qua"),
    ]
    links = [cell.hyperlink.location for row in workbook.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'Điểm bán'!D3", "'Điểm bán'!F3"]

    workbook["Điểm bán"]["D3"] = "Hiền Lương"
    again = answer_to(office, "231/tra-lai-1-báo cáo.xlsx", saved(workbook))
    assert list(again.lying.values()) == ["231/2023-06/tra-lai-2-báo cáo.xlsx"]
    workbook = opened(office, again)
    assert workbook.sheetnames.count("Kết quả kiểm tra") == 1
    assert list(red_cells(workbook)) == ["Điểm bán!F3"]

    workbook["Điểm bán"]["F3"] = DAY
    after = answer_to(office, "231/tra-lai-2-báo cáo.xlsx", saved(workbook))
    assert office.select("select outcome from ingest.submission order by submission_id")[2] == Outcome.ACCEPTED
    assert office.current("sales_points", "sales_point_code, commune_code") == [("D1", None), ("D2", "08080")]
    assert (after.lying, after.removed) == ({}, ["231/2023-06/tra-lai-2-báo cáo.xlsx"])


def test_findings_that_read_like_the_headings_of_a_form_are_not_taken_for_one(office: Office) -> None:
    bad = ENTITY | {"entity_name": "HTX Mới", "entity_type": "Tập đoàn"}
    workbook = opened(office, answer_to(office, "231/a.xlsx", xlsx(header() | sheet(ENTITIES, ENTITY, bad))))
    assert listed(workbook) == [("Chủ thể", 3, "Loại hình", "C3", "Tập đoàn")]
    workbook["Chủ thể"]["C3"] = "Hợp tác xã"
    assert answer_to(office, "231/b.xlsx", saved(workbook)).lying == {}
    assert office.current("entities", "entity_name") == ["HTX Chè", "HTX Mới"]


def test_a_cell_with_more_digits_than_a_number_has_stops_nothing(office: Office) -> None:
    value = {"product_code": "A", "revenue_vnd": "1" + ".111" * 10}
    answers = answer_to(
        office, "231/a.xlsx", xlsx(header() | sheet(PRODUCT_VALUES, value) | sheet(SALES_POINTS, POINT))
    )
    assert list(red_cells(opened(office, answers))) == ["Giá trị!E2"]
    assert office.current("sales_points", "sales_point_code") == ["D1"]


def test_a_file_rejected_as_a_whole_comes_back_with_its_place_and_is_accepted_once_corrected(office: Office) -> None:
    answers = answer_to(office, "231/a.xlsx", xlsx(header(period="tháng mười ba") | sheet(SALES_POINTS, POINT)))
    workbook = opened(office, answers)
    ((place, reason),) = red_cells(workbook).items()
    assert place == "Thông tin!B1"
    assert "không đọc được" in reason
    workbook["Thông tin"]["B1"] = "2023-06"
    (path,) = answers.lying.values()
    assert answer_to(office, f"231/{Path(path).name}", saved(workbook)).lying == {}
    assert office.current("sales_points", "sales_point_code") == ["D1"]


def test_a_sum_that_disagrees_is_the_cell_that_comes_back_marked(office: Office) -> None:
    rows = {"product_code": "A", "revenue_vnd": 1000}, {"product_code": "Cộng", "revenue_vnd": 2000}
    table = rows_of(PRODUCT_VALUES, *rows)
    workbook = opened(office, answer_to(office, "231/a.xlsx", xlsx(header() | {"Giá trị": table})))
    ((place, reason),) = red_cells(workbook).items()
    assert (place, "1.000" in reason) == ("Giá trị!E3", True)
    assert listed(workbook)[0][3] == "E3"


def test_sums_of_all_sheets_that_disagree_and_all_wrong_cells_come_back_at_once(office: Office) -> None:
    values = rows_of(
        PRODUCT_VALUES,
        {"product_code": "A", "revenue_vnd": 1000, "quantity": 3},
        {"product_code": "B", "revenue_vnd": "nhiều", "quantity": 1},
        {"product_code": "Cộng", "revenue_vnd": 2000, "quantity": 5},
    )
    members = rows_of(ENTITIES, ENTITY | {"regular_workers": 7}, {"entity_name": "Tổng cộng", "regular_workers": 9})
    points = sheet(SALES_POINTS, POINT | {"opened_date": "hôm qua"})
    answers = answer_to(office, "231/a.xlsx", xlsx(header() | {"Chủ thể": members, "Giá trị": values} | points))
    workbook = opened(office, answers)
    assert [(row[0], *row[2:]) for row in listed(workbook)] == [
        ("Chủ thể", "Lao động thường xuyên", "G3", "9"),
        ("Giá trị", "Doanh thu kỳ", "E3", "nhiều"),
        ("Giá trị", "Sản lượng", "B4", "5"),
        ("Điểm bán", "Ngày hoạt động", "F2", "hôm qua"),
    ]
    assert len(red_cells(workbook)) == 4
    (reason,) = office.select("select reason_vi from ingest.submission")
    assert reason.endswith("Ngoài ra có 2 dòng sai.")
    assert [office.current(form, "load_id") for form in ("entities", "sales_points", "product_values")] == [[]] * 3

    workbook["Chủ thể"]["G3"] = 7
    workbook["Giá trị"]["E3"] = 1000
    workbook["Giá trị"]["B4"] = 4
    workbook["Điểm bán"]["F2"] = DAY
    (path,) = answers.lying.values()
    assert answer_to(office, f"231/{Path(path).name}", saved(workbook)).lying == {}
    assert office.current("product_values", "product_code, revenue_vnd") == [("A", 1000), ("B", 1000)]


def test_a_file_with_a_wrong_sum_that_is_sent_twice_is_answered_once(office: Office) -> None:
    rows = {"product_code": "A", "revenue_vnd": 1000}, {"product_code": "Cộng", "revenue_vnd": 2000}
    content = xlsx(header() | {"Giá trị": rows_of(PRODUCT_VALUES, *rows)})
    answer_to(office, "231/a.xlsx", content)
    assert list(answer_to(office, "231/b.xlsx", content).lying) == [2]


def test_a_csv_file_comes_back_as_a_workbook_that_can_be_sent(office: Office) -> None:
    rows = rows_of(
        PRODUCT_VALUES, {"product_code": "A", "revenue_vnd": "1.000"}, {"product_code": "B", "revenue_vnd": "?"}
    )
    answers = answer_to(office, "231/product_values_2023-06.csv", csv_text(rows))
    workbook = opened(office, answers)
    assert list(red_cells(workbook)) == ["Giá trị!E3"]
    workbook["Giá trị"]["E3"] = 5_000
    assert answer_to(office, "231/x.xlsx", saved(workbook)).lying == {}
    assert answer_to(office, "231/x.xlsx", xlsx(header("2023-07") | sheet(SALES_POINTS, POINT))) == Answers()
    assert office.current("product_values", "product_code, revenue_vnd") == [("A", 1000), ("B", 5000)]


def test_what_cannot_be_opened_or_placed_is_answered_with_a_list_in_a_folder_of_its_own(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", reader_killer())
    answers = answer_to(office, "a.xlsx", xlsx(sheet(SALES_POINTS, POINT)))
    first, second = (load_workbook(office.settings.outbox / path) for path in answers.lying.values())
    assert [path.partition("/")[0] for path in answers.lying.values()] == ["231", "_khong-ro"]
    assert first.sheetnames == ["Kết quả kiểm tra"]
    assert len(listed(first)) == 1
    assert second.sheetnames == ["Kết quả kiểm tra", "Điểm bán"]
