"""Tables of the statistics office in every shape: dimensions, quarters and units, as PX-Web and as SDMX-CSV."""

import pytest

from ocop_pipeline.sources.document import FileRejectedError, Part
from ocop_pipeline.sources.labour_statistics import PROVINCE_INDICATORS, read
from ocop_pipeline.sources.published_figures import Time, figure_and_flag, find_time
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.verdict import judge_batch
from ocop_pipeline_tests.files import Arrive

TOLD = ["place_name", "year", "quarter", "dimension", "category", "value", "flag", "is_preliminary"]
SDMX = "DATAFLOW,FREQ,REF_AREA,INDICATOR,SEX,AGE,UNIT_MEASURE,UNIT_MULT,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"


def told(part: Part, *columns: str) -> list[list[object]]:
    return part.rows[list(columns)].to_numpy().tolist()


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2016", Time("2016", "", is_preliminary=False, rest="")),
        ("Prel. 2016", Time("2016", "", is_preliminary=True, rest="")),
        ("2016 (Prel.)", Time("2016", "", is_preliminary=True, rest="")),
        ("Est. 2023", Time("2023", "", is_preliminary=True, rest="")),
        ("2023 (estimate)", Time("2023", "", is_preliminary=True, rest="")),
        ("Ước tính 2023", Time("2023", "", is_preliminary=True, rest="")),
        ("West 2023", Time("2023", "", is_preliminary=False, rest="West")),
        ("Sơ bộ 2016 Tổng số", Time("2016", "", is_preliminary=True, rest="Tổng số")),
        ("2016-Q1", Time("2016", "1", is_preliminary=False, rest="")),
        ("2016Q4", Time("2016", "4", is_preliminary=False, rest="")),
        ("Q3 2016 Female", Time("2016", "3", is_preliminary=False, rest="Female")),
        ("Quý II/2016", Time("2016", "2", is_preliminary=False, rest="")),
        ("quý IV năm 2016", Time("2016", "4", is_preliminary=False, rest="")),
        ("Quarter 2/2016", Time("2016", "2", is_preliminary=False, rest="")),
        ("Prel. Q3/2016", Time("2016", "3", is_preliminary=True, rest="")),
        ("6/2016", None),
        ("Quarter 1, 2016", Time("2016", "1", is_preliminary=False, rest="")),
        ("Total", None),
        ("20160", None),
    ],
)
def test_a_heading_says_its_year_or_quarter(text: str, time: Time | None) -> None:
    assert find_time(text) == time


@pytest.mark.parametrize("text", ["2016-05", "2016M05", "5/2016", "2016 tháng 5", "6 tháng 2016"])
def test_a_month_is_no_time_and_not_taken_for_its_year(text: str) -> None:
    assert find_time(text) is None


@pytest.mark.parametrize("text", ["2016 15 - 24", "2016 10 - 14", "2016 Monthly income"])
def test_numbers_beside_a_year_may_be_ages(text: str) -> None:
    assert find_time(text) == Time("2016", "", is_preliminary=False, rest=text.removeprefix("2016 "))


@pytest.mark.parametrize("text", ["Quý V/2016", "2016-Q12"])
def test_a_quarter_that_there_is_none_is_not_taken_for_the_whole_year(text: str) -> None:
    time = find_time(text)
    assert time is not None
    assert time.rest


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("519.4sb", ("519.4", "sb")),
        ("519.4 (p)", ("519.4", "p")),
        ("na", (None, "na")),
        ("..", (None, "..")),
        ("-", (None, "-")),
        ("-1.5", ("-1.5", None)),
        ("nhiều", ("nhiều", None)),
        (None, (None, None)),
    ],
)
def test_a_flag_is_kept_beside_the_figure_or_instead_of_it(
    text: str | None, read: tuple[str | None, str | None]
) -> None:
    assert figure_and_flag(text) == read


