"""The office's registries are taken apart sheet by sheet; a row that says nothing certain goes back."""

from typing import Any

import pytest

from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.registries import ENTITY_ALIASES, FORMS, PRODUCT_ALIASES, read
from ocop_pipeline_tests.files import Arrive, csv_text, rows_of, sheet, xlsx

ALIAS = {
    "entity_key": "CT-1",
    "alias_kind": "Mã",
    "alias": "2600000001",
    "unit_code": "huyện Hạ Hoà",
    "valid_from_date": "01/07/2025",
    "reason": "QĐ 1",
}


def cleaned(arrive: Arrive, reference: Reference, **change: object) -> dict[str, Any]:
    content = xlsx(sheet(ENTITY_ALIASES, ALIAS | change))
    (part,) = read(arrive("a.xlsx", content), reference).parts
    (row,) = clean(ENTITY_ALIASES, [part], reference).rows.to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_a_workbook_brings_the_registries_it_has_a_sheet_of(arrive: Arrive, reference: Reference) -> None:
    content = xlsx({"Hướng dẫn": [["Đọc kỹ"]], **sheet(ENTITY_ALIASES, ALIAS), **sheet(PRODUCT_ALIASES)})
    document = read(arrive("so.xlsx", content), reference)
    assert [(part.form, len(part.rows)) for part in document.parts] == [("entity_aliases", 1), ("product_aliases", 0)]


def test_a_csv_is_the_registry_that_it_is_named_after(arrive: Arrive, reference: Reference) -> None:
    content = csv_text(rows_of(PRODUCT_ALIASES))
    assert [p.form for p in read(arrive("product_aliases.csv", content), reference).parts] == ["product_aliases"]
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("aliases.csv", content), reference)
    assert refusal.value.rule == "registry_missing"


@pytest.mark.parametrize(
    ("said", "read_as"), [("231", "231"), ("Hạ Hòa", "231"), ("Tỉnh Phú Thọ", "25"), ("25", "25"), (None, None)]
)
def test_a_unit_is_a_district_or_the_province_by_code_or_name(
    arrive: Arrive, reference: Reference, said: str | None, read_as: str | None
) -> None:
    row = cleaned(arrive, reference, unit_code=said)
    assert (row["unit_code"], row["unit_code__problem"]) == (read_as, None)


@pytest.mark.parametrize("said", ["Phú Thọ", "08080", "Xã Hùng Lô", "999"])
def test_a_commune_or_a_name_of_two_units_is_no_unit_of_a_registry(
    arrive: Arrive, reference: Reference, said: str
) -> None:
    row = cleaned(arrive, reference, unit_code=said)
    assert row["unit_code"] is None
    assert row["unit_code__problem"] is not None


def test_a_citizen_id_is_dropped_and_an_official_product_code_is_not(arrive: Arrive, reference: Reference) -> None:
    assert cleaned(arrive, reference, alias_kind="mã số thuế", alias="025 123 456 789")["alias"] is None
    code = "25-227-07888-01-2022"
    content = xlsx(sheet(PRODUCT_ALIASES, {"product_key": code, "alias_kind": "mã", "alias": code, "reason": "x"}))
    (part,) = read(arrive("a.xlsx", content), reference).parts
    assert part.rows[["product_key", "alias"]].to_numpy().tolist() == [[code, code]]


def test_only_an_entity_has_a_tax_code() -> None:
    kinds = {form.name: set((form.column("alias_kind").choices or {}).values()) for form in FORMS}
    assert kinds == {
        "entity_aliases": {"code", "name", "tax_code"},
        "product_aliases": {"code", "name"},
        "sales_point_aliases": {"code", "name"},
    }
