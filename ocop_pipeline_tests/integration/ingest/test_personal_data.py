"""What names a person goes nowhere: no table, no archive but the one whose policy says so, no line."""

import logging
import os
from datetime import datetime, timedelta

import pytest

from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_EVENTS, SUPPORT_DISBURSEMENTS
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline.sources.marketplace_mapping import load_mapping
from ocop_pipeline_tests.files import csv_text, header, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import Office

PERSON = "Chim Hoàng Yến"
PHONE = "0912000111"
CITIZEN_ID = "025190001234"
CANARIES = (PERSON, PHONE, CITIZEN_ID, "25190001234", "025 190 001 234")


def traces(office: Office, *, but_not_in: str = "nowhere") -> list[str]:
    """Where a canary was found: among the tables, the files left behind, and the lines."""
    places = {"tables": office.everything_stored(), "lines": "\n".join(office.lines)}
    for path in office.files_under(office.settings.root):
        name = path.relative_to(office.settings.root).as_posix()
        if not name.startswith(but_not_in):
            places[name] = path.read_bytes().decode(errors="replace")
    return [f"{canary} in {place}" for place, content in places.items() for canary in CANARIES if canary in content]


def test_district_submissions_keep_it_in_the_archived_original_only(
    office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    household: dict[str, object] = {"entity_name": "Cơ sở mật ong", "entity_type": "Hộ kinh doanh"}
    certificate = {"product_name": "Mật ong", "event_kind": "đăng ký"}
    money = {"funding_source": "lồng ghép", "amount_vnd": 5_000, "disbursed_date": "09/06/2023"}
    broken: dict[str, object] = {"entity_name": "Cơ sở chè", "entity_type": "không rõ"}
    entities: list[dict[str, object]] = [
        household | {"entity_code": CITIZEN_ID},
        household | {"entity_code": float(CITIZEN_ID), "entity_name": "Cơ sở 2"},
        household | {"entity_code": "025 190 001 234", "entity_name": "Cơ sở 3"},
        household | {"entity_code": "2600123456", "entity_name": "Công ty"},
        household | {"entity_code": "2600123456-001", "entity_name": "Chi nhánh"},
        broken | {"entity_code": CITIZEN_ID},
    ]
    rows = [
        [*row, contact]
        for row, contact in zip(rows_of(ENTITIES, *entities), ["Số điện thoại"] + [PHONE] * 6, strict=True)
    ]
    office.put(
        "district_submissions/231/a.xlsx",
        xlsx(
            header(**{"Người lập": PERSON})
            | {ENTITIES.sheet: rows}
            | sheet(PRODUCT_EVENTS, certificate | {"entity_code": CITIZEN_ID}, {"entity_code": CITIZEN_ID})
            | sheet(SUPPORT_DISBURSEMENTS, money | {"voucher_number": "V1", "entity_code": CITIZEN_ID})
        ),
    )
    office.put(
        "district_submissions/231/entities_2023-05.csv",
        csv_text([[*row, "Người lập" if not n else PERSON] for n, row in enumerate(rows_of(ENTITIES, *entities))]),
    )
    office.take_in()
    assert traces(office, but_not_in="archive/district_submissions/") == []
    assert not [canary for canary in CANARIES if canary in caplog.text + "".join(capfd.readouterr())]
    assert office.select("select distinct entity_code from raw.entities where entity_code is not null order by 1") == [
        "2600123456",
        "2600123456-001",
    ]
    assert office.select("select count(*) from ingest.quarantine") == [3]


def test_buyers_are_gone_once_an_export_is_read(office: Office) -> None:
    headings = ["Mã đơn hàng", "Trạng thái", "Mã SKU", "Số lượng", "Đơn giá", "Thời gian đặt", "Người mua"]
    office.put(
        "ecommerce_sales/ocop_dat_to/đơn hàng.csv",
        csv_text(
            [
                [*headings, "Số điện thoại"],
                ["A1", "Hoàn thành", "CHE", "2", "90.000", "2023-06-09 10:00", PERSON, PHONE],
                ["A2", "Lạ", "CHE", "hai", "90.000", "2023-06-09 10:00", PERSON, PHONE],
            ]
        ),
    )
    office.take_in("ecommerce_sales")
    assert office.select("select count(*) from raw.order_lines") == [1]
    assert office.select("select count(*) from ingest.quarantine") == [1]
    assert traces(office) == []
    assert len(office.files_under(office.settings.archive)) == 1


def test_no_marketplace_s_export_leaves_anything_of_the_buyer(
    office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    mapping_names = ("shopee_vn", "tiktok_vn", "lazada_vn", "tiktok_returns_vn", "shopee_returns_vn")
    for mapping in (load_mapping(name, office.settings.mappings) for name in mapping_names):
        status = next(iter({**mapping.status_words, **mapping.status_prefixes}))
        moment = datetime(2026, 4, 1, 10, tzinfo=VIETNAM).strftime(mapping.time)
        usual = {"status": status, "order_id": "A1", "return_id": "R1", "return_word": "", "substatus": ""}
        usual |= {name: moment for name in mapping.columns if name.endswith("_at")}
        usual |= {name: "1" for name in mapping.columns if name.endswith(("_vnd", "quantity"))}
        good = {headings[0]: usual.get(name, name) for name, headings in mapping.columns.items()}
        bad = good | {mapping.columns["status"][0]: "Chữ lạ"}
        planted = dict.fromkeys((*mapping.personal, *mapping.ignored), f"{PERSON} {PHONE}")
        rows = [[*good, *planted], *([*row.values(), *planted.values()] for row in (good, bad))]
        for name, content in (("a.csv", csv_text(rows)), ("b.xlsx", xlsx({"orders": rows}))):
            office.put(f"ecommerce_sales/{mapping.form}-{mapping.marketplace}-{name}", content)
    office.put("ecommerce_sales/lạ.csv", csv_text([["Họ tên", PERSON], [PHONE, PERSON]]))
    office.put("ecommerce_sales/ocop_dat_to/lạ.xlsx", xlsx({"a": [["Giá ưu đãi", PERSON], [PHONE, PERSON]]}))
    office.take_in("ecommerce_sales")
    assert office.select("select outcome, count(*) from ingest.submission group by 1 order by 1") == [
        ("accepted_with_rejections", 10),
        ("rejected", 2),
    ]
    assert traces(office, but_not_in="inbox/rejected/") == []
    assert not [canary for canary in CANARIES if canary in caplog.text + "".join(capfd.readouterr())]


def test_a_rejected_export_is_deleted_after_its_time_and_not_before(office: Office) -> None:
    office.put("ecommerce_sales/lạ.csv", csv_text([["Họ tên", "x"], [PHONE, PERSON]]))
    office.take_in("ecommerce_sales")
    copy, reason = office.files_under(office.settings.rejected)
    for days, left in ((29, 2), (31, 0)):
        rejected_at = (datetime.now(tz=VIETNAM) - timedelta(days=days)).timestamp()
        os.utime(reason, (rejected_at, rejected_at))
        office.take_in("ecommerce_sales")
        assert len(office.files_under(office.settings.rejected)) == left
    assert office.lines[-1] == f"rejected/ecommerce_sales/{copy.name}: deleted, it lay rejected for more than 30 days"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_labour_report_keeps_neither_its_writer_nor_a_citizen_id(office: Office, suffix: str) -> None:
    report = {
        "report_period": "2023-Q1",
        "commune_code": "08080",
        "entity_code": CITIZEN_ID,
        "entity_name": "Cơ sở mật ong",
        "total_workers": "7",
        "regular_workers": "5",
    }
    rows = rows_of(LABOUR_REPORTS, report, report | {"entity_name": "Cơ sở 2", "regular_workers": "chín"})
    named = [[*row, "nguoi_lap" if not n else PERSON] for n, row in enumerate(rows)]
    office.put(
        f"labour_statistics/231/lao động.{suffix}",
        csv_text(named) if suffix == "csv" else xlsx({"Báo cáo lao động": named}),
    )
    office.take_in("labour_statistics")
    assert office.current("labour_reports", "entity_code, regular_workers") == [(None, 5)]
    assert office.select("select count(*) from ingest.quarantine") == [1]
    assert traces(office) == []
    assert office.files_under(office.settings.archive)[0].name.endswith(".redacted.csv")