def test_a_dimension_with_a_column_of_its_own_is_read_from_it(arrive: Arrive, reference: Reference) -> None:
    content = (
        '"Labour force by Cities, provinces, Sex, Residence and Year"\r\n\r\n'
        '"Cities, provinces";"Sex";"2015 Urban";"Prel. 2016 Rural"\r\n'
        '"Phu Tho";"Female";1.5;..\r\n"Phu Tho";"Male";2;3sb\r\n'
    )
    (part,) = read(arrive("a.csv", content), reference).parts
    assert told(part, *TOLD) == [
        ["Phu Tho", "2015", None, "Sex; Residence", "Female; Urban", "1.5", None, "no"],
        ["Phu Tho", "2015", None, "Sex; Residence", "Male; Urban", "2", None, "no"],
        ["Phu Tho", "2016", None, "Sex; Residence", "Female; Rural", None, "..", "yes"],
        ["Phu Tho", "2016", None, "Sex; Residence", "Male; Rural", "3", "sb", "yes"],
    ]


def test_quarters_stand_in_headings_or_beside_the_year_in_columns_of_their_own(
    arrive: Arrive, reference: Reference
) -> None:
    flattened = (
        '"Labour force by Cities, provinces and Quarter"\r\n\r\n'
        '"Cities, provinces";"2023-Q1";"Quý II/2023"\r\n"Phu Tho";1;2\r\n'
    )
    listed = (
        '"Labour force by Cities, provinces, Year and Quarter"\r\n\r\n'
        '"Cities, provinces";"Year";"Quarter";"Value"\r\n"Phu Tho";"2023";"Q1";1\r\n"Phu Tho";"2023";"Quý II";2\r\n'
    )
    for name, content in (("a.csv", flattened), ("b.csv", listed)):
        (part,) = read(arrive(name, content), reference).parts
        assert told(part, "place_name", "year", "quarter", "value") == [
            ["Phu Tho", "2023", "1", "1"],
            ["Phu Tho", "2023", "2", "2"],
        ]
        assert part.period.label == "2023"


def headed(headings: str, title: str = "Firms by age by Cities, provinces, Age and Year") -> str:
    """A table of one place under these headings."""
    values = ";".join(str(number) for number, _ in enumerate(headings.split(";"), start=1))
    return f'"{title}"\r\n\r\n"Cities, provinces";{headings}\r\n"Phu Tho";{values}\r\n'


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ('"Under 2000 workers 2015"', [["2015", "Under 2000 workers"]]),
        (
            '"Total Prel. 2015";"2000 workers or more 2015"',
            [["2015", "Total"], ["2015", "2000 workers or more"]],
        ),
        ('"2015 Total";"2015 born before 2000"', [["2015", "Total"], ["2015", "born before 2000"]]),
    ],
)
def test_of_several_numbers_that_may_be_a_year_the_one_at_the_edge_where_all_headings_have_theirs_is(
    arrive: Arrive, reference: Reference, headings: str, expected: list[list[str]]
) -> None:
    (part,) = read(arrive("a.csv", headed(headings)), reference).parts
    assert told(part, "year", "category") == expected


@pytest.mark.parametrize(
    "headings", ['"2000 workers 2015";"1999 workers 2015"', '"Total 2015 men";"Under 2000 2015 men"']
)
def test_a_heading_whose_year_stays_unclear_is_named(arrive: Arrive, reference: Reference, headings: str) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("a.csv", headed(headings)), reference)
    assert "2000" in refusal.value.reason_vi
    assert "is the year is not clear" in refusal.value.reason_en


def test_a_heading_beside_a_column_of_years_has_none(arrive: Arrive, reference: Reference) -> None:
    content = (
        '"Firms by Cities, provinces, Size and Year"\r\n\r\n'
        '"Cities, provinces";"Year";"Under 2000 workers"\r\n"Phu Tho";"2015";1\r\n'
    )
    (part,) = read(arrive("a.csv", content), reference).parts
    assert told(part, "year", "category", "value") == [["2015", "Under 2000 workers", "1"]]


def test_years_may_stand_in_rows_and_places_in_columns(arrive: Arrive, reference: Reference) -> None:
    content = (
        '"Pay by Year and Cities, provinces"\r\n\r\n"Year";"WHOLE COUNTRY";"Phu Tho"\r\n'
        '"2018";5;6\r\n"Est. 2019";7;8\r\n'
    )
    (part,) = read(arrive("a.csv", content), reference).parts
    assert told(part, *TOLD) == [
        ["WHOLE COUNTRY", "2018", None, None, None, "5", None, "no"],
        ["WHOLE COUNTRY", "2019", None, None, None, "7", None, "yes"],
        ["Phu Tho", "2018", None, None, None, "6", None, "no"],
        ["Phu Tho", "2019", None, None, None, "8", None, "yes"],
    ]


