"""A name is looked up inside its parent and on its day, because names and codes are used again."""

from datetime import date
from pathlib import Path

import pytest

from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.vietnamese.unclear import UnclearError

DAY = date(2023, 6, 30)
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
COMMUNES_ONLY = date(2025, 7, 1)


def code_of(reference: Reference, text: str, unit_code: str, day: date) -> str | None:
    """The commune's code, None where the name is none or could be two."""
    try:
        return reference.find_commune(text, unit_code, day)[0]
    except UnclearError:
        return None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("231", "231"),
        ("Huyện Hạ Hoà", "231"),
        ("HUYỆN HẠ HÒA", "231"),
        ("hạ hòa", "231"),
        ("Thành phố Việt Trì", "227"),
        ("Thị xã Phú Thọ", "228"),
        ("Tỉnh Phú Thọ", "25"),
        ("25", "25"),
    ],
)
def test_a_reporting_unit_is_found_by_code_or_name(reference: Reference, text: str, code: str) -> None:
    found = reference.find_unit(text, DAY)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "999", "Huyện Sóc Sơn", "Xã Hiền Lương", "Phú Thọ"])
def test_what_is_no_unit_or_could_be_two_is_not_found(reference: Reference, text: str) -> None:
    assert reference.find_unit(text, DAY) is None


def test_districts_report_until_they_end_and_communes_from_then_on(reference: Reference) -> None:
    district = reference.find_unit("231", LAST_DAY_OF_DISTRICTS)
    assert district is not None
    assert reference.may_report(district, LAST_DAY_OF_DISTRICTS)
    assert reference.find_unit("231", COMMUNES_ONLY) is None
    for day, may_report in ((LAST_DAY_OF_DISTRICTS, False), (COMMUNES_ONLY, True)):
        commune = reference.find_unit("08053", day)
        assert commune is not None
        assert reference.may_report(commune, day) is may_report


def test_a_commune_s_code_means_another_place_after_the_reform(reference: Reference) -> None:
    before, after = reference.unit("07900", DAY), reference.unit("07900", COMMUNES_ONLY)
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("Phường Gia Cẩm", "Phường Việt Trì")
    assert (before.parent_code, after.parent_code) == ("227", "25")


def test_a_commune_is_found_only_inside_the_reporting_unit(reference: Reference) -> None:
    assert code_of(reference, "Gia Cẩm", "227", DAY) == "07900"
    assert code_of(reference, "Gia Cẩm", "231", DAY) is None
    assert code_of(reference, "Gia Cẩm", "25", DAY) == "07900"
    assert code_of(reference, "07900", "231", DAY) is None
    assert code_of(reference, "Gia Cẩm", "227", COMMUNES_ONLY) is None


def test_one_name_in_two_districts_is_two_communes_and_for_the_province_none(reference: Reference) -> None:
    in_town, in_district = (code_of(reference, "Phong Châu", unit, DAY) for unit in ("228", "233"))
    assert in_town is not None
    assert in_district is not None
    assert in_town != in_district
    assert code_of(reference, "Phong Châu", "25", DAY) is None
    assert code_of(reference, "Phường Phong Châu", "25", DAY) == in_town


def test_communes_that_differ_by_an_accent_only_are_told_apart(reference: Reference) -> None:
    assert code_of(reference, "Xã Hùng Long", "230", DAY) == "08029"
    assert code_of(reference, "Xã Hưng Long", "234", DAY) == "08314"
    assert code_of(reference, "Hung Long", "25", DAY) is None


def test_a_code_that_lost_its_zero_is_none(reference: Reference) -> None:
    assert code_of(reference, "7900", "227", DAY) is None


def test_missing_reference_data_stops_everything(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Reference.load(tmp_path, tmp_path)
