"""A bad row goes to quarantine with its rules, its place and its reasons; the good rows of its file count."""

from datetime import date, datetime

from ocop_pipeline.sources.district_forms import (
    ENTITIES,
    PRODUCT_EVENTS,
    PRODUCT_VALUES,
    SALES_POINTS,
    SUPPORT_DISBURSEMENTS,
)
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Outcome, QuarantinedRow
from ocop_pipeline_tests.files import Rows, csv_text, header, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import Office

JUNE = datetime(2023, 6, 9)  # noqa: DTZ001 - a spreadsheet's date
CERTIFICATE = {
    "product_code": "SP1",
    "product_name": "Chè Hạ Hòa",
    "event_kind": "Mới",
    "stars": 4.0,
    "decision_number": "12/QĐ-UBND",
    "decision_date": JUNE,
    "commune_code": "Hiền Lương",
}
POINT: dict[str, object] = {"sales_point_code": "D1", "sales_point_name": "Điểm 1", "opened_date": "01/06/2023"}


def take_in(office: Office, form_sheets: dict[str, Rows]) -> dict[int, QuarantinedRow]:
    """Take in one workbook of Hạ Hoà for June 2023; its refused rows by row."""
    office.put("district_submissions/231/báo cáo.xlsx", xlsx(header() | form_sheets))
    office.take_in()
    return {row: found[0] for (_, row), found in office.quarantine().items()}


def test_each_wrong_certificate_is_refused_for_what_is_wrong_with_it(office: Office) -> None:
    refused = take_in(
        office,
        sheet(
            PRODUCT_EVENTS,
            CERTIFICATE,
            CERTIFICATE | {"product_code": "SP2", "decision_number": None},
            CERTIFICATE | {"product_code": "SP3", "stars": None},
            CERTIFICATE | {"product_code": "SP4", "stars": "sáu sao"},
            CERTIFICATE | {"product_code": "SP5", "score": 101},
            CERTIFICATE | {"product_code": "SP6", "expiry_date": date(2023, 6, 8)},
            CERTIFICATE | {"product_code": "SP7", "decision_date": "31/02/2023"},
            CERTIFICATE | {"product_code": "SP8", "commune_code": "Xã Gia Cẩm"},
            CERTIFICATE | {"product_code": "SP9", "event_kind": None, "product_name": " "},
            {"product_code": "SP10", "product_name": "Bưởi", "event_kind": "Đăng ký"},
            {"product_code": "SP11", "product_name": "Bưởi", "event_kind": "đăng ký", "stars": 3},
        ),
    )
    assert {row: found.rules for row, found in refused.items()} == {
        3: ("stars_without_decision",),
        4: ("certificate_without_stars",),
        5: ("stars_unknown",),
        6: ("score_out_of_range",),
        7: ("expiry_before_decision",),
        8: ("decision_date_not_a_date",),
        9: ("commune_code_not_a_commune",),
        10: ("product_name_missing", "event_kind_missing"),
        12: ("stars_without_decision",),
    }
    assert office.current("product_events", "product_code, stars, decision_date, commune_code") == [
        ("SP1", "4", date(2023, 6, 9), "08080"),
        ("SP10", None, None, None),
    ]


def test_a_refused_row_keeps_its_sheet_its_cells_and_reasons_in_both_languages(office: Office) -> None:
    row = take_in(office, sheet(SALES_POINTS, POINT | {"opened_date": "hôm qua"}))[2]
    assert (row.form, row.source_sheet, row.source_row) == ("sales_points", "Điểm bán", 2)
    assert row.reasons_vi == "“Ngày hoạt động”: “hôm qua” không phải là ngày (dùng ngày/tháng/năm)."
    assert row.reasons_en == "“Ngày hoạt động”: “hôm qua” is not a date (use day/month/year)."
    assert row.cells == {
        "Mã điểm": "D1",
        "Tên điểm": "Điểm 1",
        "Địa chỉ": None,
        "Xã": None,
        "Đơn vị quản lý": None,
        "Ngày hoạt động": "hôm qua",
        "Ngày dừng": None,
    }


