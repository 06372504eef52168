"""Labour reports are taken apart by period; tables of the statistics office by year and category."""

import pytest

from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS, read
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.verdict import judge_batch
from ocop_pipeline_tests.files import Arrive, csv_text, rows_of, xlsx

REPORT = {
    "report_period": "2023-Q1",
    "commune_code": "08080",
    "entity_code": "2600000001",
    "entity_name": "HTX Một",
    "total_workers": "7",
    "regular_workers": "5",
}
OTHER = REPORT | {"entity_code": "2600000002"}
TITLE = '"Income by Cities, provinces, Year and Income source"\r\n\r\n'


def test_a_report_has_a_part_per_period(arrive: Arrive, reference: Reference) -> None:
    rows = rows_of(LABOUR_REPORTS, REPORT, OTHER | {"report_period": "quý II/2023"}, REPORT | {"report_period": "2022"})
    document = read(arrive("231/a.csv", csv_text(rows)), reference)
    assert [(part.period.label, len(part.rows)) for part in document.parts] == [
        ("2022", 1),
        ("2023-Q1", 1),
        ("2023-Q2", 1),
    ]
    assert (document.unit_code, document.period.label) == ("231", "2022-01-01/2023-06-30")


def test_a_file_of_one_entity_speaks_for_that_entity_in_its_district(arrive: Arrive, reference: Reference) -> None:
    document = read(arrive("231/a.csv", csv_text(rows_of(LABOUR_REPORTS, REPORT))), reference)
    assert [(part.unit_code, part.communes_of) for part in document.parts] == [("231/2600000001", "231")]
    assert document.unit_code == "231"


def test_a_file_over_both_meanings_of_a_commune_s_code_is_refused(arrive: Arrive, reference: Reference) -> None:
    rows = [REPORT | {"commune_code": "07900", "report_period": f"2025-Q{quarter}"} for quarter in (2, 3, 4)]
    newer = arrive("07900/a.csv", csv_text(rows_of(LABOUR_REPORTS, *rows[1:])))
    assert read(newer, reference).unit_code == "07900"
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("07900/b.csv", csv_text(rows_of(LABOUR_REPORTS, *rows))), reference)
    assert refusal.value.rule == "unit_changed"


def test_a_file_of_several_entities_speaks_for_their_district(arrive: Arrive, reference: Reference) -> None:
    content = xlsx({"Báo cáo lao động": rows_of(LABOUR_REPORTS, REPORT, OTHER)})
    document = read(arrive("a.xlsx", content), reference)
    assert [part.unit_code for part in document.parts] == ["231"]


@pytest.mark.parametrize(
    ("headings", "preliminary"),
    [
        ('"2010 Total";"Prel. 2016 Total"', "yes"),
        ('"Total 2010";"Total Pre. 2016"', "yes"),
        ('"2010 Total";"2016 Total"', "no"),
    ],
)
def test_a_flattened_heading_is_year_and_category_in_either_order(
    arrive: Arrive, reference: Reference, headings: str, preliminary: str
) -> None:
    content = f'\ufeff{TITLE}"Cities, provincies";{headings}\r\n" WHOLE COUNTRY";1387.0;..\r\n'
    (part,) = read(arrive("a.csv", content), reference).parts
    columns = ["source_row", "place_name", "year", "category", "value", "is_preliminary"]
    assert part.rows[columns].to_numpy().tolist() == [
        [4, "WHOLE COUNTRY", "2010", "Total", "1387.0", "no"],
        [4, "WHOLE COUNTRY", "2016", "Total", None, preliminary],
    ]
    assert (part.unit_code, part.period.label) == ("income", "2010-01-01/2016-12-31")


def test_a_table_without_years_is_refused(arrive: Arrive, reference: Reference) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("a.csv", TITLE + '"Cities, provinces";"Total"\r\n"Ha Noi";1\r\n'), reference)
    assert refusal.value.rule == "no_rows"


INCOMES = {"lowest_income_vnd": 4000, "mean_income_vnd": 6000, "highest_income_vnd": 9000}


@pytest.mark.parametrize(
    ("incomes", "broken"),
    [
        ({}, []),
        ({"lowest_income_vnd": 6000, "highest_income_vnd": 6000}, []),
        ({"lowest_income_vnd": None, "highest_income_vnd": None}, []),
        ({"lowest_income_vnd": 6001}, ["lowest_income_vnd_above_mean_income_vnd"]),
        ({"highest_income_vnd": 5999}, ["mean_income_vnd_above_highest_income_vnd"]),
        (
            {"mean_income_vnd": None, "lowest_income_vnd": 9001},
            ["lowest_income_vnd_above_highest_income_vnd"],
        ),
    ],
)
def test_a_mean_income_lies_between_the_lowest_and_the_highest(
    arrive: Arrive, reference: Reference, incomes: dict[str, object], broken: list[str]
) -> None:
    rows = rows_of(LABOUR_REPORTS, REPORT | INCOMES | incomes)
    verdict = judge_batch(LABOUR_REPORTS, [read(arrive("231/a.csv", csv_text(rows)), reference)], reference)
    assert [rule for row in verdict.bad(0) for rule in row.rules] == broken


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (6_200_000, "Có phải 6.200 nghìn đồng?"),
        (6.2, "Có phải 6.200 nghìn đồng?"),
        (500_000, "Có phải 500 nghìn đồng?"),
        (0.5, "Có phải 500 nghìn đồng?"),
        (100_001, ""),
        (499, ""),
        (200_000_000, ""),
        (0, ""),
    ],
)
def test_an_income_out_of_bounds_by_a_thousand_is_asked_about(
    arrive: Arrive, reference: Reference, said: float, asked: str
) -> None:
    rows = rows_of(LABOUR_REPORTS, REPORT | {"mean_income_vnd": said})
    document = read(arrive("231/a.xlsx", xlsx({"Báo cáo lao động": rows})), reference)
    (row,) = judge_batch(LABOUR_REPORTS, [document], reference).bad(0)
    assert row.rules == ("mean_income_vnd_out_of_range",)
    assert row.reasons_vi.partition("nghìn đồng).")[2].strip() == asked
    assert ("Is it" in row.reasons_en) == bool(asked)
