"""Lists of workers become their entity's report, or nothing: no person, id or wage is found anywhere afterwards."""

import logging
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from ocop_pipeline.reports.answer_workbook import RESULT_SHEET
from ocop_pipeline.reports.answers import write_answers
from ocop_pipeline.sources import district_submissions
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_EVENTS
from ocop_pipeline.sources.labour_forms import LABOUR_REPORTS
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline_tests.files import RECOGNISED, Rows, csv_text, header, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import Office

PERSON = "Chim Hoàng Yến"
CITIZEN_ID = "025190001234"
INSURANCE = "2519000777"
WAGE = 6_123_457
CANARIES = (PERSON, "Hoàng Yến", CITIZEN_ID, CITIZEN_ID[1:], INSURANCE, str(WAGE), "6.123.457", "6123.457")
COLUMNS = "entity_name, total_workers, female_workers, regular_workers, seasonal_workers, insured_workers"
HEADINGS = ["STT", "Họ và tên", "Giới tính", "Số CCCD", "Mã số BHXH", "Loại hợp đồng", "Mức lương (đồng)"]
ABOVE = [["Tên đơn vị: HTX Chè Hạ Hòa"], ["DANH SÁCH LAO ĐỘNG THÁNG 6/2023"], []]


def person(number: int, contract: str, wage: object, sex: str = "Nữ", insurance: str = INSURANCE) -> list[object]:
    return [number, PERSON, sex, CITIZEN_ID, insurance, contract, wage]


def plain(*people: list[object]) -> Rows:
    return [*ABOVE, HEADINGS, *people, ["", "Tổng cộng", "", "", "", "", ""], ["", "Người lập biểu"]]


def d02_lt() -> Rows:
    """Over 130 columns, headings that occur twice, the first person in row 5."""
    blank = ["Hệ số", "Phụ cấp"] * 65
    people = [["1", PERSON, "Nam", CITIZEN_ID, INSURANCE, "HĐLĐ xác định thời hạn", WAGE, *[""] * 130]] * 6
    return [["Tên đơn vị", "HTX Nấm"], ["Kỳ báo cáo", "2023-06"], ["Mẫu D02-LT"], [*HEADINGS, *blank], *people]


def pli() -> Rows:
    """01/PLI: the kind of contract is the column in which its first day stands."""
    headings = ["STT", "Họ tên", "Ngày sinh", "Ngày bắt đầu HĐLĐ không xác định thời hạn", "HĐLĐ khác (dưới 1 tháng)"]
    people = [[1, PERSON, "01/02/1990", "01/03/2020", ""], [2, PERSON, "01/02/1991", "", "01/06/2023"]]
    return [["Tên doanh nghiệp, cơ quan, tổ chức: Công ty Mật"], ["Quý II/2023"], headings, [1, 2, 3, 4, 5], *people]


LIST = plain(*[person(number, "Thời vụ", WAGE) for number in range(1, 8)])
"""As people lay one out: with entity, period and signatures."""


STAFF: Rows = [["Nguyễn Văn An", CITIZEN_ID, WAGE], ["Trần Thị Bình", CITIZEN_ID, WAGE]]
REPORT = header() | sheet(PRODUCT_EVENTS, RECOGNISED)
BELOW: Rows = [*rows_of(PRODUCT_EVENTS, RECOGNISED), [], ["Họ và tên", "CCCD", "Lương"], *STAFF]
EACH_A_WORKER = [
    {"report_period": "2023-Q2", "commune_code": "Xã Đại Phạm", "entity_name": name, "total_workers": 1}
    | {"regular_workers": 1, "mean_income_vnd": 6123}
    for name in ("Nguyễn Văn An", "Trần Thị Bình")
]


def kept(office: Office) -> list[str]:
    """The files that lie among the rejected, beside their reasons."""
    lying = office.files_under(office.settings.root / "inbox" / "rejected")
    return [path.name.partition("-")[2] for path in lying if path.suffix != ".txt"]


def state(office: Office) -> tuple[str | None, str]:
    """Why the only file was rejected."""
    (file,) = submissions(office.warehouse).values()
    return file.rule, file.reason_vi or ""


def traces(office: Office) -> list[str]:
    """Where a canary was found: among the tables, the files left behind, and the lines."""
    places = {"tables": office.everything_stored(), "lines": "\n".join(office.lines)}
    for path in office.files_under(office.settings.root):
        places[path.relative_to(office.settings.root).as_posix()] = path.read_bytes().decode(errors="replace")
    return [f"{canary} in {place}" for place, content in places.items() for canary in CANARIES if canary in content]


