"""The pictures of the scorecard on its asset: the newest month end that was reported on, the trend, the districts.

Belongs here: which rows they show, and putting them into metadata. Stays out: drawing (`reports`).
"""

from base64 import b64encode
from datetime import date
from typing import Any

import dagster as dg

from ocop_pipeline.defs.tables import TableMetadata
from ocop_pipeline.reports.canvas import Row
from ocop_pipeline.reports.plots import scorecard_plot, trends_plot
from ocop_pipeline.reports.tile_map import tiles_plot
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

SCORECARD = dg.AssetKey(["marts", "kpi_scorecard"])
PLOT_METADATA = ("scorecard", "trends", "districts")
_PROVINCE = """
    select * from marts.kpi_scorecard
    where unit_code in (select value from seeds.kpi_parameters where parameter = 'programme_province')
        -- Beyond the last report there is nothing to see but what has ended since.
        and as_of_date < (select max(period_to) from marts.dim_submission where outcome like 'accepted%')
    order by kpi_sort_order, as_of_date
"""
_DISTRICTS = """
    select
        scorecard.*,
        (
            select
                case named.unit_type
                    when 'huyện' then substr(named.unit_name, 7)
                    else replace(replace(named.unit_name, 'Thành phố', 'TP'), 'Thị xã', 'TX')
                end
            from marts.dim_unit as named
            where named.unit_code = scorecard.unit_code and named.unit_kind = 'district' and named.is_in_scorecard
            order by named.valid_from
            limit 1
        ) as short_name
    from marts.kpi_scorecard as scorecard
    where scorecard.as_of_date = :as_of
        and scorecard.unit_code in (select unit_code from marts.dim_unit where unit_kind = 'district')
    order by scorecard.kpi_sort_order, scorecard.unit_sort_order
"""
_REPORTED_TO = "select max(period_to) from marts.fct_reporting where submission_id is not null"
_BREAKING = "select kpi_code from seeds.kpi_catalogue where breaks_with_units"
_TILES = "select unit_code, tile_row, tile_column from seeds.district_tiles"


def plot_metadata(warehouse: Warehouse) -> TableMetadata:
    """The pictures under the names of PLOT_METADATA; without any month end there are none.

    Where the seeds lack what they need, the night goes on without them and says so in their place.
    """
    try:
        return _pictures(warehouse)
    except WarehouseError as error:
        return {PLOT_METADATA[0]: f"not shown: {error}"}


def _pictures(warehouse: Warehouse) -> TableMetadata:
    history = rows_of(warehouse, _PROVINCE)
    if not history:
        return {}
    newest = _newest(warehouse, [row["as_of_date"] for row in history])
    place = history[0]["unit_name"]
    breaking = {row["kpi_code"] for row in rows_of(warehouse, _BREAKING)}
    tiles = {row["unit_code"]: (row["tile_row"], row["tile_column"]) for row in rows_of(warehouse, _TILES)}
    districts = rows_of(warehouse, _DISTRICTS, {"as_of": newest})
    now = [row for row in history if row["as_of_date"] == newest]
    pictures = [scorecard_plot(now, place), trends_plot(history, breaking, place)]
    pictures += [tiles_plot(districts, tiles, place)] if districts else []
    return {name: shown(name, picture) for name, picture in zip(PLOT_METADATA, pictures, strict=False)}


def _newest(warehouse: Warehouse, month_ends: list[date]) -> date:
    """The last month end of which anybody has reported: on a later one hardly anything is measured yet."""
    ((reported_to,),) = fetch(warehouse, _REPORTED_TO, role=Role.TRANSFORMER).rows
    reported = [day for day in month_ends if reported_to is not None and day < reported_to]
    return max(reported or month_ends)


def shown(name: str, picture: bytes) -> dg.MarkdownMetadataValue:
    """A PNG as Dagster shows it on an asset."""
    return dg.MetadataValue.md(f"![{name}](data:image/png;base64,{b64encode(picture).decode()})")


def rows_of(warehouse: Warehouse, sql: str, parameters: dict[str, Any] | None = None) -> list[Row]:
    """The rows of a query by column name, as the transformer sees them."""
    answer = fetch(warehouse, sql, parameters, role=Role.TRANSFORMER)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
