"""A sheet is read however people laid it out, or refused with the reason."""

import io
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.district_forms import FORMS, PRODUCT_EVENTS, PRODUCT_VALUES, SALES_POINTS
from ocop_pipeline.sources.district_submissions import read
from ocop_pipeline.sources.document import FileRejectedError, Part, Repair, WrongTotal
from ocop_pipeline.sources.grid import column_letters
from ocop_pipeline.sources.layout import is_heading_of
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline_tests.files import Arrive, Rows, header, xlsx

Merges = tuple[str, ...]
ReadValues = Callable[..., Part]
HEADINGS = ["STT", "Mã sản phẩm", "Sản lượng", "Đơn vị tính", "Doanh thu kỳ"]


def workbook(
    rows: Rows, merges: Merges = (), name: str = "Giá trị", change: Callable[[Worksheet], None] | None = None
) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, content in (header() | {name: rows}).items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(list(row))
    for merge in merges:
        book[name].merge_cells(merge)
    if change:
        change(book[name])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def part(arrive: Arrive, reference: Reference) -> ReadValues:
    def read_values(rows: Rows, merges: Merges = (), **more: Any) -> Part:  # noqa: ANN401 - what `workbook` takes
        return read(arrive("231/a.xlsx", workbook(rows, merges, **more)), reference).parts[0]

    return read_values


def codes(part: Part) -> list[tuple[int, object]]:
    return list(zip(part.rows["source_row"], part.rows["product_code"], strict=True))


def place(wrong: WrongTotal) -> str:
    return f"{column_letters(wrong.column - 1)}{wrong.row}"


def places(part: Part) -> list[str]:
    return [place(wrong) for wrong in part.wrong_totals]


def reason(part: ReadValues, rows: Rows) -> FileRejectedError:
    with pytest.raises(FileRejectedError) as refusal:
        part(rows)
    return refusal.value


def test_title_column_numbers_groups_blanks_totals_and_signatures_are_no_data(part: ReadValues) -> None:
    rows: Rows = [
        ["UBND HUYỆN HẠ HÒA"],
        [],
        ["BÁO CÁO GIÁ TRỊ SẢN PHẨM OCOP"],
        HEADINGS,
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["I", "Thực phẩm", None, None, 30],
        [1, "SP1", 2, "kg", 10],
        [2, "SP2", 3, "kg", 20],
        [None, "Cộng", 5, None, 30],
        ["II", "Đồ uống"],
        [],
        [3, "SP3", 4, "lít", "1.500"],
        [4],
        [None, "Tổng cộng", None, None, 1530],
        [None, None, None, "Hạ Hòa, ngày … tháng … năm 2023"],
        [None, "Người lập biểu", None, "Thủ trưởng đơn vị"],
        [None, "Nguyễn Thị Mận"],
    ]
    read_part = part(rows)
    assert codes(read_part) == [(7, "SP1"), (8, "SP2"), (12, "SP3")]
    assert read_part.columns == {"product_code": 2, "quantity": 3, "quantity_unit": 4, "revenue_vnd": 5}
    assert "Nguyễn Thị Mận" not in str(read_part)


@pytest.mark.parametrize("numbers", [["A", "B", 1, 2, 3], [1, 2, 3, 4, "5=3x4"], ["(1)", "(2)", "(3)", "(4)", "(5)"]])
def test_numbers_of_columns_are_skipped(part: ReadValues, numbers: list[object]) -> None:
    assert codes(part([HEADINGS, numbers, [1, "SP1", 2, "kg", 3]])) == [(3, "SP1")]


def test_a_row_that_only_looks_like_numbers_of_columns_is_data(part: ReadValues) -> None:
    assert codes(part([HEADINGS, [1, 2, 3, 4, 6], [1, "SP1", 2, "kg", 3]])) == [(2, 2), (3, "SP1")]


def test_headings_may_stand_in_two_rows_with_merged_cells(part: ReadValues) -> None:
    rows: Rows = [
        ["BIỂU TỔNG HỢP"],
        ["STT", "Sản phẩm", "Trong kỳ", None, "Doanh thu", None],
        [None, "Mã\nsản phẩm", "Sản lượng ", "ĐVT", "Tổng doanh thu (đồng)", "Doanh thu trực tuyến"],
        [1, "SP1", 2, "kg", 5, 1],
    ]
    read_part = part(rows, ("A2:A3", "C2:D2", "E2:F2"))
    assert codes(read_part) == [(4, "SP1")]
    assert read_part.columns == {
        "product_code": 2,
        "quantity": 3,
        "quantity_unit": 4,
        "revenue_vnd": 5,
        "declared_online_revenue_vnd": 6,
    }