def test_a_repeated_row_counts_once_and_contradicting_rows_not_at_all(office: Office) -> None:
    refused = take_in(
        office,
        sheet(
            SALES_POINTS,
            POINT,
            POINT,
            POINT | {"sales_point_code": "D2", "address": "Phố A"},
            POINT | {"sales_point_code": "D2", "address": "Phố B"},
        ),
    )
    assert {row: found.rules for row, found in refused.items()} == {
        3: ("duplicate_row",),
        4: ("conflicting_rows",),
        5: ("conflicting_rows",),
    }
    assert office.current("sales_points", "sales_point_code, source_row") == [("D1", 2)]


def test_the_same_row_in_two_files_is_no_repetition(office: Office) -> None:
    for unit in ("231", "232"):
        office.put(f"district_submissions/{unit}/a.xlsx", xlsx(header(unit=unit) | sheet(SALES_POINTS, POINT)))
    office.take_in()
    assert office.select("select count(*) from raw.sales_points") == [2]


NO_NUMBERS = {
    "năm triệu": "not_a_number",
    "1,234": "is_ambiguous",
    "5-7": "is_a_range",
    "trên 360 tỉ": "is_approximate",
    "5.000 USD": "has_another_unit",
    "1e9": "not_a_number",
    "NaN": "not_a_number",
    "9" * 400: "not_a_number",
    "1.234.56": "not_a_number",
    "5 000": "not_a_number",
    True: "not_a_number",
    -1_000: "out_of_range",
    12.5: "too_small",
    "1 đồng": "too_small",
    "0.3000004": "too_small",
    10**15: "out_of_range",
}
"""Cells of a column of money, and what the rule says of them."""


def test_what_is_no_certain_number_is_refused_and_never_guessed(office: Office) -> None:
    values = [{"product_code": f"SP{n}", "revenue_vnd": cell} for n, cell in enumerate(NO_NUMBERS)]
    values.append({"product_code": "good", "revenue_vnd": "1.234.567,5", "quantity": 1})
    refused = take_in(office, sheet(PRODUCT_VALUES, *values))
    rules = [refused[row].rules for row in range(2, 2 + len(NO_NUMBERS))]
    assert rules == [(f"revenue_vnd_{what}",) for what in NO_NUMBERS.values()]
    assert "là một khoảng" in refused[4].reasons_vi
    assert "đơn vị “usd”" in refused[6].reasons_vi
    assert [str(n) for n in office.current("product_values", "revenue_vnd")] == ["1234567.5"]


def test_numbers_of_a_spreadsheet_beyond_all_measure_are_refused(office: Office) -> None:
    workers = [1e300, 2.0**60, 12.5, True, 7]
    rows = [{"entity_name": f"HTX {n}", "entity_type": "HTX", "regular_workers": w} for n, w in enumerate(workers)]
    refused = take_in(office, sheet(ENTITIES, *rows))
    assert [refused[row].rules for row in range(2, 6)] == [("regular_workers_not_a_whole_number",)] * 4
    assert office.current("entities", "regular_workers") == [7]


NO_DATES = ["24/11/1823", "24/11/0023", "2023-11-24T25:00", "24/11", 4525.0, 452541.0, "24/11/20233"]


def test_dates_that_no_report_can_mean_are_refused(office: Office) -> None:
    points = [POINT | {"sales_point_code": f"D{n}", "opened_date": cell} for n, cell in enumerate(NO_DATES)]
    refused = take_in(office, sheet(SALES_POINTS, *points))
    assert [refused[row].rules for row in sorted(refused)] == [("opened_date_not_a_date",)] * len(NO_DATES)


def test_a_day_without_day_or_certain_year_is_refused_with_what_to_write_instead(office: Office) -> None:
    days = ["tháng 11 năm 2023", "11/2023", "24-11-23", "24/11/99"]
    points = [POINT | {"sales_point_code": f"D{n}", "opened_date": cell} for n, cell in enumerate(days)]
    refused = take_in(office, sheet(SALES_POINTS, *points))
    no_day, short_year = ("opened_date_has_no_day",), ("opened_date_has_a_short_year",)
    assert [refused[row].rules for row in sorted(refused)] == [no_day, no_day, short_year, short_year]
    assert "ghi đủ ngày/tháng/năm" in refused[2].reasons_vi
    assert "bốn chữ số" in refused[4].reasons_vi


