"""How a table is shown on an asset: its row count and its first rows.

Belongs here: the metadata of one table or of a few rows. Stays out: which asset gets them, and what a figure means.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

import dagster as dg

from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

TableMetadata = Mapping[str, int | str | dg.MetadataValue[Any]]

SUPPRESSED = frozenset(column.name for form in ALL_FORMS for column in form.columns if column.is_suppressed)
"""Measures about people (workers, incomes): a preview of a few rows would publish them for single entities."""
CODES = frozenset(column.name for form in ALL_FORMS for column in form.columns if column.may_hold_citizen_id)
"""Columns of the forms in which household businesses say their owners' tax codes."""
FIGURES = frozenset({"numerator", "denominator", "difference", "relative_difference"}) | {
    f"{side}value" for side in ("", "measure_", "left_", "right_")
}
"""Before the marts nothing has been hidden in them yet."""
HIDDEN = "•••"
PREVIEW_ROWS = 5
PREVIEW_COLUMNS = 16
_PREVIEW_SECONDS = 1
"""At ten million order lines one of the views takes minutes to its first row."""
INLINE_LENGTH = 1000
"""Dagster's page shows a longer text only behind a link."""
LONGEST_CELL = 60
ROW_COUNT, PREVIEW = TABLE_METADATA = "dagster/row_count", "preview"


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """The rows as a markdown table; a text that is too long for a cell is cut, and none can break the table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def preview_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], suppressed: AbstractSet[str] = SUPPRESSED
) -> dg.MarkdownMetadataValue:
    """The first columns of a few rows, as many as the page shows, with the suppressed measures hidden."""
    columns = columns[:PREVIEW_COLUMNS]
    hidden = [column in suppressed for column in columns]
    shown = [[HIDDEN if hide else cell for hide, cell in zip(hidden, row, strict=False)] for row in rows]
    table = markdown_table(columns, shown)
    while len(table.md_str or "") >= INLINE_LENGTH and len(shown) > 1:
        shown.pop()
        table = markdown_table(columns, shown)
    return table


def raw_table_metadata(warehouse: Warehouse, form: str) -> TableMetadata:
    """Rows ever loaded (from the ledger: `raw` is append-only) and the first rows of the newest load."""
    loads = """
        select coalesce(sum(row_count), 0), max(load_id) from ingest.load where form = :form and rows_of is null
    """
    # Asked for by its number: of a subquery the planner expects so many rows that it reads the whole table.
    preview = f"""
        select * from raw.{form} where load_id = :newest
        order by source_sheet, source_row limit {PREVIEW_ROWS}
    """  # noqa: S608 - a form of ours
    ((row_count, newest),) = fetch(warehouse, loads, {"form": form}, role=Role.LOADER).rows
    shown = fetch(warehouse, preview, {"newest": newest}, role=Role.LOADER)
    return {ROW_COUNT: int(row_count), PREVIEW: preview_table(shown.columns, shown.rows, SUPPRESSED | CODES)}


def relation_metadata(
    warehouse: Warehouse, relation: str, hidden: AbstractSet[str], *, is_view: bool = False
) -> TableMetadata:
    """First rows of a relation, by its quoted name, and how many it has; a view is not counted, which would compute it.

    Hidden are the columns `hidden` and the suppressed measures. A view over all days shows the rows of today: for every
    month end since 2020 those behind all figures are millions. One that does not answer in time is shown without its
    rows rather than slow the night.
    """
    today = datetime.now(tz=VIETNAM).date()
    preview = f"select * from {relation} limit {PREVIEW_ROWS}"  # noqa: S608 - a relation of ours
    count = f"select count(*) from {relation}"  # noqa: S608 - a relation of ours
    try:
        shown = fetch(warehouse, preview, role=Role.TRANSFORMER, as_of=today, seconds=_PREVIEW_SECONDS)
        counted = None if is_view else fetch(warehouse, count, role=Role.TRANSFORMER)
    except WarehouseError as error:
        return {PREVIEW: f"not shown: {error}"}
    figures = FIGURES if relation.startswith('"intermediate".') else frozenset[str]()
    table = preview_table(shown.columns, shown.rows, SUPPRESSED | figures | hidden)
    return {PREVIEW: table} if counted is None else {ROW_COUNT: int(counted.rows[0][0]), PREVIEW: table}


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 1] + "…"
    return text.replace("|", "\\|")
