"""A district's file says which unit and period it speaks for, and brings each form it holds."""

import unicodedata
from datetime import date

import pytest

from ocop_pipeline.sources.district_forms import PRODUCT_VALUES, SALES_POINTS
from ocop_pipeline.sources.district_submissions import read
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline_tests.files import Arrive, Rows, csv_text, header, rows_of, sheet, xlsx

JUNE = Period(date(2023, 6, 1), date(2023, 7, 1))
VALUES = rows_of(PRODUCT_VALUES, {"product_code": "SP1", "revenue_vnd": "5"})
POINT = {"sales_point_code": "D1", "sales_point_name": "Điểm", "opened_date": "01/06/2023"}


def test_a_workbook_brings_the_sheets_it_has_also_those_without_rows(arrive: Arrive, reference: Reference) -> None:
    content = xlsx(header("tháng 6/2023", "Huyện Hạ Hòa") | sheet(SALES_POINTS, POINT) | sheet(PRODUCT_VALUES))
    document = read(arrive("a.xlsx", content), reference)
    assert (document.unit_code, document.period) == ("231", JUNE)
    assert [(part.form, len(part.rows)) for part in document.parts] == [("product_values", 0), ("sales_points", 1)]


def test_headings_are_matched_by_name_not_by_place_or_unicode_form(arrive: Arrive, reference: Reference) -> None:
    headings = ["doanh thu kỳ", " MÃ SẢN PHẨM", "Ghi chú", "Người lập"]
    rows: Rows = [[unicodedata.normalize("NFD", heading) for heading in headings], [5, "SP1", "x", "Chim Yến"]]
    document = read(arrive("a.xlsx", xlsx(header() | {"giá trị": rows})), reference)
    cells = document.parts[0].rows.iloc[0].to_dict()
    assert (cells["product_code"], cells["revenue_vnd"], cells["quantity"]) == ("SP1", 5, None)
    assert "Chim Yến" not in str(document)
    assert document.parts[0].columns == {"revenue_vnd": 1, "product_code": 2}


@pytest.mark.parametrize("stated", [2023, "2023", "năm 2023"])
def test_a_header_s_numbers_are_read_as_they_look(arrive: Arrive, reference: Reference, stated: object) -> None:
    document = read(arrive("a.xlsx", xlsx(header(stated, 231) | sheet(SALES_POINTS, POINT))), reference)
    assert (document.unit_code, document.period.label) == ("231", "2023")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("sales_points_2023-Q2.csv", "2023-Q2"),
        ("sales_points_2023-h1.csv", "2023-H1"),
        ("sales_points_2023.csv", "2023"),
    ],
)
def test_a_register_may_be_sent_for_any_kind_of_period(
    arrive: Arrive, reference: Reference, name: str, label: str
) -> None:
    document = read(arrive(f"231/{name}", csv_text(rows_of(SALES_POINTS, POINT))), reference)
    assert document.period.label == label


@pytest.mark.parametrize("name", ["product_values_2023-Q2.csv", "product_values_2023.csv"])
def test_a_monthly_flow_is_not_taken_for_another_kind_of_period(
    arrive: Arrive, reference: Reference, name: str
) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read(arrive(f"231/{name}", csv_text(VALUES)), reference)
    assert caught.value.rule == "period_not_a_month"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("product_values_2023-06.csv", "2023-06"),
        ("product_values_2023-6.csv", "2023-06"),
        ("PRODUCT_VALUES_2023-06_lần 2.CSV", "2023-06"),
        ("product_values_231_2023-06.csv", "2023-06"),
        ("Giá trị_2023-06.csv", "2023-06"),
        (unicodedata.normalize("NFD", "Giá trị_2023-06.csv"), "2023-06"),
        ("bảng của huyện_2023-06.csv", "2023-06"),
    ],
)
def test_a_one_form_csv_says_its_period_in_its_name(
    arrive: Arrive, reference: Reference, name: str, label: str
) -> None:
    document = read(arrive(f"231/{name}", csv_text(VALUES)), reference)
    assert (document.period.label, [part.form for part in document.parts]) == (label, ["product_values"])


@pytest.mark.parametrize(
    "name",
    ["product_values.csv", "product_values_2023-06-30.csv", "product_values_2023-13.csv", "product_values_23-06.csv"],
)
def test_a_name_without_a_clear_period_is_refused(arrive: Arrive, reference: Reference, name: str) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive(f"231/{name}", csv_text(VALUES)), reference)
    assert refusal.value.rule == "period_unreadable"


def test_a_one_form_csv_may_say_unit_and_period_in_columns(arrive: Arrive, reference: Reference) -> None:
    rows = [[*VALUES[0], "Kỳ báo cáo", "Đơn vị báo cáo"], [*VALUES[1], "tháng 6/2023", "Hạ Hoà"]]
    document = read(arrive("số liệu.csv", csv_text(rows)), reference)
    assert (document.unit_code, document.period.label) == ("231", "2023-06")


def test_a_one_form_csv_that_speaks_for_two_units_is_refused(arrive: Arrive, reference: Reference) -> None:
    rows = [[*VALUES[0], "Đơn vị báo cáo"], [*VALUES[1], "231"], [*VALUES[1], "232"]]
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("product_values_2023-06.csv", csv_text(rows)), reference)
    assert refusal.value.rule == "header_contradiction"


def test_a_folder_that_is_no_unit_is_refused_whatever_the_header_says(arrive: Arrive, reference: Reference) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("khác/a.xlsx", xlsx(header() | sheet(SALES_POINTS, POINT))), reference)
    assert (refusal.value.rule, "“khác”" in refusal.value.reason_vi) == ("unit_unknown", True)
