from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from ocop_pipeline.reports.layout import as_table
from ocop_pipeline.reports.scorecard import Basis
from ocop_pipeline.reports.scorecard_sheet import Sheet, district_sheets, notes, province_sheet
from ocop_pipeline.reports.wording import Language, percent, worded, worded_difference, worded_target
from ocop_pipeline.settings import VIETNAM

DAY = date(2023, 11, 24)
BASIS = Basis(DAY)
PLAIN: Mapping[str, Any] = {
    "kpi_code": "certified_products",
    "kpi_name_en": "Certified products",
    "kpi_name_vi": "Sản phẩm từ 3 sao",
    "unit_code": "25",
    "unit_name": "Tỉnh Phú Thọ",
    "unit_generation_date": date(2020, 3, 1),
    "as_of_date": DAY,
    "value": Decimal(194),
    "numerator": Decimal(194),
    "denominator": None,
    "measure_unit": "product",
    "target_version": "4553/UBND-NNTN",
    "comparison": "at_least",
    "target_value": Decimal(228),
    "target_upper_value": None,
    "target_date": date(2025, 12, 31),
    "target_rule": "as_set",
    "gap": Decimal(34),
    "shortfall_count": Decimal(34),
    "progress_share": Decimal(0),
    "required_per_month": Decimal("1.36"),
    "forecast_value": Decimal("318.19"),
    "forecast_low": Decimal("258.8"),
    "forecast_high": Decimal("377.6"),
    "status": "on_track",
    "is_above_band": False,
    "has_series_break": False,
    "completeness": Decimal("0.998"),
    "is_suppressed": False,
    "row_count": 194,
    "build_id": 1350,
}
UNMEASURED: Mapping[str, Any] = {**PLAIN, "value": None, "status": "not_measured", "forecast_value": None, "gap": None}
COMMUNES: Mapping[str, Any] = {
    **PLAIN,
    "kpi_code": "participating_communes_share",
    "value": Decimal("0.475555555556"),
    "numerator": Decimal(107),
    "denominator": Decimal(225),
    "measure_unit": "share",
    "target_value": Decimal(1),
    "gap": Decimal("0.524444444444"),
    "shortfall_count": Decimal(118),
    "progress_share": None,
    "required_per_month": Decimal("0.021"),
    "forecast_value": Decimal("0.7267"),
    "forecast_low": Decimal("0.6898"),
    "forecast_high": Decimal("0.7636"),
}


def cells(row: Mapping[str, Any], language: Language = Language.EN) -> dict[str, str | None]:
    names = ("kpi", "value", "target", "gap", "way", "needed", "forecast", "status", "data")
    return dict(zip(names, province_sheet([dict(row)], BASIS, language).rows[0], strict=True))


def test_a_row_of_the_province_says_where_it_stands_and_where_it_is_going() -> None:
    assert cells(PLAIN) == {
        "kpi": "Certified products\ncertified_products",
        "value": "194",
        "target": "≥ 228",
        "gap": "34",
        "way": "0 %",
        "needed": "1.4",
        "forecast": "318\n(259–378)",
        "status": "on track",
        "data": "99 %",
    }


def test_a_share_shows_what_it_is_a_share_of_and_how_many_are_missing() -> None:
    found = cells(COMMUNES)
    assert (found["value"], found["gap"]) == ("47.6 %\n107 / 225", "52.4 pp\n(118 more)")
    assert (found["way"], found["needed"], found["forecast"]) == (None, "2.1 pp", "72.7 %\n(69.0–76.4)")


def test_the_whole_row_is_in_the_chosen_language() -> None:
    found = cells(COMMUNES, Language.VI)
    assert found["kpi"] == "Sản phẩm từ 3 sao\nparticipating_communes_share"
    assert (found["value"], found["gap"]) == ("47,6 %\n107 / 225", "52,4 điểm\n(còn 118)")
    assert found["status"] == "đúng tiến độ"


def test_a_target_that_is_exceeded_has_a_plus_and_needs_nothing_more() -> None:
    found = cells({**PLAIN, "gap": Decimal(-6), "required_per_month": Decimal(0), "status": "met"})
    assert (found["gap"], found["needed"], found["status"]) == ("+6", "0", "met")


def test_above_its_band_a_figure_is_met_and_flagged() -> None:
    assert cells({**PLAIN, "status": "met", "is_above_band": True})["status"] == "met\n(above band)"


def test_without_enough_month_ends_there_is_no_forecast_and_it_says_why() -> None:
    few = {**PLAIN, "forecast_value": None, "forecast_low": None, "forecast_high": None}
    assert cells(few)["forecast"] == "too few\npoints"
    assert cells({**few, "target_date": date(2023, 10, 31)})["forecast"] is None


@pytest.mark.parametrize(
    ("more", "why"),
    [({"row_count": 0}, "no data"), ({"row_count": 3}, "too few"), ({"row_count": 3, "is_suppressed": True}, "hidden")],
)
def test_what_is_not_measured_says_why(more: Mapping[str, Any], why: str) -> None:
    assert cells({**UNMEASURED, **more})["status"] == f"not measured:\n{why}"


