"""The scorecard of one unit as pictures: where it stands, and how it got there.

Belongs here: rows of the marts into PNG bytes; the same rows give the same bytes. Stays out: reading the warehouse,
and any arithmetic on a KPI.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING, Any

from ocop_pipeline.reports.canvas import (
    INK,
    PALE,
    PAPER,
    RULE,
    STATUS_COLOURS,
    Panel,
    Row,
    by_kpi,
    new_figure,
    panels,
    png,
    title,
)
from ocop_pipeline.reports.wording import STATUSES, Language, worded, worded_target

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE = "#1769aa"
_BAR_FROM, _BAR_TO = 65.0, 84.0
_NAME_WIDTH = 50
_LONG_TARGET = 14
_TICKS = 3


def scorecard_plot(rows: Sequence[Row], place: str) -> bytes:
    """The KPIs of one unit at one day: figure, target, the way from baseline to target, status.

    The bar begins at the baseline, at 0 where none is stated.
    """
    figure = new_figure(1.1 + 0.5 * len(rows))
    title(figure, f"Bộ chỉ tiêu OCOP – {place}, đến ngày {rows[0]['as_of_date']:%d/%m/%Y}")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, 100), ylim=(len(rows) + 0.2, -2))
    headings = ((48, "Kết quả"), (62, "Mục tiêu"))
    axes.text(2, -0.35, "Chỉ tiêu", size=9, color=PALE, va="center")
    for x, heading in headings:
        axes.text(x, -0.35, heading, size=9, color=PALE, ha="right", va="center")
    axes.text(_BAR_FROM, -0.35, "Từ xuất phát đến mục tiêu", size=9, color=PALE, va="center")
    axes.text(92, -0.35, "Trạng thái", size=9, color=PALE, ha="center", va="center")
    for number, row in enumerate(rows):
        middle = number + 0.5
        axes.plot((2, 98), (number, number), color=RULE, linewidth=0.8)
        axes.text(2, middle, fill(row["kpi_name_vi"], _NAME_WIDTH), size=10, color=INK, va="center")
        value = worded(row["value"], row["measure_unit"]) or "–"
        axes.text(48, middle, value, size=12, weight="bold", color=INK, ha="right", va="center")
        target = worded_target(row, Language.VI) or "–"
        size = 8.5 if len(target) > _LONG_TARGET else 10.5
        axes.text(62, middle, target, size=size, color=INK, ha="right", va="center")
        _progress(axes, row, middle)
        _status(axes, row, middle)
    return png(figure)


def trends_plot(rows: Sequence[Row], breaking: AbstractSet[str], place: str) -> bytes:
    """One panel per KPI: its month ends, its target, its forecast with the interval, its series breaks.

    `rows` are one unit's, by KPI and then by date; `breaking` names the KPIs whose series break where one list of
    communes follows another.
    """
    kpis = by_kpi(rows)
    figure, places = panels(f"Diễn biến từng tháng – {place}", len(kpis), height=1.2, foot=0.2)
    days = [row["as_of_date"] for row in rows]
    days += [row["target_date"] for row in rows if row["target_date"] is not None]
    for panel, (kpi_code, series) in zip(places, kpis.items(), strict=True):
        measured = [row for row in series if row["value"] is not None]
        newest = measured[-1] if measured else series[-1]
        axes = panel.axes()
        axes.set_xlim(min(days), max(days))
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.spines["bottom"].set_color(RULE)
        _head(panel, newest)
        if measured:
            _month_ends(axes, series)
            _target(axes, series[-1])
            _forecast(axes, series[-1])
            if kpi_code in breaking:
                _series_breaks(axes, series)
        _scales(axes, newest)
    legend = "- - mục tiêu     ◆ dự báo tại hạn, khoảng 95 %     ┊ đổi danh mục xã: chuỗi số liệu bị ngắt"
    figure.text(0.035, 0.12 / figure.get_figheight(), legend, size=8.5, color=PALE)
    return png(figure)


def _progress(axes: "Axes", row: Row, middle: float) -> None:
    """The way from baseline to target; its ends are named where the bar ends."""
    if not row["target_value"] or row["value"] is None:
        return
    start = float(row["baseline_value"] or 0)
    share = row["progress_share"]
    if share is None:
        share = float(row["value"]) / float(row["target_value"])
    done = min(max(float(share), 0.0), 1.0)
    length = _BAR_TO - _BAR_FROM
    axes.barh(middle - 0.1, length, height=0.26, left=_BAR_FROM, color="#eceff2")
    axes.barh(middle - 0.1, length * done, height=0.26, left=_BAR_FROM, color=STATUS_COLOURS[row["status"]])
    below: dict[str, Any] = {"size": 7.5, "color": PALE, "va": "center"}
    beginning = worded(start, row["measure_unit"]) if start else "0"
    axes.text(_BAR_FROM, middle + 0.25, beginning or "", **below)
    axes.text(_BAR_TO, middle + 0.25, worded(row["target_value"], row["measure_unit"]) or "", ha="right", **below)
    way = "dưới mức xuất phát" if share < 0 else f"{round(float(share) * 100)} %"
    axes.text((_BAR_FROM + _BAR_TO) / 2, middle + 0.25, way, ha="center", **below)


def _status(axes: "Axes", row: Row, middle: float) -> None:
    label = _status_vi(row) + (", vượt khung" if row["is_above_band"] else "")
    box = {"boxstyle": "round,pad=0.35", "facecolor": STATUS_COLOURS[row["status"]], "edgecolor": "none"}
    axes.text(92, middle, label, size=9, weight="bold", color=PAPER, ha="center", va="center", bbox=box)


def _head(panel: Panel, newest: Row) -> None:
    if newest["value"] is None:
        panel.head(newest["kpi_name_vi"], _status_vi(newest), PALE)
        return
    value = worded(newest["value"], newest["measure_unit"])
    panel.head(newest["kpi_name_vi"], f"{value} · {newest['as_of_date']:%m/%Y}", _LINE)


def _month_ends(axes: "Axes", series: Sequence[Row]) -> None:
    days = [row["as_of_date"] for row in series]
    values = [float("nan") if row["value"] is None else float(row["value"]) for row in series]
    axes.fill_between(days, values, color=_LINE, alpha=0.13, linewidth=0)
    axes.plot(days, values, color=_LINE, linewidth=1.5)


def _target(axes: "Axes", newest: Row) -> None:
    if newest["target_value"] is None:
        return
    lower = float(newest["target_value"])
    axes.axhline(lower, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
    if newest["target_upper_value"] is not None:
        upper = float(newest["target_upper_value"])
        axes.axhline(upper, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.axhspan(lower, upper, color=STATUS_COLOURS["met"], alpha=0.08, linewidth=0)


def _forecast(axes: "Axes", newest: Row) -> None:
    """From the newest month end to the target date."""
    if newest["forecast_value"] is None:
        return
    now, then = newest["as_of_date"], newest["target_date"]
    value, colour = float(newest["forecast_value"]), STATUS_COLOURS[newest["status"]]
    axes.plot((now, then), (float(newest["value"]), value), color=colour, linewidth=1, linestyle=":")
    axes.plot((then,), (value,), "D", color=colour, markersize=4, clip_on=False)
    if newest["forecast_low"] is not None:
        ends = float(newest["forecast_low"]), float(newest["forecast_high"])
        axes.plot((then, then), ends, color=colour, linewidth=2, alpha=0.5, solid_capstyle="butt", clip_on=False)


def _series_breaks(axes: "Axes", series: Sequence[Row]) -> None:
    for before, after in pairwise(series):
        if before["unit_generation_date"] != after["unit_generation_date"]:
            axes.axvline(after["unit_generation_date"], color=STATUS_COLOURS["missed"], linewidth=1, linestyle=":")


def _scales(axes: "Axes", newest: Row) -> None:
    from matplotlib.dates import DateFormatter, YearLocator
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(YearLocator())
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    axes.tick_params(length=0, labelsize=7.5, labelcolor=PALE)
    if newest["value"] is None:
        axes.set_yticks([])
        return
    low = min(axes.dataLim.y0, 0.0)
    axes.set_ylim(low, max(axes.dataLim.y1, 0.0) * 1.08 or 1.0)
    axes.yaxis.set_major_locator(MaxNLocator(_TICKS))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: (worded(value, newest["measure_unit"]) or "").replace(",0 %", " %"))
    )
    axes.yaxis.tick_right()
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)


def _status_vi(row: Row) -> str:
    return STATUSES[Language.VI][row["status"]]
