"""A unit's template reads back without a fault; what it offers is what its forms accept."""

import io
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from ocop_pipeline.contracts import ColumnType
from ocop_pipeline.reports.answer_copy import write
from ocop_pipeline.reports.template_workbook import Template, template_workbook, word_for
from ocop_pipeline.reports.templates import TemplateError, reporting_unit, template_of
from ocop_pipeline.settings import PROJECT_ROOT
from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.district_forms import ENTITIES, FORMS, PRODUCT_VALUES
from ocop_pipeline.sources.district_submissions import SOURCE
from ocop_pipeline.sources.document import Arrival, FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.verdict import judge_batch
from ocop_pipeline.vietnamese.periods import parse_period

FILLED: dict[str, dict[str, object]] = {
    "entities": {
        "entity_name": "HTX Chè",
        "entity_type": 1,
        "commune_code": 0,
        "is_woman_led": 0,
        "regular_workers": 12,
    },
    "product_events": {
        "product_name": "Chè",
        "event_kind": 0,
        "stars": 3,
        "product_group": 0,
        "decision_number": "1/QĐ",
    },
    "product_values": {"product_code": "SP1", "revenue_vnd": 1500000.5, "quantity_unit": "kg"},
    "linkage_contracts": {"product_code": "SP1", "contract_number": "01", "linkage_kind": 2},
    "sales_points": {"sales_point_code": "D1", "sales_point_name": "Điểm 1"},
    "promotion_events": {"event_code": "E1", "event_name": "Hội chợ"},
    "support_disbursements": {"voucher_number": "001", "funding_source": 4, "amount_vnd": -5000},
}
"""What is filled in; a number under a column with a drop-down is the place in its list."""


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(PROJECT_ROOT / "dbt_project" / "seeds", Path())


def made(reference: Reference, unit: str = "231", period: str = "2023-06") -> Workbook:
    wanted = parse_period(period)
    content, _ = template_of(SOURCE, reference, reporting_unit(reference, unit, wanted), wanted, None)
    return load_workbook(io.BytesIO(content))


def offered(workbook: Workbook, sheet: str, position: int) -> list[object]:
    """The words of the drop-down of a column."""
    for check in workbook[sheet].data_validations.dataValidation:
        if check.type == "list" and next(iter(check.sqref.ranges)).min_col == position:
            cells = re.sub(r".*!|\$", "", check.formula1)
            return [cell.value for (cell,) in workbook["Danh mục"][cells]]
    return []


def test_a_filled_in_template_reads_back_with_every_row_accepted(reference: Reference, tmp_path: Path) -> None:
    workbook = made(reference)
    for form in FORMS:
        for position, column in enumerate(form.columns, 1):
            value = FILLED[form.name].get(column.name)
            if words := offered(workbook, form.sheet, position):
                value = words[value] if isinstance(value, int) else None
            if column.type is ColumnType.DATE:
                value = datetime(2023, 6, 9)  # noqa: DTZ001 - a spreadsheet's date
            if value is not None:
                write(workbook[form.sheet], 2, position, value)
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    document = SOURCE.read(Arrival(path, "231"), reference)
    assert (document.unit_code, document.period) == ("231", parse_period("2023-06"))
    assert [part.form for part in document.parts] == [form.name for form in FORMS]
    for form in FORMS:
        verdict = judge_batch(form, [document], reference)
        assert verdict.bad(0) == []
        assert verdict.rows.num_rows == 1


def test_every_word_that_is_offered_is_accepted(reference: Reference) -> None:
    workbook = made(reference)
    for form in FORMS:
        for position, column in enumerate(form.columns, 1):
            words = offered(workbook, form.sheet, position)
            assert bool(words) == (
                column.choices is not None or column.type in (ColumnType.COMMUNE, ColumnType.BOOLEAN)
            )
            if column.choices is not None:
                assert {column.choices[str(word).casefold()] for word in words} == set(column.choices.values())
            if column.type is ColumnType.COMMUNE:
                day = date(2023, 6, 30)
                codes = [reference.find_commune(str(word), "231", day)[0] for word in words]
                assert sorted(codes) == sorted(
                    c.code for c in reference.units if c.parent_code == "231" and c.in_force(day)
                )


def test_a_product_left_without_numbers_is_not_reported_as_zero(reference: Reference, tmp_path: Path) -> None:
    known = {"product_values": [{"product_code": code} for code in ("A", "B", "=C")]}
    header = {"Kỳ báo cáo": "2023-06", "Đơn vị báo cáo": "231"}
    names = {"product_values": ["Chè", "Bưởi", "=Cam"]}
    forms = (ENTITIES, PRODUCT_VALUES)
    template = Template(header, forms, ("Hiền Lương",), known, names, {}, notes=(), is_prefilled=True)
    content = template_workbook(template)
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert [part.form for part in SOURCE.read(Arrival(path, "231"), reference).parts] == ["entities"]
    workbook = load_workbook(path)
    workbook["Giá trị"]["E3"] = 0
    workbook["Giá trị"]["E4"] = 7_000
    assert workbook["Giá trị"]["A4"].data_type == workbook["Giá trị"]["G4"].data_type == "s"
    workbook.save(path)
    part = SOURCE.read(Arrival(path, "231"), reference).parts[1]
    assert clean(PRODUCT_VALUES, [part], reference).rows[["product_code", "revenue_vnd"]].to_numpy().tolist() == [
        ["B", 0],
        ["=C", 7_000],
    ]
    assert list(part.rows["source_row"]) == [3, 4]


def test_only_the_headings_are_locked(reference: Reference) -> None:
    workbook = made(reference)
    for form in FORMS:
        worksheet = workbook[form.sheet]
        assert worksheet.protection.sheet
        assert worksheet.protection.password is None
        assert worksheet.freeze_panes == "B2"
        for position, column in enumerate(form.columns, 1):
            heading = worksheet.cell(1, position)
            widths = worksheet.column_dimensions.values()
            assert (heading.value, heading.protection.locked) == (column.heading, True)
            assert heading.comment is not None
            assert [
                width.protection.locked for width in widths if (width.min or 0) <= position <= (width.max or 0)
            ] == [False]


def test_values_are_asked_for_by_the_month_only(reference: Reference) -> None:
    assert "Giá trị" in made(reference).sheetnames
    assert "Giá trị" not in made(reference, period="2023-Q2").sheetnames


@pytest.mark.parametrize(("unit", "period"), [("999", "2023-06"), ("231", "2025-09"), ("08080", "2023-06")])
def test_a_unit_that_does_not_report_then_gets_none(reference: Reference, unit: str, period: str) -> None:
    with pytest.raises(TemplateError, match=f"no unit '{unit}' reports for"):
        made(reference, unit, period)


def test_an_untouched_quarter_reports_that_nothing_happened(reference: Reference, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made(reference, period="2023-Q2").save(path)
    document = SOURCE.read(Arrival(path, "231"), reference)
    assert all(part.rows.empty for part in document.parts)
    with pytest.raises(FileRejectedError):
        SOURCE.read(Arrival(path, "227"), reference)


def test_a_stored_value_is_shown_as_its_first_word() -> None:
    assert word_for(ENTITIES.column("entity_type"), "cooperative") == "Hợp tác xã"