def test_headings_are_known_by_other_words_and_however_typed(part: ReadValues) -> None:
    rows: Rows = [["Mã SP (*)", unicodedata.normalize("NFD", "2. DOANH THU\ntrong kỳ (đồng)"), "ÐVT"], ["SP1", 5, "kg"]]
    assert part(rows).columns == {"product_code": 1, "revenue_vnd": 2, "quantity_unit": 3}


def test_hidden_columns_and_sheets_are_read_like_others(part: ReadValues) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions["B"].hidden = True
        sheet.sheet_state = "hidden"

    assert codes(part([HEADINGS, [1, "SP1", 2, "kg", 3]], change=hide)) == [(2, "SP1")]


NAMES = ["1. GIÁ TRỊ", "Biểu số 3 - giá trị", "IV. Giá trị", "03_Giá trị", "Giá trị sản phẩm", "gia tri", "03_GIA TRI"]


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_may_be_numbered_and_lack_its_accents(part: ReadValues, name: str) -> None:
    read_part = part([HEADINGS, [1, "SP1", 2, "kg", 3]], name=name)
    assert (read_part.form, read_part.sheet) == ("product_values", name)


def test_two_sheets_for_one_form_are_refused(arrive: Arrive, reference: Reference) -> None:
    content = xlsx(header() | {"Giá trị": [HEADINGS], "2. Giá trị": [HEADINGS]})
    with pytest.raises(FileRejectedError, match="sheet_repeated"):
        read(arrive("a.xlsx", content), reference)


@pytest.mark.parametrize(
    "rows",
    [
        [["Kỳ báo cáo:", "tháng 6/2023"], ["Đơn vị báo cáo:", None, "Huyện Hạ Hòa"]],
        [["PHÒNG NÔNG NGHIỆP"], ["", "Kỳ báo cáo: tháng 6 năm 2023"], ["", "Đơn vị báo cáo", ":", "231"]],
        [[None, "KỲ BÁO CÁO (tháng)", None, "2023-06"], [None, "ĐƠN VỊ BÁO CÁO :", None, 231]],
    ],
)
def test_the_header_s_labels_and_values_need_not_be_neighbours(
    arrive: Arrive, reference: Reference, rows: Rows
) -> None:
    content = xlsx({"1. Thông tin": rows, "Giá trị": [HEADINGS]})
    document = read(arrive("a.xlsx", content), reference)
    assert (document.unit_code, document.period.label) == ("231", "2023-06")


@pytest.mark.parametrize(
    ("total", "reasons"),
    [
        ([None, "Tổng cộng", 5, None, 31], ["E4", "Doanh thu kỳ", "31", "30"]),
        (["Tổng số", None, "6", None, 30], ["C4", "Sản lượng", "6", "5"]),
        ([None, "Cộng:", None, None, "1.000"], ["E4", "Doanh thu kỳ", "1.000", "30"]),
    ],
)
def test_a_total_that_disagrees_is_told_with_both_numbers(
    part: ReadValues, total: list[object], reasons: tuple[str, ...]
) -> None:
    (wrong,) = part([HEADINGS, [1, "SP1", 2, "kg", 10], [2, "SP2", 3, "kg", 20], total]).wrong_totals
    assert place(wrong) == reasons[0]
    assert all(f"“{word}”" in wrong.reason_vi or word in wrong.reason_vi for word in reasons[1:])


def test_a_total_may_differ_by_less_than_half_a_dong_and_by_no_more(part: ReadValues) -> None:
    rows: Rows = [HEADINGS, [1, "SP1", 2, "kg", 10.2], [2, "SP2", 3, "kg", 20.2]]
    assert places(part([*rows, [None, "Cộng", 5, None, 30]])) == []
    assert places(part([*rows, [None, "Cộng", 5, None, 31]])) == ["E4"]
    assert places(part([*rows, [None, "Cộng", 5.4, None, 30]])) == ["C4"]


