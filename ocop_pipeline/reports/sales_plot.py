"""Online sales as a picture: a bar per month, a colour per marketplace.

Belongs here: rows of sums into PNG bytes; the same rows give the same bytes. Stays out: reading the warehouse.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ocop_pipeline.reports.canvas import INK, PALE, RULE, WIDTH, Row, new_figure, png, title
from ocop_pipeline.reports.layout import grouped

_HEIGHT, _LEFT, _BOTTOM = 4.2, 0.8, 0.8
"""Inches."""
_COLOURS = ("#1769aa", "#c77700", "#2e7d32", "#7b4fa3", "#b3261e", "#00838f", "#8d6e63", "#607d8b")
_PALE_PART = 0.4
_MILLION, _BILLION = 10**6, 10**9
_MONTHS_NAMED = 12
_LEGEND_COLUMNS = 6


def sales_plot(rows: Sequence[Row]) -> bytes:
    """Sums by `month_date` and `marketplace_name`, in the order of the legend; the pale part is `unmapped_vnd`.

    A month without sales between two others stays empty. Returns of a month can outweigh its sales: such a part hangs
    below the line.
    """
    figure = new_figure(_HEIGHT)
    title(figure, "Doanh thu trực tuyến theo tháng và sàn")
    box = (_LEFT / WIDTH, _BOTTOM / _HEIGHT, 1 - (_LEFT + 0.3) / WIDTH, 1 - (_BOTTOM + 0.75) / _HEIGHT)
    axes = figure.add_axes(box, facecolor="none")
    months = _months(min(row["month_date"] for row in rows), max(row["month_date"] for row in rows))
    places = {month: place for place, month in enumerate(months)}
    highest = [0.0] * len(months)
    lowest = [0.0] * len(months)
    size, unit = _unit(rows)
    names = list(dict.fromkeys(row["marketplace_name"] for row in rows))
    for row in rows:
        colour = _COLOURS[names.index(row["marketplace_name"]) % len(_COLOURS)]
        place = places[row["month_date"]]
        for part, alpha in (("mapped_vnd", 1.0), ("unmapped_vnd", _PALE_PART)):
            height = float(row[part] or 0) / size
            stack = highest if height >= 0 else lowest
            axes.bar(place, height, width=0.8, bottom=stack[place], color=colour, alpha=alpha, linewidth=0)
            stack[place] += height
    _scales(axes, months, unit)
    handles = [_square(_COLOURS[number % len(_COLOURS)]) for number in range(len(names))]
    figure.legend(
        [*handles, _square(INK, _PALE_PART)],
        [*names, "phần nhạt: SKU chưa ánh xạ sang sản phẩm"],
        loc="lower left",
        bbox_to_anchor=(_LEFT / WIDTH - 0.01, 0),
        ncols=min(len(names) + 1, _LEGEND_COLUMNS),
        frameon=False,
        fontsize=8.5,
        labelcolor=INK,
    )
    return png(figure)


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [date(first.year + at // 12, at % 12 + 1, 1) for at in range(first.month - 1, first.month - 1 + count)]


def _unit(rows: Sequence[Row]) -> tuple[int, str]:
    largest = max(float(row["mapped_vnd"] or 0) + float(row["unmapped_vnd"] or 0) for row in rows)
    return (_BILLION, "tỷ đồng") if largest >= _BILLION else (_MILLION, "triệu đồng")


def _scales(axes: Any, months: Sequence[date], unit: str) -> None:  # noqa: ANN401 - matplotlib is imported late
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    step = -(-len(months) // _MONTHS_NAMED)
    axes.set_xlim(-0.7, max(len(months), _MONTHS_NAMED) - 0.3)
    axes.set_xticks(range(0, len(months), step), [f"{month:%m/%Y}" for month in months[::step]])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: grouped(value, 0 if value.is_integer() else 1)))
    axes.set_title(unit, loc="left", fontsize=8.5, color=PALE)
    axes.tick_params(length=0, labelsize=8.5, labelcolor=PALE)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)


def _square(colour: str, alpha: float = 1.0) -> Any:  # noqa: ANN401 - matplotlib is imported late
    from matplotlib.patches import Patch

    return Patch(color=colour, alpha=alpha, linewidth=0)
