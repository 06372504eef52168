import io
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from ocop_pipeline.reports.layout import SHEET_WIDTH, as_table
from ocop_pipeline.reports.scorecard import Basis
from ocop_pipeline.reports.scorecard_sheet import Sheet, district_sheets, notes, province_sheet
from ocop_pipeline.reports.wording import Language
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
    "forecast_method": "least_squares",
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
    "forecast_method": "least_squares",
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
    assert cells({**few, "forecast_method": "none_restarts_yearly"})["forecast"] == "new each\nyear"


def test_a_forecast_that_misses_a_counted_target_by_a_part_is_not_rounded_to_it() -> None:
    near = {"target_value": Decimal(9), "forecast_value": Decimal("8.54"), "forecast_low": Decimal("7.2")}
    assert cells({**PLAIN, **near, "forecast_high": Decimal("9.9")})["forecast"] == "8.5\n(7–10)"
    assert (
        cells({**PLAIN, **near, "forecast_value": Decimal("8.4"), "forecast_high": Decimal("9.9")})["forecast"]
        == "8\n(7–10)"
    )


def test_as_many_as_a_target_that_must_be_exceeded_lacks_one() -> None:
    equal = {"comparison": "strictly_more", "value": Decimal(228), "gap": Decimal(0)}
    assert cells({**PLAIN, **equal, "shortfall_count": Decimal(1)})["gap"] == "0\n(1 more)"
    assert cells({**PLAIN, **equal, "comparison": "at_least", "shortfall_count": Decimal(0)})["gap"] == "0"


def test_a_range_that_is_held_within_one_figure_is_not_shown() -> None:
    whole = {"value": Decimal("0.9"), "measure_unit": "share"}
    bounds = {name: Decimal(1) for name in ("forecast_value", "forecast_low", "forecast_high")}
    assert cells({**PLAIN, **whole, **bounds})["forecast"] == "100.0 %"


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


def money(value: int, low: int, high: int) -> Mapping[str, Any]:
    amounts = {"value": Decimal(value), "forecast_value": Decimal(value), "forecast_low": Decimal(low)}
    return {**PLAIN, **amounts, "forecast_high": Decimal(high), "measure_unit": "vnd", "gap": Decimal(-high)}


LONG: Mapping[str, Any] = {
    "kpi_name_en": "Share of communes with a product in the programme",
    "kpi_name_vi": "Huyện, thị, thành có điểm giới thiệu và bán sản phẩm OCOP",
    "kpi_code": "participating_communes_share",
}
INCOME: Mapping[str, Any] = {
    **PLAIN,
    "measure_unit": "vnd_per_month",
    "value": Decimal("5802345.6"),
    "numerator": Decimal(24_400_000_000),
    "denominator": Decimal(4202),
    "target_value": Decimal(5_000_000),
    "target_upper_value": Decimal(7_500_000),
    "gap": Decimal(-802_345),
    "shortfall_count": None,
}
HUGE: Mapping[str, Any] = {
    name: Decimal(9_876_543_210_987) for name, value in PLAIN.items() if isinstance(value, Decimal)
}
EXTREMES: Mapping[str, Mapping[str, Any]] = {
    "a count": PLAIN,
    "a share": COMMUNES,
    "a series break": {**COMMUNES, "has_series_break": True, "status": "at_risk"},
    "nothing of something": {**COMMUNES, "value": Decimal(0), "numerator": Decimal(0)},
    "an income": INCOME,
    "above its band": {**INCOME, "status": "met", "is_above_band": True},
    "some đồng": money(345_001, 1, 999_999),
    "millions": money(17_580_264, 53_664_335, 888_888_888),
    "billions": money(379_100_000_000, -999_999_999, 1_065_800_000_000),
    "huge": {**PLAIN, **HUGE, "measure_unit": "vnd", "target_value": Decimal(9_876_543_210_987)},
    "a huge count": {**PLAIN, **HUGE},
    "too few points": {**COMMUNES, "forecast_value": None, "forecast_low": None, "forecast_high": None},
    "not measured": {**UNMEASURED, "row_count": 0},
    "hidden": {**UNMEASURED, "is_suppressed": True},
    "too few to tell": UNMEASURED,
}


def printed(sheet: Sheet) -> str:
    console = Console(width=SHEET_WIDTH, file=io.StringIO())
    with console.capture() as capture:
        console.print(as_table(sheet.columns, sheet.rows, first_width=sheet.first_width))
    return capture.get()


def letters(texts: Iterable[str | None]) -> Counter[str]:
    """How often each letter stands in the texts, wherever their lines are folded."""
    return Counter("".join("".join((text or "").split()) for text in texts))


def sheets_of(rows: Iterable[Mapping[str, Any]], language: Language) -> list[Sheet]:
    objects = [dict(row) for row in rows]
    return [province_sheet(objects, BASIS, language), *district_sheets(objects, BASIS, language)]


@pytest.mark.parametrize("names", [*([name] for name in EXTREMES), [*EXTREMES]], ids=" ".join)
@pytest.mark.parametrize("language", Language)
def test_whatever_the_figures_no_column_is_dropped_or_cut_at_120_columns(names: list[str], language: Language) -> None:
    for sheet in sheets_of(({**EXTREMES[name], **LONG} for name in names), language):
        text = printed(sheet)
        cells = [*sheet.columns, *(cell for row in sheet.rows for cell in row)]
        assert letters([text.replace("─", "")]) == letters(cells)
        assert max(len(line) for line in text.splitlines()) <= SHEET_WIDTH


@pytest.mark.parametrize("language", Language)
def test_no_word_or_number_is_torn_while_the_figures_are_those_of_a_province(language: Language) -> None:
    rows = [{**row, **LONG} for name, row in EXTREMES.items() if "huge" not in name]
    for sheet in sheets_of(rows, language):
        text = printed(sheet)
        assert [word for row in sheet.rows for cell in row for word in (cell or "").split() if word not in text] == []


def test_zero_of_some_says_so() -> None:
    none = {**COMMUNES, "value": Decimal(0), "numerator": Decimal(0), "denominator": Decimal(4)}
    assert cells(none)["value"] == "0.0 %\n0 / 4"
    assert district_sheets([none], BASIS, Language.EN)[0].rows[0][1] == "0.0 %  0 / 4"


def test_a_count_of_so_many_and_a_mean_of_one_are_told_apart() -> None:
    points = {**PLAIN, "value": Decimal(7), "numerator": Decimal(7), "denominator": Decimal(13)}
    one = {**INCOME, "value": Decimal(6_000_000), "numerator": Decimal(6_000_000), "denominator": Decimal(1)}
    assert (cells(points)["value"], cells(one)["value"]) == ("7 / 13", "6.00 m đ\nmean of 1")


def test_the_range_of_a_forecast_is_in_the_unit_of_the_forecast() -> None:
    assert cells(money(1_100_000_000, 950_000_000, 1_250_000_000))["forecast"] == "1.1 bn đ\n(0.9–1.2)"
    assert cells(money(17_580_264, 800_000, 53_664_335))["forecast"] == "17.6 m đ\n(0.8–53.7)"