def test_a_commune_that_could_be_two_or_none_is_refused_with_those_it_could_be(office: Office) -> None:
    for file, unit, commune in (("tỉnh", "25", "Phong Châu"), ("huyện", "231", "Hien Luong")):
        rows = sheet(PRODUCT_EVENTS, CERTIFICATE | {"commune_code": commune})
        office.put(f"district_submissions/{unit}/{file}.xlsx", xlsx(header(unit=unit) | rows))
    office.take_in()
    refused = office.quarantine()
    (several,), (similar,) = refused["tỉnh.xlsx", 2], refused["huyện.xlsx", 2]
    assert several.rules == ("commune_code_fits_several",)
    assert "Phường Phong Châu (Thị xã Phú Thọ), Thị trấn Phong Châu (Huyện Phù Ninh)" in several.reasons_vi
    assert similar.rules == ("commune_code_not_a_commune",)
    assert "có phải là Xã Hiền Lương" in similar.reasons_vi


def test_text_that_postgresql_cannot_hold_does_not_stop_the_file(office: Office) -> None:
    # Excel writes the control character NUL as _x0000_.
    take_in(office, sheet(SALES_POINTS, POINT | {"address": "Phố_x0000_A"}))
    assert office.select("select count(*) from raw.sales_points") == [1]


def test_a_formula_that_was_never_computed_is_refused_as_such(office: Office) -> None:
    refused = take_in(office, sheet(SALES_POINTS, POINT | {"managed_by": "=A1", "opened_date": "=B1"}))
    assert refused[2].rules == ("managed_by_not_computed", "opened_date_not_computed")
    assert "công thức chưa được tính hoặc bị lỗi (=A1)" in refused[2].reasons_vi


def test_a_short_row_of_a_csv_lacks_only_its_last_cells(office: Office) -> None:
    rows = rows_of(PRODUCT_VALUES, {"product_code": "SP1", "revenue_vnd": "7000"})
    office.put("district_submissions/231/product_values_2023-06.csv", csv_text([rows[0], rows[1][:5], ["SP2", "5"]]))
    office.take_in()
    assert office.current("product_values", "product_code, source_sheet, source_row") == [
        ("SP1", "product_values_2023-06.csv", 2)
    ]
    assert {place: rows[0].rules for place, rows in office.quarantine().items()} == {
        ("product_values_2023-06.csv", 3): ("revenue_vnd_missing",)
    }


def test_rows_in_are_rows_accepted_and_rows_in_quarantine(office: Office) -> None:
    points: list[dict[str, object]] = [POINT, POINT, POINT | {"sales_point_code": None}]
    money = {"voucher_number": "V1", "funding_source": "lồng ghép", "amount_vnd": -5_000, "disbursed_date": JUNE}
    take_in(office, sheet(SALES_POINTS, *points) | sheet(SUPPORT_DISBURSEMENTS, money))
    (number, file), *_ = submissions(office.warehouse).items()
    assert file.outcome is Outcome.ACCEPTED_WITH_REJECTIONS
    assert (file.rows_read, file.rows_accepted, file.rows_rejected) == (4, 2, 2)
    assert office.select(f"select sum(row_count) from ingest.load where submission_id = {number}") == [2]  # noqa: S608
    assert office.select("select count(*) from ingest.quarantine") == [2]


def test_a_unit_of_money_in_the_place_of_the_quantity_s_is_refused(office: Office) -> None:
    values = [
        {"product_code": f"SP{number}", "revenue_vnd": 1_250_000, "quantity": 1, "quantity_unit": unit}
        for number, unit in enumerate(["triệu đồng", "1.000đ", "tr.đ", "tấn", "trái"])
    ]
    refused = take_in(office, sheet(PRODUCT_VALUES, *values))
    assert {row: quarantined.rules for row, quarantined in refused.items()} == dict.fromkeys(
        [2, 3, 4], ("quantity_unit_is_money",)
    )


def test_a_row_of_sums_or_notes_under_other_words_is_no_product(office: Office) -> None:
    labels = [
        "Tổng doanh thu",
        "Toàn huyện",
        "Total",
        "TC",
        "Cộng tháng 6",
        "Luỹ kế từ đầu năm",
        "Trong đó: trực tuyến",
    ]
    values = [{"product_code": code, "revenue_vnd": 6_000_000} for code in [*labels, "CỘNG ĐỒNG 01", "TCVN-3"]]
    refused = take_in(office, sheet(PRODUCT_VALUES, *values))
    assert {row.rules for row in refused.values()} == {("product_code_is_a_label",)}
    assert office.current("product_values", "product_code") == ["CỘNG ĐỒNG 01", "TCVN-3"]
