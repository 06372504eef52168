"""Whatever a file is like: a named rule, its place, a reason in both languages, and the others go on."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from ocop_pipeline.ingest import SourceOutcome
from ocop_pipeline.sources.district_forms import PRODUCT_VALUES, SALES_POINTS
from ocop_pipeline.vietnamese.text import normalise
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Outcome
from ocop_pipeline.warehouse.server import Warehouse
from ocop_pipeline_tests.files import (
    cell_far_away,
    csv_text,
    header,
    locked_workbook,
    reader_killer,
    rows_of,
    sheet,
    string_count_killer,
    xlsx,
)
from ocop_pipeline_tests.offices import Office, open_office

VALUE = {"product_code": "SP1", "revenue_vnd": 5_000_000}
ROWS = rows_of(PRODUCT_VALUES, VALUE)
GOOD = xlsx(header() | sheet(PRODUCT_VALUES, VALUE))
TWO_REVENUES = [[*row, row[4]] for row in ROWS]
NO_REVENUE = [row[:4] for row in ROWS]
LONG_NAME = "b" * 245 + ".docx"


class Expected(NamedTuple):
    content: bytes | str
    rule: str
    place: str


def saying(**facts: object) -> bytes:
    return xlsx(header(**facts) | sheet(PRODUCT_VALUES, VALUE))


BAD = {
    "231/rỗng.xlsx": Expected(b"", "file_empty", "rỗng.xlsx"),
    "231/công văn.docx": Expected(b"PK", "extension_not_accepted", "công văn.docx"),
    "231/cũ.xls": Expected(b"\xd0\xcf\x11\xe0", "file_kind", "cũ.xls"),
    "231/không đuôi": Expected(GOOD, "extension_not_accepted", "không đuôi"),
    "231/cụt.xlsx": Expected(GOOD[: len(GOOD) // 2], "file_unreadable", "cụt.xlsx"),
    "231/chữ.xlsx": Expected("Kỳ báo cáo", "file_kind", "chữ.xlsx"),
    "231/khóa.XLSX": Expected(locked_workbook(), "file_encrypted", "khóa.XLSX"),
    "231/góc cuối.xlsx": Expected(cell_far_away(), "sheet_too_large", "góc cuối.xlsx"),
    "231/đọc là chết.xlsx": Expected(reader_killer(), "file_dangerous", "đọc là chết.xlsx"),
    "231/bốn tỷ chuỗi.xlsx": Expected(string_count_killer(), "file_dangerous", "bốn tỷ chuỗi.xlsx"),
    "231/thiếu thông tin.xlsx": Expected(xlsx(sheet(PRODUCT_VALUES, VALUE)), "sheet_missing", "thiếu thông tin.xlsx"),
    "231/không biểu.xlsx": Expected(xlsx(header()), "sheet_missing", "không biểu.xlsx"),
    "231/thiếu cột.xlsx": Expected(xlsx(header() | {"Giá trị": NO_REVENUE}), "column_missing", "Giá trị"),
    "231/hai cột.xlsx": Expected(xlsx(header() | {"Giá trị": TWO_REVENUES}), "column_repeated", "Giá trị"),
    "231/tổng sai.xlsx": Expected(
        xlsx(header() | {"Giá trị": [["Biểu số 3"], *ROWS, ["Tổng", *[None] * 3, 6]]}), "total_disagrees", "Giá trị:E4"
    ),
    "231/kỳ lạ.xlsx": Expected(saying(period="tháng 13/2023"), "period_unreadable", "Thông tin"),
    "231/không kỳ.xlsx": Expected(saying(period=None), "period_unreadable", "Thông tin"),
    "231/huyện khác.xlsx": Expected(saying(unit="Huyện Thanh Ba"), "unit_contradiction", "Thông tin"),
    "231/huyện lạ.xlsx": Expected(saying(unit="Huyện Sóc Sơn"), "unit_unknown", "Thông tin"),
    "231/hết cấp huyện.xlsx": Expected(saying(period="2025-07"), "unit_unknown", "231"),
    "999/thư mục lạ.xlsx": Expected(GOOD, "unit_unknown", "999"),
    "thư mục.xlsx/bên trong.xlsx": Expected(GOOD, "unit_unknown", "thư mục.xlsx"),
    "không ghi đơn vị.xlsx": Expected(saying(unit=None), "unit_unknown", "Thông tin"),
    "231/product_values_2023-06_utf16.csv": Expected(
        csv_text(ROWS).encode("utf-16-le"), "file_encoding", "product_values_2023-06_utf16.csv"
    ),
    "231/product_values_2023-06_cp1258.csv": Expected(
        b"M\xe3 s\xe0\xd2n ph\xe2\xd2m,Doanh thu k\xec\xd2\n", "file_encoding", "product_values_2023-06_cp1258.csv"
    ),
    "231/product_values_2023-06_nul.csv": Expected(
        csv_text(ROWS).replace("SP1", "SP\0"), "file_encoding", "product_values_2023-06_nul.csv"
    ),
    "231/product_values_2023-06_ngoặc.csv": Expected(
        csv_text(ROWS) + '"SP2,1\n', "file_unreadable", "product_values_2023-06_ngoặc.csv"
    ),
    "231/product_values_2023-06_dài.csv": Expected(
        csv_text([*ROWS, ["SP2", "", "", "", "1", "500", "000"]]),
        "row_too_long",
        "product_values_2023-06_dài.csv:3",
    ),
    "231/product_values_2023-06_trống.csv": Expected("\r\n\r\n", "column_missing", "product_values_2023-06_trống.csv"),
    "231/product_values.csv": Expected(csv_text(ROWS), "period_unreadable", "product_values.csv"),
    "231/product_values_2023-06_hai kỳ.csv": Expected(
        csv_text([[*ROWS[0], "Kỳ báo cáo"], [*ROWS[1], "2023-05"], [*ROWS[1], "2023-06"]]),
        "header_contradiction",
        "product_values_2023-06_hai kỳ.csv",
    ),
    "231/ghi chép_2023-06.csv": Expected("a,b\n1,2\n", "form_unknown", "ghi chép_2023-06.csv"),
    "231/-rf hai\ndòng.docx": Expected(b"x", "extension_not_accepted", "-rf hai dòng.docx"),
    "231/không phải utf8 \udcff.docx": Expected(b"x", "extension_not_accepted", "không phải utf8 \ufffd.docx"),
    "231/x\\..\\..\\etc\\cron.docx": Expected(b"x", "extension_not_accepted", "x\\..\\..\\etc\\cron.docx"),
    "231/đảo \u202excod.docx": Expected(b"x", "extension_not_accepted", "đảo xcod.docx"),
    "231/chuông \x07\x1b[31m.docx": Expected(b"x", "extension_not_accepted", "chuông \ufffd\ufffd[31m.docx"),
    f"231/{LONG_NAME}": Expected(b"x", "extension_not_accepted", LONG_NAME),
}
IGNORED = ("231/.ẩn.xlsx", "231/~$mở.xlsx", ".git/config")


class Aftermath(NamedTuple):
    office: Office
    outcome: SourceOutcome


@pytest.fixture(scope="module")
def aftermath(embedded_warehouse: Warehouse) -> Iterator[Aftermath]:
    """One run over every bad file, with a good one before and after them."""
    with open_office(embedded_warehouse) as office:
        office.put("district_submissions/231/đầu.XLSX", GOOD)
        for name, expected in BAD.items():
            office.put(f"district_submissions/{name}", expected.content)
        for name in IGNORED:
            office.put(f"district_submissions/{name}", b"x")
        link = office.settings.inbox / "district_submissions/231/liên kết.xlsx"
        link.symlink_to("/etc/passwd")
        office.put("district_submissions/232/cuối.xlsx", saying(unit="Huyện Thanh Ba"))
        yield Aftermath(office, office.take_in())


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_rejected_by_its_rule_at_its_place_with_a_reason_in_both_languages(
    aftermath: Aftermath, name: str
) -> None:
    shown = normalise(f"district_submissions/{name}")
    found = [s for s in submissions(aftermath.office.warehouse).values() if s.inbox_path == shown]
    assert [(s.outcome, s.rule, s.place) for s in found] == [(Outcome.REJECTED, BAD[name].rule, BAD[name].place)]
    assert found[0].reason_vi
    assert found[0].reason_en
    assert found[0].reason_vi != found[0].reason_en
    assert (found[0].rows_read, found[0].rows_accepted, found[0].rows_rejected) == (0, 0, 0)


def test_the_other_files_go_on_and_nothing_of_a_bad_file_is_written(aftermath: Aftermath) -> None:
    office = aftermath.office
    assert office.select("select unit_code from ingest.load order by 1") == ["231", "232"]
    assert office.select("select count(*) from raw.product_values") == [2]
    assert office.select("select array_to_string(rules, ', ') from ingest.quarantine") == ["total_disagrees"]
    assert aftermath.outcome.forms[PRODUCT_VALUES.name].rows_accepted == 2
    assert aftermath.outcome.forms[SALES_POINTS.name].rows_accepted == 0


def test_a_rejected_file_lies_among_the_rejected_with_its_reason_beside_it(aftermath: Aftermath) -> None:
    office = aftermath.office
    files = office.files_under(office.settings.rejected)
    reasons = [path for path in files if path.name.endswith(".ly-do.txt")]
    assert len(reasons) == len(BAD)
    assert len(files) == 2 * len(BAD)
    empty = next(path for path in reasons if "rỗng.xlsx" in path.name)
    assert empty.read_text(encoding="utf-8") == "Tệp rỗng (0 byte).\nThe file is empty (0 bytes).\n"


def test_hidden_files_lock_files_and_links_stay_in_the_inbox_and_nothing_else(aftermath: Aftermath) -> None:
    office = aftermath.office
    root = office.settings.inbox / "district_submissions"
    left = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert left == {*IGNORED, "231/liên kết.xlsx"}


def test_each_file_gets_one_line(aftermath: Aftermath) -> None:
    lines = aftermath.office.lines
    assert len(lines) == len(BAD) + 2
    assert not [line for line in lines if "\n" in line or "\udcff" in line]
    assert lines[0] == "district_submissions/231/đầu.XLSX: submission 1, 1 rows"
    assert (
        "district_submissions/231/kỳ lạ.xlsx: rejected as a whole (period_unreadable), Thông tin: The report period "
        "“tháng 13/2023” cannot be read; write for example 2023-06, quý II/2023 or năm 2023."
    ) in lines


def test_a_rejected_file_is_held_for_the_unit_of_its_folder_and_the_period_of_its_name(office: Office) -> None:
    office.put("district_submissions/231/bao-cao-2023-06.xlsx", GOOD[: len(GOOD) // 2])
    office.put("district_submissions/không có/bao-cao-2023-06.xlsx", GOOD[: len(GOOD) // 2])
    office.put("district_submissions/231/bao-cao.xlsx", GOOD[: len(GOOD) // 2])
    office.take_in()
    claimed = {file.inbox_path: (file.unit_code, file.period_label) for file in submissions(office.warehouse).values()}
    assert claimed == {
        "district_submissions/231/bao-cao-2023-06.xlsx": ("231", "2023-06"),
        "district_submissions/không có/bao-cao-2023-06.xlsx": (None, "2023-06"),
        "district_submissions/231/bao-cao.xlsx": (None, None),
    }


def test_a_file_with_an_old_time_arrived_after_the_files_taken_in_before_it(office: Office) -> None:
    office.put("district_submissions/231/bao-cao.xlsx", GOOD)
    office.take_in()
    office.put("district_submissions/231/muon.xlsx", b"")
    office.take_in()
    first, second = submissions(office.warehouse).values()
    assert first.arrived_at is not None
    assert second.arrived_at is not None
    assert first.arrived_at < second.arrived_at <= first.received_at, "the run that emptied the inbox had begun"