def test_of_a_large_total_that_disagrees_every_digit_is_said(part: ReadValues) -> None:
    read = part([HEADINGS, [1, "SP1", 2, "kg", 21_000_001], [None, "Cộng", None, None, 22_000_000]])
    assert "it says 22,000,000, the rows add up to 21,000,001." in read.wrong_totals[0].reason_en


def test_a_group_s_total_is_held_against_its_group(part: ReadValues) -> None:
    rows: list[list[object]] = [
        [*HEADINGS],
        ["A", "Cả huyện", None, None, 30],
        ["I", "Thực phẩm", None, None, 10],
        [1, "SP1", 2, "kg", 10],
        ["II", "Đồ uống", None, None, 20],
        [2, "SP2", 2, "kg", 20],
    ]
    assert codes(part(rows)) == [(4, "SP1"), (6, "SP2")]
    assert places(part(rows)) == []
    rows[4] = ["II", "Đồ uống", None, None, 30]
    assert places(part(rows)) == ["E5"]


def test_a_cell_that_says_no_number_is_judged_itself_not_by_the_total(part: ReadValues) -> None:
    read = part([HEADINGS, [1, "SP1", 2, "kg", "nhiều"], [2, "SP2", 3, "kg", 20], ["Cộng", None, 5, None, 50]])
    assert (len(read.rows), places(read)) == (2, [])


def test_rows_numbered_with_roman_numerals_are_data(part: ReadValues) -> None:
    assert len(part([HEADINGS, ["I", "SP1", 2, "kg", 10], ["II", "SP2", 3, "kg", 20]]).rows) == 2


def test_a_name_that_begins_like_a_total_or_a_group_is_data(part: ReadValues) -> None:
    rows: Rows = [HEADINGS, [1, "Cộng đồng", 2, "kg", 10], [2, "I", 3, "kg", 20], [3, "Tổng hợp", 1, "kg", 1]]
    assert len(part(rows).rows) == 3


def test_those_who_sign_may_stand_in_the_columns_that_must_be_filled(part: ReadValues) -> None:
    place: Rows = [[None, None, None, None, "Việt Trì, ngày 05 tháng 5 năm 2023"]]
    signers: Rows = [
        [None, "Người lập biểu", None, None, "TRƯỞNG PHÒNG"],
        [None, "(Ký, ghi rõ họ tên)", None, None, "(Đã ký)"],
        [None, "Nguyễn Thị Lan", None, None, "Trần Văn Bình"],
    ]
    rows: Rows = [HEADINGS, [1, "SP1", 2, "kg", 10], *place, *signers]
    assert codes(part(rows)) == [(2, "SP1")]
    assert codes(part([HEADINGS, [1, "SP1", 2, "kg", 10], *signers])) == [(2, "SP1")]


@pytest.mark.parametrize("said", ["=SUM(E2:E2)", "mười đồng"])
def test_a_total_that_says_no_number_is_told_as_not_checked(part: ReadValues, said: str) -> None:
    rows: Rows = [HEADINGS, [1, "SP1", 2, "kg", 10], ["Tổng cộng", None, None, None, said]]
    told = [(repair.rule, repair.source_row, repair.said) for repair in part(rows).repairs]
    assert told == [("total_not_checked", 0, f"Giá trị:3 {said}")]


def test_the_word_for_a_total_in_a_column_of_texts_is_no_sum_that_cannot_be_checked(part: ReadValues) -> None:
    rows: Rows = [HEADINGS, [1, "SP1", 2, "kg", 10], [None, "Tổng cộng", 2, "cả kỳ", 10]]
    assert part(rows).repairs == ()


def test_a_total_of_a_group_that_disagrees_is_told_with_the_sum_of_the_group(part: ReadValues) -> None:
    rows: Rows = [
        HEADINGS,
        ["I", "Thực phẩm", None, None, None],
        [1, "SP1", 2, "kg", 20],
        [None, "Cộng", None, None, 20],
        ["II", "Đồ uống", None, None, None],
        [2, "SP2", 2, "kg", 30],
        [None, "Cộng", None, None, 35],
    ]
    read = part(rows)
    assert places(read) == ["E7"]
    assert "ghi 35 nhưng các dòng cộng lại được 30." in read.wrong_totals[0].reason_vi