def test_the_district_that_is_most_behind_comes_first_with_what_it_must_add() -> None:
    first = {**PLAIN, "unit_code": "227", "unit_name": "Thành phố Việt Trì", "status": "met"}
    second = {**PLAIN, "unit_code": "231", "unit_name": "Huyện Hạ Hoà", "status": "at_risk"}
    sheets = district_sheets([first, second], BASIS, Language.EN)
    assert [sheet.title for sheet in sheets] == [
        "Huyện Hạ Hoà (231), 24/11/2023: 1 at risk",
        "Thành phố Việt Trì (227), 24/11/2023: 1 met",
    ]
    assert sheets[0].rows[0][2:] == ["≥ 228", "34", "at risk"]
    assert sheets[1].rows[0][2:] == ["≥ 228", None, "met"]


def test_the_notes_name_day_document_ledger_and_what_was_known() -> None:
    now = notes([dict(PLAIN)], BASIS, "province", Language.EN)
    assert now[0] == ("Targets of 4553/UBND-NNTN for 31/12/2025. As of 24/11/2023, as known now: ledger position 1350.")
    then = Basis(DAY, datetime(2024, 1, 31, 9, 30, tzinfo=VIETNAM))
    assert "as known at 31/01/2024 09:30" in notes([dict(PLAIN)], then, "province", Language.EN)[0]
    assert "như đã biết lúc 31/01/2024 09:30" in notes([dict(PLAIN)], then, "province", Language.VI)[0]


def test_a_day_that_nobody_knows_yet_shows_what_is_left_without_renewals() -> None:
    ahead = Basis(date(2024, 2, 1), datetime(2024, 1, 31, tzinfo=VIETNAM))
    assert any("if nobody renewed" in note for note in notes([dict(PLAIN)], ahead, "province", Language.EN))
    assert not any("if nobody renewed" in note for note in notes([dict(PLAIN)], BASIS, "province", Language.EN))


def test_a_series_break_is_marked_at_the_figure_and_explained_below() -> None:
    broken = {**COMMUNES, "has_series_break": True, "unit_generation_date": date(2025, 7, 1)}
    assert cells(broken)["value"] == "47.6 % *\n107 / 225"
    assert any("changed on 01/07/2025" in note for note in notes([broken], BASIS, "province", Language.EN))


def test_only_districts_are_told_how_their_targets_came_about_and_what_to_do() -> None:
    shared = {**PLAIN, "target_rule": "by_commune_count"}
    found = notes([shared], BASIS, "district", Language.EN)
    assert any("by number of communes" in note for note in found)
    assert found[-1].endswith("ocop plan --as-of 2023-11-24 --unit CODE")
    assert not any("ocop plan" in note for note in notes([shared], BASIS, "province", Language.EN))


def width(sheet: Sheet) -> int:
    console = Console(width=500)
    table = as_table(sheet.columns, sheet.rows, first_width=sheet.first_width)
    return console.measure(table).minimum


@pytest.mark.parametrize("language", Language)
def test_the_widest_figures_fit_120_columns(language: Language) -> None:
    income = {
        **PLAIN,
        "measure_unit": "vnd_per_month",
        "value": Decimal("5802345.6"),
        "numerator": Decimal(24_400_000_000),
        "denominator": Decimal(4202),
        "target_value": Decimal(5_000_000),
        "target_upper_value": Decimal(7_000_000),
        "gap": Decimal(-802_345),
        "shortfall_count": None,
    }
    value = {**PLAIN, "measure_unit": "vnd", "forecast_value": Decimal(1_065_800_000_000), "target_value": None}
    rows = [dict(PLAIN), dict(COMMUNES), income, value, dict(UNMEASURED)]
    sheet = province_sheet(rows, BASIS, language)
    assert width(sheet) <= 120


@pytest.mark.parametrize(
    ("row", "english", "vietnamese"),
    [
        ({"comparison": "at_least", "target_value": Decimal(1), "measure_unit": "share"}, "≥ 100 %", "≥ 100 %"),
        ({"comparison": "strictly_more", "target_value": Decimal(6000)}, "> 6,000", "> 6.000"),
        ({"comparison": "every_unit", "target_value": Decimal(13)}, "all 13", "đủ 13"),
        (
            {
                "comparison": "band",
                "target_value": Decimal(5000000),
                "target_upper_value": Decimal(7500000),
                "measure_unit": "vnd_per_month",
            },
            "5–7.50 m đ",
            "5–7,50 triệu",
        ),
        ({"target_value": None}, None, None),
    ],
)
def test_a_target_is_worded_with_its_comparison(row: Mapping[str, Any], english: str, vietnamese: str) -> None:
    assert worded_target({**PLAIN, **row}, Language.EN) == english
    assert worded_target({**PLAIN, **row}, Language.VI) == vietnamese


def test_differences_of_shares_are_percentage_points() -> None:
    assert worded_difference(Decimal("0.0849"), "share", Language.EN) == "8.5 pp"
    assert worded(Decimal("0.0849"), "share", Language.EN) == "8.5 %"


@pytest.mark.parametrize(("share", "text"), [("0.999", "99 %"), ("1", "100 %"), ("1.25", "125 %"), ("-0.2", "-20 %")])
def test_nothing_short_of_the_whole_is_shown_as_the_whole(share: str, text: str) -> None:
    assert percent(Decimal(share), Language.EN) == text
