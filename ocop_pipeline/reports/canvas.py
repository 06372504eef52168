"""What all pictures share: paper, ink, the grid of small panels, and the way to PNG bytes.

Belongs here: matplotlib without its global state. Stays out: what a picture shows.

Matplotlib is imported where it is needed: it takes half a second, and most commands draw nothing.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = Mapping[str, Any]
"""A row of marts.kpi_scorecard by column name. The order of the rows is the order in the picture."""

INK, PALE, RULE, PAPER = "#1f2933", "#66707a", "#d9dee3", "#ffffff"
STATUS_COLOURS = {
    "met": "#2e7d32",
    "on_track": "#1769aa",
    "at_risk": "#c77700",
    "missed": "#b3261e",
    "tracked": "#607d8b",
    "not_measured": "#9aa3ab",
}
WIDTH = 11.0
"""Inches; at DPI it is as wide as Dagster shows a picture."""
DPI = 92
COLOURS = 96
"""Flat colours and their edges. A picture is kept in every night's record, so it has to be small."""
_PANEL_COLUMNS = 3
_HEAD, _NAMED, _GAP, _MARGIN = 0.55, 0.6, 0.3, 0.3
"""Inches: the title, a panel's heading, below a panel, beside it."""
_NAME_WIDTH = 40
_LABELS = 0.2
"""Inches at the right of a panel."""


def new_figure(height: float) -> "Figure":
    """An empty page, WIDTH x `height` inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=PAPER)


def title(figure: "Figure", text: str) -> None:
    """The page's title, at its upper left."""
    figure.text(0.02, 1 - 0.3 / figure.get_figheight(), text, size=15, weight="bold", color=INK, va="center")


def page(figure: "Figure") -> "Axes":
    """The whole page to draw on, in inches from its lower left corner."""
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, figure.get_figwidth()), ylim=(0, figure.get_figheight()))
    axes.set_axis_off()
    return axes


def panels(heading: str, count: int, height: float, foot: float) -> "tuple[Figure, list[Panel]]":
    """A page with room for `count` drawings, `height` inches high, and `foot` inches below them."""
    rows = -(-count // _PANEL_COLUMNS)
    figure = new_figure(_HEAD + rows * (height + _NAMED + _GAP) + foot)
    title(figure, heading)
    width = (WIDTH - 2 * _MARGIN) / _PANEL_COLUMNS
    found = []
    for number in range(count):
        row, column = divmod(number, _PANEL_COLUMNS)
        top = figure.get_figheight() - _HEAD - row * (height + _NAMED + _GAP) - _NAMED
        found.append(Panel(figure, _MARGIN + column * width, top - height, width - _MARGIN, height))
    return figure, found


@dataclass(frozen=True)
class Panel:
    """A place on a page, in inches from its lower left corner; its heading stands above it."""

    figure: "Figure"
    left: float
    bottom: float
    width: float
    height: float

    def head(self, name: str, beside: str = "", colour: str = INK) -> None:
        """The panel's name, and below it what it comes to."""
        wide, high = self.figure.get_size_inches()
        top = self.bottom + self.height
        below = 0.24 if beside else 0.08
        where: dict[str, Any] = {"va": "bottom", "ha": "left", "transform": self.figure.transFigure}
        # Two lines of much the same length read better than one and a word.
        name = name if len(name) <= _NAME_WIDTH else fill(name, len(name) // 2 + 6)
        self.figure.text(self.left / wide, (top + below) / high, name, size=8.5, weight="bold", color=INK, **where)
        self.figure.text(self.left / wide, (top + 0.07) / high, beside, size=8.5, color=colour, **where)

    def axes(self) -> "Axes":
        """Axes that fill it but for the labels at their right."""
        wide, high = self.figure.get_size_inches()
        box = (self.left / wide, self.bottom / high, (self.width - _LABELS) / wide, self.height / high)
        return self.figure.add_axes(box, facecolor="none")


def by_kpi(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each KPI, both in the order they came in."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["kpi_code"], []).append(row)
    return found


def png(figure: "Figure") -> bytes:
    """The page as a PNG with a palette of its own."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    content = io.BytesIO()
    drawn.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(content, "PNG", compress_level=9)
    return content.getvalue()
