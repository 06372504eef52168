"""Keys whose names are alike are suggested inside a territory; the workbook of the registries reads back as written."""

from datetime import date
from pathlib import Path

from ocop_pipeline.reports.registry import Known, suggestions
from ocop_pipeline.reports.registry_workbook import registry_workbook
from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.document import Arrival
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.registries import ENTITY_ALIASES, FORMS, read


def known(key: str, name: str, territory: str = "227", commune: str | None = None, thing: str = "entity") -> Known:
    return Known(thing, key, name, name, territory, commune)


def test_names_that_differ_by_a_letter_are_suggested_in_their_territory_only() -> None:
    noodles = known("A", "HTX Mì gạo Hùng Lô", commune="08287")
    found = suggestions(
        [
            noodles,
            known("B", "HTX mỳ gạo Hùng Lô", commune="08287"),
            known("C", "HTX Mì gạo Hùng Lô", territory="228"),
            known("D", "HTX Mì gạo Hùng Lô", thing="product"),
            known("E", "HTX Rau sạch"),
        ]
    )
    assert [(row[2], row[3], row[5], row[7]) for row in found] == [(95.2, "A", "B", True)]


def test_the_same_name_written_otherwise_has_a_full_score_and_a_neighbour_comes_first() -> None:
    one, other = known("A", "HTX Hoà Bình", commune="1"), known("B", "Hòa Bình HTX", commune="2")
    third = known("C", "HTX Hòa Bìnhh", commune="1")
    found = suggestions([one, other, third])
    assert [(row[3], row[5], row[7]) for row in found] == [("A", "C", True), ("A", "B", False), ("B", "C", False)]
    assert found[1][2] == 100


def test_a_private_name_is_compared_and_not_shown() -> None:
    one, other = (Known("entity", key, "Hộ Nguyễn Văn A", key, "231", None) for key in ("CT-1", "CT-2"))
    assert [row[2:7] for row in suggestions([one, other])] == [(100.0, "CT-1", "CT-1", "CT-2", "CT-2")]


def test_the_workbook_reads_back_as_it_was_written(tmp_path: Path) -> None:
    row = {
        "entity_key": "CT-1",
        "alias_kind": "tax_code",
        "alias": "0101234567",
        "unit_code": "231",
        "valid_from_date": date(2025, 7, 1),
        "valid_to_date": None,
        "reason": "=1+1",
    }
    path = tmp_path / "so.xlsx"
    registries = {form.name: [row] if form is ENTITY_ALIASES else [] for form in FORMS}
    path.write_bytes(registry_workbook(registries, [known("CT-1", "=HTX")]))
    reference = Reference((), (), tmp_path)
    document = read(Arrival(path, ""), reference)
    assert [(part.form, len(part.rows)) for part in document.parts] == [
        (form.name, len(registries[form.name])) for form in FORMS
    ]
    (typed,) = clean(ENTITY_ALIASES, document.parts[:1], reference).rows.to_dict("records")
    assert {name: typed[name] for name in ("entity_key", "alias_kind", "alias", "reason")} == {
        name: row[name] for name in ("entity_key", "alias_kind", "alias", "reason")
    }
    assert typed["valid_from_date"].date() == date(2025, 7, 1)
