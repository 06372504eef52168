"""The districts as a tile map: one tile each, lying roughly as on the map, one small map per KPI.

Belongs here: rows of the marts and the places of the tiles into PNG bytes. Stays out: where the tiles lie (a seed),
and any arithmetic on a KPI but the share that a colour stands for.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_pipeline.reports.canvas import INK, PALE, PAPER, Panel, Row, by_kpi, page, panels, png
from ocop_pipeline.reports.layout import grouped
from ocop_pipeline.reports.wording import worded

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Tiles = Mapping[str, tuple[int, int]]
"""Row (1 = north) and column (1 = west) of each district, by its code."""

_TOWARDS_TARGET = ("#fdf3d8", "#f9dc8f", "#dcdf8a", "#a3cd80", "#2e7d32")
"""Under a quarter, a half, three quarters and all of the target; met."""
_OF_THE_LARGEST = ("#deeaf6", "#c3daef", "#9cc2e3", "#5b98cb", "#1b5e9b")
_WHITE_ON = {_TOWARDS_TARGET[-1], *_OF_THE_LARGEST[-2:]}
_HIDDEN, _UNMEASURED = "xxx", "//"
_HATCHED = "#dbe0e5"
_TARGET_VI = ("dưới ¼ mục tiêu", "từ ¼", "từ ½", "từ ¾", "đạt")
_LARGEST_VI = ("dưới 20 % mức cao nhất", "từ 20 %", "từ 40 %", "từ 60 %", "từ 80 %")
_IN_A_ROW = 4
_TILE_HEIGHT, _WIDEST_TILE, _GAP = 0.4, 0.9, 0.02
"""Inches."""
_BILLION = 1_000_000_000


def tiles_plot(rows: Sequence[Row], tiles: Tiles, place: str) -> bytes:
    """One map of the districts per KPI, coloured by the share of the district's target that is reached.

    Where no district has a target: by the share of the largest figure. `rows` are the districts' at one day, by KPI,
    with a `short_name`. If a district has no tile, all stand in rows, in their order.
    """
    kpis = by_kpi(rows)
    codes = [row["unit_code"] for row in next(iter(kpis.values()))]
    if not set(codes) <= set(tiles):
        tiles = {code: (1 + i // _IN_A_ROW, 1 + i % _IN_A_ROW) for i, code in enumerate(codes)}
    tile_rows = max(tiles[code][0] for code in codes)
    heading = f"Các huyện, thị, thành – {place}, đến ngày {rows[0]['as_of_date']:%d/%m/%Y}"
    figure, places = panels(heading, len(kpis), height=_TILE_HEIGHT * tile_rows, foot=0.4)
    axes = page(figure)
    found: list[_Tile] = []
    for panel, districts in zip(places, kpis.values(), strict=True):
        panel.head(districts[0]["kpi_name_vi"])
        found += _tiles_of(panel, districts, tiles)
    _draw(axes, found)
    _legend(figure, {tile.colour for tile in found})
    return png(figure)


@dataclass(frozen=True)
class _Tile:
    """One tile: its corner and width on the page in inches, what it says, and its colour or else its hatching."""

    left: float
    bottom: float
    width: float
    name: str
    value: str | None
    colour: str | None
    hatch: str | None


def _tiles_of(panel: Panel, districts: Sequence[Row], tiles: Tiles) -> Iterator[_Tile]:
    by_target = any(row["target_value"] is not None for row in districts)
    largest = max((float(row["value"]) for row in districts if row["value"] is not None), default=0.0)
    width = min(panel.width / max(tiles[row["unit_code"]][1] for row in districts), _WIDEST_TILE)
    top = panel.bottom + panel.height
    for row in districts:
        tile_row, tile_column = tiles[row["unit_code"]]
        colour = _by_target(row) if by_target else _by_largest(row, largest)
        hatch = None if colour else _HIDDEN if row["is_suppressed"] else _UNMEASURED
        corner = panel.left + (tile_column - 1) * width, top - tile_row * _TILE_HEIGHT
        yield _Tile(*corner, width, row["short_name"], _short(row), colour, hatch)


def _draw(axes: "Axes", tiles: Sequence[_Tile]) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    for hatch in (None, _HIDDEN, _UNMEASURED):
        alike = [tile for tile in tiles if tile.hatch == hatch]
        patches = [
            Rectangle((t.left + _GAP, t.bottom + _GAP), t.width - 2 * _GAP, _TILE_HEIGHT - 2 * _GAP) for t in alike
        ]
        colours = [tile.colour or PAPER for tile in alike]
        edge = _HATCHED if hatch else colours
        axes.add_collection(
            PatchCollection(patches, facecolor=colours, edgecolor=edge, hatch=hatch, linewidth=0.8), autolim=False
        )
    for tile in tiles:
        ink = PAPER if tile.colour in _WHITE_ON else INK
        across, high = tile.left + tile.width / 2, tile.bottom + _TILE_HEIGHT / 2
        where: dict[str, Any] = {"ha": "center", "va": "center", "color": ink}
        axes.text(across, high + (0.08 if tile.value else 0), tile.name, size=6.5, **where)
        if tile.value:
            axes.text(across, high - 0.08, tile.value, size=7.5, weight="bold", **where)


def _by_target(row: Row) -> str | None:
    """The colour of a figure held against the district's own target; one without a target is not judged."""
    if row["value"] is None:
        return None
    if row["status"] == "met":
        return _TOWARDS_TARGET[-1]
    if not row["target_value"]:
        return PAPER
    return _shade(_TOWARDS_TARGET[:-1], float(row["value"]) / float(row["target_value"]))


def _by_largest(row: Row, largest: float) -> str | None:
    if row["value"] is None:
        return None
    return _shade(_OF_THE_LARGEST, float(row["value"]) / largest if largest > 0 else 0.0)


def _short(row: Row) -> str | None:
    """The figure in a tile's width: millions of đồng as "73 tr"."""
    if row["measure_unit"] == "vnd" and row["value"] and abs(row["value"]) < _BILLION:
        return f"{grouped(float(row['value']) / 1e6, 0)} tr"
    value = worded(row["value"], row["measure_unit"])
    return value.replace(" triệu", " tr") if value else None


def _shade(colours: Sequence[str], share: float) -> str:
    return colours[min(max(int(share * len(colours)), 0), len(colours) - 1)]


def _legend(figure: "Figure", colours: AbstractSet[str | None]) -> None:
    """What the colours mean, as far as they are used."""
    from matplotlib.patches import Patch

    patches: list[Patch] = []
    for scale, labels in ((_TOWARDS_TARGET, _TARGET_VI), (_OF_THE_LARGEST, _LARGEST_VI)):
        if colours & set(scale):
            patches += [Patch(facecolor=colour, label=label) for colour, label in zip(scale, labels, strict=True)]
    for hatch, label in ((_HIDDEN, "không công bố"), (_UNMEASURED, "chưa đo")):
        patches.append(Patch(facecolor=PAPER, edgecolor=_HATCHED, hatch=2 * hatch, label=label))
    figure.legend(
        handles=patches,
        loc="lower left",
        bbox_to_anchor=(0.02, 0.0),
        ncols=len(patches),
        frameon=False,
        fontsize=7.5,
        handlelength=1.2,
        handletextpad=0.5,
        columnspacing=1.0,
        labelcolor=PALE,
    )
