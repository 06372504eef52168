"""A unit's name is resolved by its spellings, abbreviations and aliases, and never by likeness."""

import unicodedata
from datetime import date
from functools import partial

import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.vietnamese.unclear import UnclearError

DAY = date(2023, 6, 30)
SETTINGS = Settings()
REFERENCE = Reference.load(SETTINGS.seeds, SETTINGS.mappings)
COMMUNES = [unit for unit in REFERENCE.units if unit.kind == "commune" and unit.in_force(DAY)]
decomposed = partial(unicodedata.normalize, "NFD")
SHORT = {"xã": "X.", "phường": "P. ", "thị trấn": "TT "}


@pytest.mark.parametrize(
    ("text", "unit", "code", "rule"),
    [
        ("Hiền Lương", "231", "08080", None),
        ("XÃ HIỀN LƯƠNG", "231", "08080", None),
        ("TT. Hạ Hòa", "231", "08053", "prefix"),
        ("T.T Hạ Hoà", "231", "08053", "prefix"),
        ("X.Hiền Lương", "231", "08080", "prefix"),
        ("P. Gia Cẩm", "227", "07900", "prefix"),
        ("Xã Hạ Hoà", "231", "08053", "unit_type"),
        ("Mĩ Lung", "234", "08293", "spelling"),
        ("xã Phượng Vỹ", "235", "08356", "spelling"),
        ("Sông Thao", "235", "08341", "alias"),
        ("TT. Sông Thao", "235", "08341", "alias"),
        ("Phong Châu, TX Phú Thọ", "25", "07945", None),
        ("Phong Châu (H. Phù Ninh)", "25", "08230", None),
    ],
)
def test_a_commune_is_found_by_a_variant_of_its_name(text: str, unit: str, code: str, rule: str | None) -> None:
    assert REFERENCE.find_commune(text, unit, DAY) == (code, rule)


@pytest.mark.parametrize(
    ("text", "unit", "problem"),
    [
        ("Phong Châu", "25", "several"),
        ("Phong Châu, huyện Hạ Hòa", "25", "unreadable"),
        ("Hien Luong", "231", "similar"),
        ("Hiền Lương 2", "231", "similar"),
        ("Sông Thao", "231", "unreadable"),
        ("Cộng hòa", "231", "unreadable"),
        ("", "231", "unreadable"),
        (",", "231", "unreadable"),
    ],
)
def test_a_name_that_is_none_or_two_is_not_resolved(text: str, unit: str, problem: str) -> None:
    with pytest.raises(UnclearError) as refusal:
        REFERENCE.find_commune(text, unit, DAY)
    assert refusal.value.problem == problem


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Thanh Thủy", "239"),
        ("H.Thanh Thuỷ", "239"),
        ("TP.Việt Trì", "227"),
        ("T.P Việt Trì", "227"),
        ("TX. Phú Thọ", "228"),
        ("T. Phú Thọ", "25"),
        ("UBND huyện Hạ Hòa", "231"),
        ("TPVT", "227"),
    ],
)
def test_a_reporting_unit_is_found_by_a_variant_of_its_name(text: str, code: str) -> None:
    found = REFERENCE.find_unit(text, DAY)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["Phú Thọ", "Thanh Thuy", "Thanh", "H. Việt Trì 1"])
def test_a_reporting_unit_is_not_found_by_likeness(text: str) -> None:
    assert REFERENCE.find_unit(text, DAY) is None


def test_a_commune_s_name_is_read_back_however_it_is_written() -> None:
    for unit in COMMUNES:
        kind, name = next((kind, unit.name[len(kind) + 1 :]) for kind in SHORT if unit.name.lower().startswith(kind))
        for write in (str, str.upper, str.title, decomposed, " {}  .".format, lambda text: text.replace("Đ", "Ð")):
            found = REFERENCE.find_commune(write(unit.name), unit.parent_code, DAY)
            assert found == (unit.code, None)
            found = REFERENCE.find_commune(write(SHORT[kind] + name), unit.parent_code, DAY)
            assert found == (unit.code, "prefix")
