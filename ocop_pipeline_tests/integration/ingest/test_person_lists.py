"""Lists of workers become their entity's report, or nothing: no person, id or wage is found anywhere afterwards."""

import logging
from decimal import Decimal

import pytest

from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline_tests.files import Rows, csv_text, xlsx
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
