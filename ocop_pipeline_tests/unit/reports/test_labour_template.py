"""The labour template of a unit reads back without a fault; who leaves an entity's numbers empty reports nothing."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from ocop_pipeline.reports.template_workbook import Template, template_workbook
from ocop_pipeline.reports.templates import reporting_unit, template_of
from ocop_pipeline.settings import PROJECT_ROOT
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS, SOURCE
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.verdict import judge_batch
from ocop_pipeline.vietnamese.periods import parse_period

SHEET = LABOUR_REPORTS.sheet
KNOWN = [
    {
        "report_period": "2023-Q2",
        "commune_code": "Hiền Lương",
        "entity_code": f"260000000{number}",
        "entity_name": f"HTX {name}",
        "entity_type": "Hợp tác xã",
    }
    for number, name in enumerate(("Một", "Hai", "Ba"))
]
FILLED = {"total_workers": 12, "regular_workers": 10, "seasonal_workers": 2, "mean_income_vnd": 6200}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(PROJECT_ROOT / "dbt_project" / "seeds", Path())


def fill_in(workbook: Workbook, row: int, **cells: str | int) -> None:
    for position, column in enumerate(LABOUR_REPORTS.columns, 1):
        if column.name in cells:
            workbook[SHEET].cell(row, position).value = cells[column.name]


def read_back(workbook: Workbook, folder: Path, reference: Reference) -> Document:
    path = folder / "a.xlsx"
    workbook.save(path)
    return SOURCE.read(Arrival(path, "231"), reference)


def test_filled_in_and_sent_back_every_row_is_accepted_and_nothing_has_to_be_mended(
    reference: Reference, tmp_path: Path
) -> None:
    period = parse_period("2023-Q2")
    content, is_prefilled = template_of(SOURCE, reference, reporting_unit(reference, "231", period), period, None)
    workbook = load_workbook(io.BytesIO(content))
    assert (workbook.sheetnames, is_prefilled) == (["Thông tin", "Hướng dẫn", SHEET, "Danh mục"], False)
    named = {"commune_code": "Hiền Lương", "entity_type": "Hợp tác xã", "entity_name": "HTX Chè"}
    fill_in(workbook, 2, **named, **FILLED)
    fill_in(workbook, 3, report_period="2023-Q2", **named | {"entity_name": "HTX Nấm"}, **FILLED)
    document = read_back(workbook, tmp_path, reference)
    verdict = judge_batch(LABOUR_REPORTS, [document], reference)
    assert [(part.unit_code, part.period.label, part.repairs) for part in document.parts] == [("231", "2023-Q2", ())]
    assert (verdict.bad(0), verdict.repaired(0)) == ([], [])
    assert (
        verdict.rows.select(["commune_code", "entity_type", "mean_income_vnd"]).to_pylist()
        == [{"commune_code": "08080", "entity_type": "cooperative", "mean_income_vnd": 6_200_000}] * 2
    )


def test_an_entity_that_stands_there_already_is_reported_once_its_numbers_are(
    reference: Reference, tmp_path: Path
) -> None:
    header = {"Kỳ báo cáo": "2023-Q2", "Đơn vị báo cáo": "231"}
    known = {LABOUR_REPORTS.name: KNOWN}
    template = Template(
        header, (LABOUR_REPORTS,), ("Hiền Lương",), known, {}, {}, notes=SOURCE.notes, is_prefilled=True
    )
    workbook = load_workbook(io.BytesIO(template_workbook(template)))
    with pytest.raises(FileRejectedError) as refusal:
        read_back(workbook, tmp_path, reference)
    assert refusal.value.rule == "no_rows"
    assert not refusal.value.lists_persons
    fill_in(workbook, 3, **FILLED)
    (part,) = read_back(workbook, tmp_path, reference).parts
    assert list(part.rows["entity_name"]) == ["HTX Hai"]


def test_incomes_are_asked_for_in_nghin_dong_and_checked_while_they_are_typed(reference: Reference) -> None:
    period = parse_period("2023-Q2")
    content, _ = template_of(SOURCE, reference, reporting_unit(reference, "231", period), period, None)
    workbook = load_workbook(io.BytesIO(content))
    position = [column.name for column in LABOUR_REPORTS.columns].index("mean_income_vnd") + 1
    assert workbook[SHEET].cell(1, position).value == "Thu nhập bình quân tháng (nghìn đồng)"
    checks = workbook[SHEET].data_validations.dataValidation
    found = next(check for check in checks if next(iter(check.sqref.ranges)).min_col == position)
    assert (found.type, found.formula1, found.formula2) == ("decimal", "500", "100000")
    told = [row[0] for row in workbook["Hướng dẫn"].iter_rows(values_only=True)]
    assert any("6.200.000 đồng ghi là 6200" in str(line) for line in told)
    assert not any("Tiền ghi bằng đồng" in str(line) for line in told)