def test_all_totals_of_a_sheet_that_disagree_are_told_at_once(part: ReadValues) -> None:
    rows: Rows = [HEADINGS, [1, "SP1", 2, "kg", 10], ["Cộng", None, 3, None, 11], ["Tổng cộng", None, None, None, 12]]
    read = part(rows)
    assert places(read) == ["C3", "E3", "E4"]
    assert [total.said for total in read.wrong_totals] == ["3", "11", "12"]


def test_a_total_above_its_rows_is_held_against_them(part: ReadValues) -> None:
    data: Rows = [[1, "SP1", 2, "kg", 10], [2, "SP2", 3, "kg", 20]]
    assert places(part([HEADINGS, ["TỔNG CỘNG", None, None, None, 30], *data])) == []
    rows: Rows = [HEADINGS, ["TỔNG CỘNG", None, None, None, 31], *data]
    assert places(part(rows)) == ["E2"]


def test_a_dot_before_three_digits_is_ambiguous_in_a_column_that_writes_decimals_with_a_dot(
    part: ReadValues, reference: Reference
) -> None:
    rows: Rows = [HEADINGS, [1, "SP1", 2, "kg", "12.5 triệu"], [2, "SP2", "2.000", "kg", "1.234 triệu"]]
    typed = clean(PRODUCT_VALUES, [part(rows)], reference).rows
    assert typed["revenue_vnd__problem"].fillna("").tolist() == ["", "ambiguous"]
    assert typed["quantity"].tolist() == [2, 2000]
    plain = clean(PRODUCT_VALUES, [part([HEADINGS, [2, "SP2", 2, "kg", "1.234 triệu"]])], reference).rows
    assert plain["revenue_vnd"].tolist() == [1_234_000_000]


def test_data_below_the_signatures_refuse_the_file(part: ReadValues) -> None:
    rows: Rows = [HEADINGS, [1, "SP1", 2, "kg", 10], [None, "Người lập biểu"], [2, "SP2", 2, "kg", 10]]
    assert (reason(part, rows).rule, reason(part, rows).place) == ("rows_after_end", "Giá trị:4")


def test_text_in_a_merged_range_counts_for_each_of_its_rows_and_says_so(arrive: Arrive, reference: Reference) -> None:
    rows: Rows = [
        ["Tên sản phẩm", "Mã chủ thể", "Loại sự kiện", "Điểm"],
        ["Chè", "CT1", "đăng ký", 70],
        ["Miến", None, "đăng ký", None],
        ["Mì", None, "đăng ký", 60],
    ]
    content = workbook(rows, ("B2:B3", "D2:D3"), name="Sản phẩm")
    part = read(arrive("231/a.xlsx", content), reference).parts[0]
    assert part.rows["entity_code"].tolist() == ["CT1", "CT1", None]
    assert part.repairs == (Repair("Sản phẩm", 3, "entity_code", "", "CT1", "merged_range"),)
    assert part.rows["score"].tolist() == ["70 (ô gộp 2 dòng)", "70 (ô gộp 2 dòng)", 60]
    assert clean(PRODUCT_EVENTS, [part], reference).rows["score__problem"].notna().tolist() == [True, True, False]


def test_an_empty_cell_that_is_not_merged_stays_empty(part: ReadValues) -> None:
    assert part([HEADINGS, [1, "SP1", 2, "kg", 10], [2, "SP2", 2, None, 10]]).rows["quantity_unit"].tolist() == [
        "kg",
        None,
    ]


