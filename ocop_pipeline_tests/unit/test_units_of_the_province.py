"""The real lists of units of Phú Thọ through both reforms, and what a figure becomes in a newer list."""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_pipeline.settings import PROJECT_ROOT, Settings

REFERENCE = PROJECT_ROOT.parent / "shared" / "reference"
FIRST, SECOND, THIRD = "2020-03-01", "2025-01-01", "2025-07-01"
COMMUNES_OF_2023 = {
    "227": 22, "228": 9, "230": 22, "231": 20, "232": 19, "233": 17, "234": 17,
    "235": 24, "236": 12, "237": 12, "238": 23, "239": 11, "240": 17,
}  # fmt: skip
"""The communes of each district, as the lists of 2023 have them: 225 together."""


def seed(name: str) -> list[dict[str, str]]:
    with (Settings().seeds / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def communes(valid_from: str) -> dict[str, dict[str, str]]:
    return {u["unit_code"]: u for u in seed("units") if u["unit_kind"] == "commune" and u["valid_from"] == valid_from}


@cache
def successors(old: str) -> dict[str, tuple[str, ...]]:
    found = defaultdict(list)
    for row in seed("unit_map"):
        if row["old_valid_from"] == old:
            found[row["old_code"]].append(row["new_code"])
    return {code: tuple(new) for code, new in found.items()}


def moved(figures: Mapping[str, int], old: str) -> Counter[str]:
    """The figures of one list's communes summed up by the communes of the next list."""
    sums: Counter[str] = Counter()
    for code, figure in figures.items():
        (new,) = successors(old)[code]
        sums[new] += figure
    return sums


def by_territory(figures: Mapping[str, int], valid_from: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for code, figure in figures.items():
        sums[communes(valid_from)[code]["territory_code"]] += figure
    return sums


@pytest.mark.parametrize(
    ("valid_from", "count", "types"),
    [
        (FIRST, 225, {"xã": 197, "phường": 17, "thị trấn": 11}),
        (SECOND, 207, {"xã": 180, "phường": 15, "thị trấn": 12}),
        (THIRD, 148, {"xã": 133, "phường": 15}),
    ],
)
def test_each_list_has_its_communes(valid_from: str, count: int, types: dict[str, int]) -> None:
    assert len(communes(valid_from)) == count
    assert Counter(unit["unit_type"] for unit in communes(valid_from).values()) == types


def test_66_of_the_148_newest_communes_are_the_programme_s_and_lie_on_its_13_territories() -> None:
    territories = Counter(unit["territory_code"] for unit in communes(THIRD).values())
    assert territories.pop("") == 82
    assert territories.total() == 66
    assert set(territories) == set(COMMUNES_OF_2023)
    for valid_from in (FIRST, SECOND):
        assert {u["territory_code"] for u in communes(valid_from).values()} == set(COMMUNES_OF_2023)
        assert all(u["parent_code"] == u["territory_code"] for u in communes(valid_from).values())
    assert Counter(u["territory_code"] for u in communes(FIRST).values()) == COMMUNES_OF_2023


def test_every_old_commune_went_whole_into_one_newer_commune_of_its_territory() -> None:
    for old, new in ((FIRST, SECOND), (SECOND, THIRD)):
        assert set(successors(old)) == set(communes(old))
        for code, into in successors(old).items():
            assert [communes(new)[c]["territory_code"] for c in into] == [communes(old)[code]["territory_code"]]
    assert {row["relation"] for row in seed("unit_map")} == {"unchanged", "whole"}
    assert {new for into in successors(SECOND).values() for new in into} == {
        code for code, unit in communes(THIRD).items() if unit["territory_code"]
    }


def test_codes_are_used_again_for_other_places() -> None:
    """Of the programme's 66 codes all were codes before, and 31 carry another name now."""
    before, after = communes(SECOND), communes(THIRD)
    again = set(before) & set(after)
    assert len(again) == 66
    assert sum(before[code]["unit_name"] != after[code]["unit_name"] for code in again) == 31
    assert (before["07900"]["unit_name"], after["07900"]["unit_name"]) == ("Phường Gia Cẩm", "Phường Việt Trì")
    assert successors(SECOND)["07888"] == ("07900",)


FIGURES = st.fixed_dictionaries({code: st.integers(-(10**12), 10**12) for code in communes(FIRST)})


@settings(max_examples=30, deadline=None)
@given(FIGURES)
def test_no_conversion_changes_a_total(figures: dict[str, int]) -> None:
    second = moved(figures, FIRST)
    third = moved(second, SECOND)
    assert (len(second), len(third)) == (207, 66)
    assert sum(figures.values()) == second.total() == third.total()
    assert by_territory(figures, FIRST) == by_territory(second, SECOND) == by_territory(third, THIRD)
    assert len(by_territory(third, THIRD)) == 13


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference files are not beside the project")
def test_the_lists_are_those_of_the_official_sources() -> None:
    def records(name: str) -> list[dict[str, str]]:
        with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    for name, valid_from in (("units_2023", FIRST), ("units_2025_01", SECOND)):
        official = {(r["commune_code"], r["commune_name"], r["district_code"]) for r in records(name)}
        assert official == {(c, u["unit_name"], u["parent_code"]) for c, u in communes(valid_from).items()}
    conversion = records("units_2025_07_conversion")
    assert {(r["new_code"], r["new_name"]) for r in conversion} == {
        (code, unit["unit_name"]) for code, unit in communes(THIRD).items()
    }
    for row in records("map_2023_to_2025_07"):
        (second,) = successors(FIRST)[row["commune_code_2023"]]
        assert (second, *successors(SECOND)[second]) == (row["commune_code_2025_01"], row["commune_code_2025_07"])
