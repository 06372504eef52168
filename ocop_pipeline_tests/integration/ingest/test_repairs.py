"""What a cell said, what was read and by which rule is kept beside the rows, for accepted and refused ones."""

import unicodedata

from ocop_pipeline.reports.repairs import REPAIR_TABLE, repair_counts, repair_table, repairs_of
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_EVENTS, PRODUCT_VALUES
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Outcome
from ocop_pipeline_tests.files import csv_text, header, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import Office

WORKBOOK = xlsx(
    header()
    | sheet(
        ENTITIES,
        {"entity_name": "HTX Chè", "entity_type": "Cty. TNHH", "commune_code": "TT. Hạ Hòa", "joined_date": 45254.0},
        {"entity_name": "Cơ sở Bưởi", "entity_type": "HTX", "commune_code": "Hiền Lương", "joined_date": "24/11/23"},
    )
    | sheet(
        PRODUCT_VALUES,
        {"product_code": "SP1", "revenue_vnd": "12,5 triệu", "quantity": "120 kg", "quantity_unit": "Kg"},
        {"product_code": "SP2", "revenue_vnd": "90.000 đồng", "quantity": "1,5 tấn", "quantity_unit": "kg"},
        {"product_code": "SP3", "revenue_vnd": "1.234", "quantity": "5 yến"},
        {"product_code": None, "revenue_vnd": "3 nghìn"},
    )
)


def test_each_mended_cell_is_kept_and_a_plain_one_is_not(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", WORKBOOK)
    office.take_in()
    assert office.select(
        "select form, source_row, column_name, said, read, rule from ingest.repair order by 1, 2, 3"
    ) == [
        ("entities", 2, "commune_code", "TT. Hạ Hòa", "08053", "prefix"),
        ("entities", 2, "entity_type", "Cty. TNHH", "enterprise", "alias"),
        ("entities", 2, "joined_date", "45254", "2023-11-24", "excel_serial"),
        ("entities", 3, "joined_date", "24/11/23", "2023-11-24", "two_digit_year"),
        ("product_values", 2, "revenue_vnd", "12,5 triệu", "12500000", "unit_conversion"),
        ("product_values", 5, "revenue_vnd", "3 nghìn", "3000", "unit_conversion"),
    ]
    assert office.current("product_values", "product_code, revenue_vnd, quantity") == [("SP1", 12_500_000, 120)]
    assert {place: rows[0].rules for place, rows in office.quarantine().items()} == {
        ("a.xlsx", 3): ("quantity_has_another_unit",),
        ("a.xlsx", 4): ("quantity_has_another_unit",),
        ("a.xlsx", 5): ("product_code_missing",),
    }


def test_letters_typed_otherwise_than_they_look_are_mended_cells_in_any_column(office: Office) -> None:
    decomposed = unicodedata.normalize("NFD", "Chè  Hiền Lương")
    rows = (
        {"entity_name": decomposed, "commune_code": unicodedata.normalize("NFD", "Hiền Lương")},
        {"entity_name": "HTX \u00d0ồi Chè\u200b", "commune_code": "Hiền Lương"},
        {"entity_name": "HTX  Đồi\nChè", "commune_code": "Hiền Lương"},
    )
    rest = {"entity_type": "HTX", "joined_date": "24/11/2023"}
    office.put("district_submissions/231/a.xlsx", xlsx(header() | sheet(ENTITIES, *(rest | row for row in rows))))
    office.take_in()
    assert office.select("select source_row, column_name, said, read, rule from ingest.repair order by 1, 2") == [
        (2, "commune_code", unicodedata.normalize("NFD", "Hiền Lương"), "08080", "letters"),
        (2, "entity_name", unicodedata.normalize("NFD", "Chè Hiền Lương"), "Chè Hiền Lương", "letters"),
        (3, "entity_name", "HTX \u00d0ồi Chè\u200b", "HTX Đồi Chè", "letters"),
    ]


def test_the_office_sees_what_was_mended_in_words(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", WORKBOOK)
    office.put("district_submissions/231/b.xlsx", xlsx(header("2023-07") | sheet(PRODUCT_EVENTS)))
    office.take_in()
    table = repair_table(repairs_of(office.warehouse, [1]))
    assert len(REPAIR_TABLE) == len(table[0])
    assert table[0] == (
        "1: district_submissions/231/a.xlsx",
        "Chủ thể, dòng 2",
        "Xã",
        "TT. Hạ Hòa",
        "08053",
        "viết tắt loại đơn vị",
    )
    assert table[-1][0] == ""
    assert repair_counts(office.warehouse, [1, 2]) == {1: 6}
    assert repairs_of(office.warehouse, [2]).rows == ()
    assert len(repairs_of(office.warehouse).rows) == 6
    assert len(repairs_of(office.warehouse, at_most=2).rows) == 2


def test_a_file_sent_twice_has_its_repairs_once_and_a_rejected_one_none(office: Office) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        office.put(f"district_submissions/231/{name}", WORKBOOK)
    office.put("district_submissions/231/c.xlsx", xlsx(header("lúc nào")))
    office.take_in()
    assert [file.outcome for file in submissions(office.warehouse).values()] == [
        Outcome.ACCEPTED_WITH_REJECTIONS,
        Outcome.DUPLICATE,
        Outcome.REJECTED,
    ]
    assert office.select("select submission_id, count(*) from ingest.repair group by 1") == [(1, 6)]


def test_a_citizen_id_among_mended_cells_is_not_kept(office: Office) -> None:
    entity = {"entity_code": "025190001234", "entity_name": "Hộ A", "entity_type": "HKD", "commune_code": "Hiền Lương"}
    office.put("district_submissions/231/entities_2023-06.csv", csv_text(rows_of(ENTITIES, entity)))
    office.take_in()
    assert office.select("select said, read, rule from ingest.repair order by column_name") == [
        ("•••", "", "personal_data"),
        ("HKD", "household_business", "alias"),
    ]
    assert "025190001234" not in office.everything_stored()