def test_places_flattened_with_another_dimension_are_refused_with_the_reason(
    arrive: Arrive, reference: Reference
) -> None:
    content = '"Pay by Year, Sex and Cities, provinces"\r\n\r\n"Year";"Male Phu Tho"\r\n"2018";5\r\n'
    with pytest.raises(FileRejectedError, match="no column of cities and provinces"):
        read(arrive("a.csv", content), reference)


@pytest.mark.parametrize("by", ["chia theo", "theo"])
def test_a_table_in_vietnamese_is_read(arrive: Arrive, reference: Reference, by: str) -> None:
    content = (
        f'\ufeff"Lực lượng lao động phân theo địa phương (Nghìn người) {by} Tỉnh, thành phố, Giới tính và Năm"\r\n\r\n'
        '"Tỉnh, thành phố";"2022 Nam";"Sơ bộ 2023 Nữ"\r\n" CẢ NƯỚC";"52348,5";..\r\n"Phú Thọ";"1.234,5";"850,2"\r\n'
    )
    document = read(arrive("a.csv", content), reference)
    assert told(document.parts[0], *TOLD) == [
        ["CẢ NƯỚC", "2022", None, "Giới tính", "Nam", "52348,5", None, "no"],
        ["Phú Thọ", "2022", None, "Giới tính", "Nam", "1.234,5", None, "no"],
        ["CẢ NƯỚC", "2023", None, "Giới tính", "Nữ", None, "..", "yes"],
        ["Phú Thọ", "2023", None, "Giới tính", "Nữ", "850,2", None, "yes"],
    ]
    assert told(document.parts[0], "indicator", "measure_unit")[0] == [
        "Lực lượng lao động phân theo địa phương",
        "Nghìn người",
    ]
    assert document.parts[0].unit_code == "luc_luong_lao_dong_phan_theo_dia_phuong"
    verdict = judge_batch(PROVINCE_INDICATORS, [document], reference)
    assert verdict.good(0, [0]).column("value").to_pylist() == [52348.5, 1234.5, None, 850.2]


@pytest.mark.parametrize(
    "above",
    [
        '"Labour force (Thous. pers.) by Cities, provinces and Year"\r\n',
        '"Labour force by Cities, provinces and Year"\r\nUnit: Thous. pers.',
    ],
)
def test_the_unit_of_measure_stands_in_the_title_or_in_a_line_of_its_own(
    arrive: Arrive, reference: Reference, above: str
) -> None:
    content = f'{above}\r\n"Cities, provinces";"2015"\r\n"Phu Tho";1\r\n'
    (part,) = read(arrive("a.csv", content), reference).parts
    assert told(part, "indicator", "measure_unit", "value") == [["Labour force", "Thous. pers.", "1"]]
    assert part.unit_code == "labour_force"


def test_a_parenthesis_that_is_no_unit_stays_in_the_title(arrive: Arrive, reference: Reference) -> None:
    content = (
        '"Workers (15 and above) by Cities, provinces and Year"\r\n\r\n"Cities, provinces";"2015"\r\n"Phu Tho";1\r\n'
    )
    (part,) = read(arrive("a.csv", content), reference).parts
    assert told(part, "indicator", "measure_unit") == [["Workers (15 and above)", None]]


