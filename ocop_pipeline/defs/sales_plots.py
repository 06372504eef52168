"""The picture of online sales on their asset: by month and marketplace.

Belongs here: which rows it shows, and putting it into metadata. Stays out: drawing (`reports.sales_plot`).
"""

import dagster as dg

from ocop_pipeline.defs.scorecard_plots import rows_of, shown
from ocop_pipeline.defs.tables import TableMetadata
from ocop_pipeline.reports.sales_plot import sales_plot
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.server import Warehouse

SALES = dg.AssetKey(["marts", "fct_sales_daily"])
SALES_METADATA = ("sales_by_month",)
_MONTHS = """
    select
        sales.month_date,
        coalesce(names.marketplace_name, sales.marketplace) as marketplace_name,
        sum(sales.sold_vnd) filter (where sales.product_key is not null) as mapped_vnd,
        sum(sales.sold_vnd) filter (where sales.product_key is null) as unmapped_vnd
    from intermediate.int_sales_monthly as sales
    left join marts.dim_marketplace as names on sales.marketplace = names.marketplace
    where sales.month_date > (
        select max(newest.month_date) - interval '36 months' from intermediate.int_sales_monthly as newest
    )
    group by sales.month_date, names.sort_order, names.marketplace_name, sales.marketplace
    order by names.sort_order nulls last, marketplace_name, sales.month_date
"""


def sales_metadata(warehouse: Warehouse) -> TableMetadata:
    """The picture under the name of SALES_METADATA; without sales there is none."""
    (name,) = SALES_METADATA
    try:
        months = rows_of(warehouse, _MONTHS)
    except WarehouseError as error:
        return {name: f"not shown: {error}"}
    return {name: shown(name, sales_plot(months))} if months else {}