def test_lists_become_reports_and_leave_nobody_behind(
    office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    wages = [WAGE] * 5
    many = [person(n, "Không xác định thời hạn", wage) for n, wage in enumerate(wages, 1)]
    many.append(person(6, "Thời vụ", 4_000_000, "Nam", ""))
    office.put("labour_statistics/231/a.xlsx", xlsx({"DS": plain(*many)}))
    office.put("labour_statistics/231/HTX Bưởi/ds 2023-06.csv", csv_text(plain(*many[:1])[3:]))
    office.put("labour_statistics/231/d02.xlsx", xlsx({"D02-LT": d02_lt()}))
    office.put("labour_statistics/231/pli.xlsx", xlsx({"01PLI": pli()}))
    office.take_in("labour_statistics")
    assert office.current("labour_reports", COLUMNS) == [
        ("HTX Chè Hạ Hòa", 6, 5, 5, 1, 5),
        ("HTX Bưởi", 1, 1, 1, 0, 1),
        ("HTX Nấm", 6, 0, 6, 0, 6),
        ("Công ty Mật", 2, None, 1, 1, None),
    ]
    # 6,123,457 đồng to the thousand; a mean over one person, and the ends of any range, would be a person's wage.
    assert office.current("labour_reports", "mean_income_vnd, lowest_income_vnd, highest_income_vnd") == [
        (Decimal(6_123_000), None, None),
        (None, None, None),
        (Decimal(6_123_000), None, None),
        (None, None, None),
    ]
    assert traces(office) == []
    assert not [canary for canary in CANARIES if canary in caplog.text + "".join(capfd.readouterr())]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (plain(person(1, "", WAGE)), "kind of contract"),
        ([HEADINGS, person(1, "Thời vụ", WAGE)], "period"),
        ([["Tháng 6/2023"], HEADINGS, person(1, "Thời vụ", WAGE)], "entity"),
        (
            [["Tên đơn vị: Phòng Nông nghiệp Hạ Hòa"], *ABOVE[1:], HEADINGS, person(1, "Thời vụ", WAGE)],
            "does not name its entity",
        ),
        (
            [*ABOVE, [*HEADINGS, "Chủ thể"], *[[*person(1, "Thời vụ", WAGE), f"HTX {name}"] for name in "AB"]],
            "several entities",
        ),
        ([*ABOVE, [*HEADINGS, "Phương án"], [*person(1, "Thời vụ", WAGE), "Giảm do nghỉ việc"]], "left"),
    ],
)
def test_a_list_that_tells_too_little_is_refused_and_not_kept(office: Office, rows: Rows, reason: str) -> None:
    office.put("labour_statistics/231/ds.xlsx", xlsx({"DS": rows}))
    office.take_in("labour_statistics")
    (file,) = submissions(office.warehouse).values()
    assert (file.rule, file.place, reason in (file.reason_en or "")) == ("personal_list", "ds.xlsx", True)
    assert "labour report" in (file.reason_en or "")
    assert [path.suffix for path in office.files_under(office.settings.root / "inbox")] == [".txt"]
    assert traces(office) == []


@pytest.mark.parametrize(
    ("place", "content"),
    [
        ("district_submissions/231/danh-sach-2023-06.xlsx", xlsx({"Sheet1": LIST})),
        ("district_submissions/231/danh-sach-2023-06.csv", csv_text(LIST[3:], ";")),
        ("district_submissions/231/entities_2023-06.csv", csv_text(LIST[3:])),
        ("district_submissions/231/kem.xlsx", xlsx(header() | sheet(PRODUCT_EVENTS, RECOGNISED) | {"DS": LIST})),
        ("district_submissions/231/kem.xlsx", xlsx(REPORT | {"DSNV": [["Tên NV", "Số ĐDCN", "Lương CB"], *STAFF]})),
        ("district_submissions/231/kem.xlsx", xlsx(REPORT | {"Công nhân": [["Tên", "Quê", "Lương tháng"], *STAFF]})),
        ("district_submissions/231/kem.xlsx", xlsx(header() | {PRODUCT_EVENTS.sheet: BELOW})),
        ("labour_statistics/231/lao-dong-2023-Q2.csv", csv_text(rows_of(LABOUR_REPORTS, *EACH_A_WORKER))),
        ("ecommerce_sales/ocop_dat_to/danh-sach.xlsx", xlsx({"Sheet1": LIST})),
        ("ecommerce_sales/danh-sach.csv", csv_text(LIST[3:])),
        ("registries/danh-sach.xlsx", xlsx({"Sheet1": LIST})),
        ("registries/danh-sach.csv", csv_text(LIST[3:])),
    ],
)
def test_a_list_in_another_folder_is_told_where_it_belongs_and_not_kept(
    office: Office, place: str, content: bytes | str
) -> None:
    office.put(place, content)
    office.take_in(place.partition("/")[0])
    rule, reason = state(office)
    assert rule == "personal_list"
    assert "labour_statistics/<mã đơn vị>" in reason
    assert kept(office) == []
    for path in write_answers(district_submissions.SOURCE, office.settings, office.warehouse).written:
        assert load_workbook(office.settings.outbox / path).sheetnames == [RESULT_SHEET]
    assert traces(office) == []