def test_sdmx_observations_come_as_a_part_per_indicator(arrive: Arrive, reference: Reference) -> None:
    content = (
        "\ufeff" + SDMX + "LF,Q,VN,EMP,F,Y15T24,PS,3,2023-Q1,519.4,P\n"
        "LF,Q,VN,EMP,F,,PS,3,2023-Q1,600,\n"
        "LF,Q,VN,EMP,,,PS,3,2023-Q2,na,\n"
        "LF,A,VN,INC,,,VND,0,2022,519.4sb,A\n"
    )
    document = read(arrive("a.csv", content), reference)
    assert [(part.unit_code, part.period.label, len(part.rows)) for part in document.parts] == [
        ("emp", "2023", 3),
        ("inc", "2022", 1),
    ]
    employed, income = document.parts
    assert told(employed, *TOLD) == [
        ["VN", "2023", "1", "SEX; AGE", "F; Y15T24", "519.4", "P", "yes"],
        ["VN", "2023", "1", "SEX", "F", "600", None, "no"],
        ["VN", "2023", "2", None, None, None, "na", "no"],
    ]
    assert told(employed, "measure_unit")[0] == ["PS x 10^3"]
    assert told(income, "measure_unit", "value", "flag") == [["VND", "519.4", "sb"]]
    assert judge_batch(PROVINCE_INDICATORS, [document], reference).bad(0) == []


def test_one_indicator_in_two_units_or_dimensions_is_told_apart(arrive: Arrive, reference: Reference) -> None:
    content = SDMX + (
        "LF,Q,VN,EMP,T,,PS,0,2023-Q1,50,\nLF,Q,VN,EMP,T,,PT,0,2023-Q1,97,\nLF,Q,VN,EMP,,T,PT,0,2023-Q1,98,\n"
        "LF,Q,VN,EMP,T,,PT,0,2023-Q1,96,\n"
    )
    verdict = judge_batch(PROVINCE_INDICATORS, [read(arrive("a.csv", content), reference)], reference)
    assert [(row.source_row, row.rules) for row in verdict.bad(0)] == [
        (3, ("conflicting_rows",)),
        (5, ("conflicting_rows",)),
    ]


def test_a_month_goes_back_and_is_not_counted_as_its_year(arrive: Arrive, reference: Reference) -> None:
    rows = SDMX + "LF,M,VN,EMP,,,PS,0,2023-05,1,\nLF,A,VN,EMP,,,PS,0,2023,12,\n"
    verdict = judge_batch(PROVINCE_INDICATORS, [read(arrive("a.csv", rows), reference)], reference)
    assert [(row.source_row, row.rules) for row in verdict.bad(0)] == [(2, ("year_missing",))]
    assert verdict.good(0, [0]).column("value").to_pylist() == [12]
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("b.csv", SDMX + "LF,M,VN,EMP,,,PS,0,2023-05,1,\n"), reference)
    assert refusal.value.rule == "no_rows"


def test_a_table_of_months_goes_back(arrive: Arrive, reference: Reference) -> None:
    title = '"Labour force by Cities, provinces and Year"'
    content = f'{title}\r\n\r\n"Cities, provinces";"2015M05";"2015"\r\n"Phu Tho";1;12\r\n'
    verdict = judge_batch(PROVINCE_INDICATORS, [read(arrive("a.csv", content), reference)], reference)
    assert [(row.source_sheet, row.rules) for row in verdict.bad(0)] == [("2015M05", ("year_missing",))]
    assert verdict.good(0, [0]).column("value").to_pylist() == [12]


def test_a_table_in_utf_16_is_read_and_its_footer_names_no_place(arrive: Arrive, reference: Reference) -> None:
    content = headed('"2022";"2023"') + '\r\n"Source: General Statistics Office"\r\n"Latest update: 2024-06-30";;\r\n'
    for encoded in (content.encode("utf-16"), content.encode()):
        (part,) = read(arrive("a.csv", encoded), reference).parts
        assert told(part, "place_name", "year", "value", "source_row") == [
            ["Phu Tho", "2022", "1", 4],
            ["Phu Tho", "2023", "2", 4],
        ]


def test_two_columns_of_one_heading_are_refused(arrive: Arrive, reference: Reference) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("a.csv", headed('"2019";"2019"')), reference)
    assert (refusal.value.rule, "2019" in refusal.value.reason_vi) == ("column_repeated", True)


def test_a_table_without_its_title_is_not_called_damaged(arrive: Arrive, reference: Reference) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        read(arrive("a.csv", '"Cities, provinces";"2022";"2023"\r\n"Phu Tho";1;2\r\n'), reference)
    assert refusal.value.rule != "file_unreadable"
