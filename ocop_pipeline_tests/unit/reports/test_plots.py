"""The pictures of the scorecard: small, repeatable, and honest about what is hidden or missing."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from ocop_pipeline.reports.canvas import STATUS_COLOURS
from ocop_pipeline.reports.plots import scorecard_plot, trends_plot
from ocop_pipeline.reports.tile_map import tiles_plot

MONTH_ENDS = (date(2024, 11, 30), date(2024, 12, 31), date(2025, 1, 31))
MET_GREEN, LARGEST_BLUE = (46, 125, 50), (27, 94, 155)
SERIES_BREAK = STATUS_COLOURS["missed"]


def row(**given: Any) -> dict[str, Any]:  # noqa: ANN401
    """A row of the scorecard: 60 of 100 products, begun at 50, on the way."""
    usual = {
        "kpi_code": "certified_products",
        "kpi_name_vi": "Sản phẩm OCOP từ 3 sao trở lên còn hiệu lực",
        "as_of_date": MONTH_ENDS[-1],
        "unit_code": "1",
        "unit_generation_date": date(2020, 3, 1),
        "short_name": "Đoan Hùng",
        "value": Decimal(60),
        "measure_unit": "product",
        "comparison": "at_least",
        "target_value": Decimal(100),
        "target_upper_value": None,
        "baseline_value": Decimal(50),
        "progress_share": Decimal("0.2"),
        "target_date": date(2025, 12, 31),
        "forecast_value": Decimal(110),
        "forecast_low": Decimal(90),
        "forecast_high": Decimal(130),
        "status": "on_track",
        "is_above_band": False,
        "is_suppressed": False,
    }
    return {**usual, **given}


def unmeasured(**given: Any) -> dict[str, Any]:  # noqa: ANN401
    nothing = dict.fromkeys(("value", "progress_share", "forecast_value", "forecast_low", "forecast_high"))
    return row(**{**nothing, "status": "not_measured", **given})


def pixels_near(picture: bytes, colour: tuple[int, int, int], tolerance: int = 6) -> int:
    """How many pixels have that colour, but for what a palette rounds."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    counted = image.getcolors(image.width * image.height) or []
    return sum(
        number
        for number, found in counted
        if isinstance(found, tuple) and all(abs(a - b) <= tolerance for a, b in zip(found, colour, strict=True))
    )


def rgb(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def test_twelve_kpis_make_pictures_that_are_small_and_the_same_each_time() -> None:
    kpis = [row(kpi_code=f"kpi_{number}") for number in range(12)]
    history = [{**kpi, "as_of_date": day} for kpi in kpis for day in MONTH_ENDS]
    districts = [{**kpi, "unit_code": str(unit), "value": Decimal(10 * unit)} for kpi in kpis for unit in range(13)]
    tiles = {str(unit): (1 + unit // 4, 1 + unit % 4) for unit in range(13)}
    for draw in (
        lambda: scorecard_plot(kpis, "Tỉnh"),
        lambda: trends_plot(history, set(), "Tỉnh"),
        lambda: tiles_plot(districts, tiles, "Tỉnh"),
    ):
        assert draw() == draw()
        assert draw().startswith(b"\x89PNG")
        assert len(draw()) < 75_000


def test_the_bar_shows_the_way_from_baseline_to_target_in_the_colour_of_the_status() -> None:
    full = scorecard_plot([row(status="met", value=Decimal(100), progress_share=Decimal(1))], "Tỉnh")
    half = scorecard_plot([row(status="met", progress_share=Decimal("0.5"))], "Tỉnh")
    none = scorecard_plot([row(status="met", progress_share=Decimal(-4))], "Tỉnh")
    green = [pixels_near(picture, MET_GREEN) for picture in (full, half, none)]
    bar = green[0] - green[2]
    assert green[2] > 0  # the chip
    assert green[1] - green[2] == pytest.approx(bar / 2, rel=0.05)


@pytest.mark.parametrize("target", [None, Decimal(0)])
def test_a_kpi_without_a_target_has_no_bar(target: Decimal | None) -> None:
    shown = scorecard_plot([row(target_value=target, progress_share=None, status="tracked")], "Tỉnh")
    assert shown.startswith(b"\x89PNG")


def test_a_kpi_that_nobody_measured_is_an_empty_panel() -> None:
    history = [unmeasured(as_of_date=day) for day in MONTH_ENDS]
    assert pixels_near(trends_plot(history, {"certified_products"}, "Tỉnh"), rgb("#1769aa")) == 0
    assert scorecard_plot(history[-1:], "Tỉnh").startswith(b"\x89PNG")


def test_a_new_list_of_communes_is_marked_where_it_breaks_the_series_only() -> None:
    history = [row(as_of_date=day) for day in MONTH_ENDS]
    history[-1]["unit_generation_date"] = date(2025, 1, 1)
    broken = trends_plot(history, {"certified_products"}, "Tỉnh")
    unbroken = trends_plot(history, set(), "Tỉnh")
    red = [pixels_near(picture, rgb(SERIES_BREAK), 40) for picture in (broken, unbroken)]
    assert red[0] > red[1] == 0


def test_a_district_that_met_its_own_target_is_green_and_without_targets_the_largest_is_blue() -> None:
    tiles = {"1": (1, 1), "2": (1, 2)}
    judged = [row(status="met"), row(unit_code="2", value=Decimal(10), status="at_risk")]
    alone = [{**district, "target_value": None, "status": "tracked"} for district in judged]
    assert pixels_near(tiles_plot(judged, tiles, "Tỉnh"), MET_GREEN) > 1000
    assert pixels_near(tiles_plot(judged, tiles, "Tỉnh"), LARGEST_BLUE) == 0
    assert pixels_near(tiles_plot(alone, tiles, "Tỉnh"), LARGEST_BLUE) > 1000


def test_a_hidden_figure_has_a_hatching_of_its_own_and_no_colour() -> None:
    tiles = {"1": (1, 1)}
    hidden = tiles_plot([unmeasured(is_suppressed=True)], tiles, "Tỉnh")
    missing = tiles_plot([unmeasured()], tiles, "Tỉnh")
    assert hidden != missing
    for picture in (hidden, missing):
        assert pixels_near(picture, MET_GREEN) == pixels_near(picture, LARGEST_BLUE) == 0


def test_districts_without_tiles_stand_in_rows() -> None:
    districts = [row(unit_code=str(unit), short_name=f"Huyện {unit}") for unit in range(6)]
    rows = {str(unit): (1 + unit // 4, 1 + unit % 4) for unit in range(6)}
    assert tiles_plot(districts, {"0": (3, 3)}, "Tỉnh") == tiles_plot(districts, rows, "Tỉnh")