def test_a_list_that_was_kept_before_it_was_known_as_one_is_gone_when_it_comes_again(office: Office) -> None:
    place, content = "district_submissions/231/danh-sach-2023-06.xlsx", xlsx({"Sheet1": LIST})
    office.put(place, content)
    office.take_in()
    (reason,) = office.files_under(office.settings.rejected)
    reason.with_name(reason.name.removesuffix(".ly-do.txt")).write_bytes(content)
    office.put(place, content)
    office.take_in()
    assert kept(office) == []


@pytest.mark.parametrize(
    ("headings", "row", "regular"),
    [
        ("Họ đệm | Tên | CCCD | Loại hợp đồng | Mức lương", ["Chim Hoàng", "Yến", CITIZEN_ID, "Dài hạn", WAGE], 5),
        ("Tên công nhân | Số định danh | Loại HĐ | Lương cơ bản", [PERSON, CITIZEN_ID, "Dài hạn", WAGE], 5),
        ("Full name | ID number | Salary | Contract", [PERSON, CITIZEN_ID, WAGE, "Permanent"], 5),
        ("Tên công nhân | CCCD | Mức lương", [PERSON, CITIZEN_ID, WAGE], None),
        ("Employee | Wage", [PERSON, WAGE], None),
        ("Họ và tên | Điện thoại | Chức vụ", [PERSON, "0987204613", "Công nhân"], None),
        ("Ai | Lương | Số", ["Nguyễn Văn An", WAGE, CITIZEN_ID], None),
    ],
)
def test_other_layouts_are_counted_or_not_kept(
    office: Office, headings: str, row: list[object], regular: int | None
) -> None:
    office.put("labour_statistics/231/ds.xlsx", xlsx({"DS": [*ABOVE, headings.split(" | "), *[row] * 5]}))
    office.take_in("labour_statistics")
    counted = office.current("labour_reports", "total_workers, regular_workers, mean_income_vnd")
    assert counted == ([(5, regular, Decimal(6_123_000))] if regular else [])
    assert kept(office) == []
    assert traces(office) == []


def test_only_who_pays_for_insurance_is_insured(office: Office) -> None:
    people = [[PERSON, "Dài hạn", paid] for paid in (WAGE, 0, "-", None)]
    office.put(
        "labour_statistics/231/ds.xlsx",
        xlsx({"DS": [*ABOVE, ["Họ và tên", "Loại hợp đồng", "Mức đóng BHXH"], *people]}),
    )
    office.take_in("labour_statistics")
    assert office.current("labour_reports", "total_workers, insured_workers") == [(4, 1)]


def test_a_report_that_fails_by_its_totals_is_not_kept_with_the_list_beside_it(office: Office) -> None:
    headings = ["Tên chủ thể", "Tổng lao động", "Lao động thường xuyên", "Kỳ báo cáo"]
    report: Rows = [headings, ["HTX Chè", 5, 5, "2023-Q2"], ["Tổng cộng", 6, 5, None]]
    office.put("labour_statistics/231/bc.xlsx", xlsx({LABOUR_REPORTS.sheet: report, "DS": LIST}))
    office.take_in("labour_statistics")
    assert state(office)[0] == "total_disagrees"
    assert kept(office) == []
    assert traces(office) == []


DIRECTORS = [
    ["Tên chủ thể", "Loại hình", "Xã", "Họ và tên giám đốc", "Điện thoại"],
    ["HTX Chè", "HTX", "Hiền Lương", "Nguyễn Văn An", "0987204613"],
]


@pytest.mark.parametrize(
    ("place", "sheets", "rule"),
    [
        ("district_submissions/231/2023-06.xlsx", {ENTITIES.sheet: DIRECTORS}, "sheet_missing"),
        ("district_submissions/231/2023-06.xlsx", {"Danh sách": DIRECTORS}, "sheet_missing"),
        (
            "district_submissions/231/2023-06.xlsx",
            {"Sheet1": [["Tên sản phẩm", "Chủ thể", "Giá bán"], ["Chè", "Nguyễn Văn An", 550_000]]},
            "sheet_missing",
        ),
        (
            "ecommerce_sales/che_phu_tho/don.xlsx",
            {"Sheet1": [["Họ và tên", "Điện thoại", "Mã hàng"], *[["Nguyễn Văn An", "0987204613", "A1"]] * 3]},
            "layout_unknown",
        ),
        (
            "labour_statistics/231/bc.xlsx",
            {"Sheet1": [["Tên chủ thể", "Tổng lao động", "Lao động thường xuyên"], ["HTX Chè", 5, 5]]},
            "column_missing",
        ),
    ],
)
def test_tables_beside_them_are_rejected_and_kept_as_before(
    office: Office, place: str, sheets: dict[str, Rows], rule: str
) -> None:
    office.put(place, xlsx(sheets))
    office.take_in(place.partition("/")[0])
    assert state(office)[0] == rule
    assert kept(office) == [place.rpartition("/")[2]]


def test_a_report_with_directors_is_taken_in_as_before(office: Office) -> None:
    office.put("district_submissions/231/2023-06.xlsx", xlsx(header() | {ENTITIES.sheet: DIRECTORS}))
    office.take_in()
    assert office.current("entities", "entity_name") == ["HTX Chè"]