IN_MILLIONS: list[tuple[str, Rows, Merges]] = [
    ("in the heading", [["Mã sản phẩm", "Doanh thu kỳ (triệu đồng)"], ["SP1", 12.5]], ()),
    ("behind a label", [["Mã sản phẩm", "Doanh thu kỳ (ĐVT: tr.đ)"], ["SP1", "12,5"]], ()),
    ("per month", [["Mã sản phẩm", "Doanh thu kỳ (1.000.000 đồng/tháng)"], ["SP1", 12.5]], ()),
    (
        "in the upper of two rows of headings",
        [["Mã sản phẩm", "Doanh thu (triệu đồng)", None], [None, "Doanh thu kỳ", "Ghi chú"], ["SP1", "12,5"]],
        ("A1:A2", "B1:C1"),
    ),
    ("in the lower one", [["Mã sản phẩm", "Doanh thu kỳ"], [None, "(triệu đồng)"], ["SP1", 12.5]], ("A1:A2",)),
    (
        "in a row of units",
        [["Mã sản phẩm", "Sản lượng", "Doanh thu kỳ"], [None, "tấn", "triệu đồng"], ["SP1", 1, 12.5]],
        (),
    ),
    ("above the headings", [["Đơn vị tính: triệu đồng"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12.5]], ()),
    ("in two cells", [[None, "ĐVT:", "Triệu đồng"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", "12,5"]], ()),
    ("with another", [["(Đơn vị tính: tấn, triệu đồng)"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12.5]], ()),
    (
        "in brackets above",
        [["Giá trị tháng 6 (Số liệu: triệu đồng)"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12.5]],
        (),
    ),
    ("in English", [["Unit: million VND"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12.5]], ()),
    (
        "behind a title",
        [["BÁO CÁO THÁNG 6/2023 (ĐVT: triệu đồng)"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12.5]],
        (),
    ),
    ("as a currency", [["Đơn vị tiền tệ:", "triệu đồng"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12.5]], ()),
    ("as counted in", [["Số liệu tính theo triệu đồng"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12.5]], ()),
    ("below the table", [["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12.5], [], ["Đơn vị tính: triệu đồng"]], ()),
]


@pytest.mark.parametrize(("rows", "merges"), [case[1:] for case in IN_MILLIONS], ids=[case[0] for case in IN_MILLIONS])
def test_a_unit_of_money_that_is_stated_for_the_column_holds_for_its_cells(
    part: ReadValues, reference: Reference, rows: Rows, merges: Merges
) -> None:
    read_part = part(rows, merges)
    cleaned = clean(PRODUCT_VALUES, [read_part], reference)
    assert cleaned.rows["revenue_vnd"].tolist() == [12_500_000]
    (repair,) = cleaned.repairs[0]
    assert (repair.said, repair.read, repair.rule) == ("12,5 triệu đồng", "12500000", "unit_conversion")


def test_a_unit_of_money_on_the_cover_holds_for_the_form(arrive: Arrive, reference: Reference) -> None:
    content = xlsx(
        header(**{"Đơn vị tính": "nghìn đồng"}) | {"Giá trị": [["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 12_345.678]]}
    )
    cleaned = clean(PRODUCT_VALUES, [read(arrive("231/a.xlsx", content), reference).parts[0]], reference)
    assert cleaned.rows["revenue_vnd"].tolist() == [12_345_678]


def test_what_stands_nearer_to_the_number_says_its_unit(part: ReadValues, reference: Reference) -> None:
    rows: Rows = [
        ["Đơn vị tính: triệu đồng"],
        ["Mã sản phẩm", "Giá bán bình quân (đồng/kg)", "Doanh thu kỳ"],
        ["SP1", 35_000, "4,35 tỷ"],
        ["SP2", 40_000, 2.125],
        ["Tổng cộng", None, "4.352,125"],
    ]
    cleaned = clean(PRODUCT_VALUES, [part(rows)], reference).rows
    assert cleaned["mean_price_vnd"].tolist() == [35_000, 40_000]
    assert cleaned["revenue_vnd"].tolist() == [4_350_000_000, 2_125_000]


@pytest.mark.parametrize(
    "rows",
    [
        [["Mã sản phẩm", "Doanh thu kỳ (ĐVT: USD)"], ["SP1", 5]],
        [["Mã sản phẩm", "Doanh thu kỳ (USD)"], ["SP1", 5]],
        [["Mã sản phẩm", "Doanh thu kỳ (trăm nghìn)"], ["SP1", 5]],
        [["Mã sản phẩm", "Doanh thu kỳ"], [None, "USD"], ["SP1", 5000]],
        [["Đồng tiền: USD"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 5000]],
        [["Giá trị sản phẩm (USD)"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 5]],
        [["Đơn vị tính: nghìn USD"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 5]],
        [["ĐVT: triệu đồng"], ["ĐVT: nghìn đồng"], ["Mã sản phẩm", "Doanh thu kỳ"], ["SP1", 5]],
    ],
)
def test_a_unit_of_money_that_is_not_clear_refuses_the_file(part: ReadValues, rows: Rows) -> None:
    assert reason(part, rows).rule == "column_unit"


@pytest.mark.parametrize(
    "above", ["Đơn vị: UBND xã Đồng Trung", "Đơn vị tính: đồng", "Đơn vị tính sản lượng: kg", "Đơn vị báo cáo: Hạ Hoà"]
)
def test_a_line_that_states_no_other_unit_of_money_changes_nothing(
    part: ReadValues, reference: Reference, above: str
) -> None:
    cleaned = clean(PRODUCT_VALUES, [part([[above], ["Mã sản phẩm", "Doanh thu kỳ (đồng)"], ["SP1", 5000]])], reference)
    assert cleaned.rows["revenue_vnd"].tolist() == [5000]
    assert not cleaned.repairs


def test_headings_repeated_on_a_new_page_are_no_data(part: ReadValues) -> None:
    assert codes(part([HEADINGS, [1, "SP1", 2, "kg", 3], HEADINGS, [2, "SP2", 2, "kg", 3]])) == [(2, "SP1"), (4, "SP2")]


def test_a_column_that_is_missing_or_repeated_is_named(part: ReadValues) -> None:
    assert reason(part, [["STT", "Mã sản phẩm"], [1, "SP1"]]).rule == "column_missing"
    repeated = reason(part, [["Mã sản phẩm", "Doanh thu kỳ", "Doanh thu kỳ"], ["SP1", 1, 2]])
    assert (repeated.rule, "(B và C)" in repeated.reason_vi) == ("column_repeated", True)
    assert reason(part, [["Mã sản phẩm", "Doanh thu", "Tổng doanh thu"], ["SP1", 1, 2]]).rule == "column_repeated"
    assert len(part([["Mã sản phẩm", "Doanh thu kỳ", "Ghi chú", "Ghi chú"], ["SP1", 1, "a", "b"]]).rows) == 1


def test_no_two_columns_of_a_form_are_known_by_one_word() -> None:
    for form in FORMS:
        for column in form.columns:
            others = [other for other in form.columns if other is not column]
            for word in column.aliases:
                assert is_heading_of(form, word)
                assert word not in [
                    heading.casefold() for other in others for heading in (other.heading, *other.aliases)
                ]


def test_sheets_may_come_in_any_order(arrive: Arrive, reference: Reference) -> None:
    points: Rows = [["Mã điểm", "Tên điểm bán", "Ngày khai trương"], ["D1", "Điểm 1", "01/06/2023"]]
    content = xlsx({"Điểm bán hàng": points, "Ghi chú": [["x"]], "Giá trị": [HEADINGS]} | header())
    document = read(arrive("231/a.xlsx", content), reference)
    assert {part.form for part in document.parts} == {PRODUCT_VALUES.name, SALES_POINTS.name}


@pytest.mark.parametrize("name", ["Giá trị (2)", "Sheet1", "Tháng 6 mới"])
def test_a_sheet_of_another_name_under_a_form_s_headings_is_not_lost_in_silence(
    arrive: Arrive, reference: Reference, name: str
) -> None:
    forms: dict[str, Rows] = {
        "Giá trị": [HEADINGS, [1, "SP1", 2, "kg", 5000]],
        name: [HEADINGS, [1, "SP2", 2, "kg", 5000]],
    }
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("231/a.xlsx", xlsx(header() | forms)), reference)
    assert (refusal.value.place, refusal.value.rule) == (name, "sheet_unknown")
    without_rows: dict[str, Rows] = forms | {name: [HEADINGS]}
    assert len(read(arrive("231/b.xlsx", xlsx(header() | without_rows)), reference).parts) == 1


def test_a_sheet_that_is_no_form_and_a_name_of_another_period_are_told(arrive: Arrive, reference: Reference) -> None:
    forms: dict[str, Rows] = {"Giá trị": [HEADINGS, [1, "SP1", 2, "kg", 5000]], "Danh sách": [["TT"], [1]]}
    document = read(arrive("231/bao-cao-2023-07.xlsx", xlsx(header() | forms)), reference)
    told = [(repair.rule, repair.said, repair.read) for repair in document.parts[0].repairs]
    assert told == [("sheet_not_read", "Danh sách", ""), ("period_not_as_named", "2023-07", "2023-06")]


def test_words_behind_a_total_make_no_product_of_it(part: ReadValues) -> None:
    rows: Rows = [HEADINGS, [1, "SP1", 2, "kg", 5000], [None, "Tổng cộng của huyện - ĐT 0912345678", None, None, 5000]]
    assert codes(part(rows)) == [(2, "SP1")]
