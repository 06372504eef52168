"""The copy that goes back to a sender names nobody and holds no formula, whatever was sent."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from ocop_pipeline.reports.answer_workbook import Finding, Returned, Sent, answer_workbook
from ocop_pipeline.sources.district_forms import SALES_POINTS
from ocop_pipeline.sources.district_submissions import SOURCE
from ocop_pipeline_tests.files import Rows, header, sheet, xlsx

POINT: dict[str, object] = {"sales_point_code": "D1", "sales_point_name": "Điểm 1", "opened_date": "?"}
WRONG = Finding("Điểm bán", 2, (6,), "Ngày hoạt động", "?", "=không phải là ngày")


def answered(folder: Path, content: bytes, suffix: str = ".xlsx", *findings: Finding) -> Workbook:
    """The answer to a file of that content."""
    path = folder / ("sent" + suffix)
    path.write_bytes(content)
    sent = Sent(path, suffix, "Giá trị", (("Kỳ báo cáo", "2023-06"), ("Đơn vị báo cáo", "231")))
    returned = Returned((("Tệp", "=cmd.xlsx"),), False, findings or (WRONG,))  # noqa: FBT003
    return load_workbook(io.BytesIO(answer_workbook(returned, sent, SOURCE)))


def test_personal_columns_and_citizen_ids_are_empty_and_amounts_stay(tmp_path: Path) -> None:
    rows: dict[str, Rows] = {
        **header(**{"Người lập": "Nguyễn Văn A"}),
        "Giá trị": [
            ["Mã sản phẩm", "Doanh thu kỳ", "Số điện thoại", "Ghi chú"],
            ["25-231-08053-01-2021", 123456789012, "0912345678", "CCCD 001.099.012.345"],
            [1099012345, 5, None, "thường"],
            ["001099012345", 5, None, 11099012345],
        ],
    }
    workbook = answered(tmp_path, xlsx(rows))
    assert [cell.value for cell in workbook["Thông tin"]["B"]] == ["2023-06", "231", None]
    assert [[cell.value for cell in row] for row in workbook["Giá trị"].iter_rows(min_row=2)] == [
        ["25-231-08053-01-2021", 123456789012, None, None],
        [1099012345, 5, None, "thường"],
        [None, 5, None, None],
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Người lập: Nguyễn Thị Lan", None),
        ("liên hệ 091 234 5678", None),
        ("+84 912-345-678", None),
        ("Người lập:", "Người lập:"),
        ("Công văn số 0123456789/UBND", "Công văn số 0123456789/UBND"),
    ],
)
def test_who_sent_it_and_phone_numbers_are_emptied_wherever_they_stand(
    tmp_path: Path, text: str, kept: str | None
) -> None:
    rows: dict[str, Rows] = {**header(), "Giá trị": [["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", "x"], [None, None, text]]}
    assert answered(tmp_path, xlsx(rows))["Giá trị"]["C3"].value == kept


def test_the_copy_keeps_how_it_looks_and_no_text_is_a_formula(tmp_path: Path) -> None:
    sent = load_workbook(io.BytesIO(xlsx(header() | sheet(SALES_POINTS, POINT))))
    points = sent["Điểm bán"]
    points["A1"].font = Font(bold=True)
    points["B2"] = "=1+1"
    points["C2"].value = "=HYPERLINK(1)"
    points["C2"].data_type = "s"
    content = io.BytesIO()
    sent.save(content)
    workbook = answered(tmp_path, content.getvalue())
    copied = workbook["Điểm bán"]
    assert copied["A1"].font.bold
    assert (copied["B2"].value, copied["C2"].value) == (None, "=HYPERLINK(1)")
    assert copied["F2"].comment is not None
    cells = [cell for worksheet in workbook.worksheets for row in worksheet.iter_rows() for cell in row]
    assert "=không phải là ngày" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells if not str(cell.value).startswith("=")}
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_a_marked_cell_can_be_written_to_though_its_sheet_is_protected(tmp_path: Path) -> None:
    sent = load_workbook(io.BytesIO(xlsx(header() | sheet(SALES_POINTS, POINT))))
    sent["Điểm bán"].protection.sheet = True
    content = io.BytesIO()
    sent.save(content)
    copied = answered(tmp_path, content.getvalue())["Điểm bán"]
    assert (copied.protection.sheet, copied["F2"].protection.locked, copied["A1"].protection.locked) == (
        True,
        False,
        True,
    )


def test_csv_of_any_delimiter_comes_back_with_the_same_cells(tmp_path: Path) -> None:
    workbook = answered(tmp_path, "\ufeffMã sản phẩm;Doanh thu kỳ\r\n=A1;0012\r\n\x02;-1\r\n".encode(), ".csv")
    assert workbook.sheetnames == ["Kết quả kiểm tra", "Thông tin", "Giá trị"]
    assert [[cell.value for cell in row] for row in workbook["Giá trị"].iter_rows()] == [
        ["Mã sản phẩm", "Doanh thu kỳ"],
        ["=A1", "0012"],
        ["\ufffd", "-1"],
    ]


def test_csv_below_a_title_full_of_commas_is_marked_in_the_cells_that_were_read(tmp_path: Path) -> None:
    wrong = Finding("Giá trị", 3, (2,), "Doanh thu kỳ", "abc", "không phải là số")
    content = "Báo cáo tháng 6, năm 2023, xã A, xã B\r\nMã sản phẩm;Doanh thu kỳ\r\nA1;abc\r\n".encode()
    cell = answered(tmp_path, content, ".csv", wrong)["Giá trị"]["B3"]
    assert (cell.value, cell.comment is not None) == ("abc", True)


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".csv", b"M\xe3,S\xf6\r\n"),
        (".xlsx", b"PK no workbook"),
        (".xlsx", b"\xd0\xcf\x11\xe0" + bytes(4096)),
        (".xls", b"x"),
        (".docx", b"x"),
    ],
)
def test_what_is_no_workbook_is_answered_with_the_list_alone(tmp_path: Path, suffix: str, content: bytes) -> None:
    assert answered(tmp_path, content, suffix).sheetnames == ["Kết quả kiểm tra"]


def test_a_place_in_a_sheet_that_is_not_there_is_only_told(tmp_path: Path) -> None:
    lost = Finding("Không có", 3, (1,), "Mã", "", "lý do")
    assert answered(tmp_path, xlsx(header()), ".xlsx", lost).sheetnames == ["Kết quả kiểm tra", "Thông tin"]
