{{ config(materialized='view') }}

select
    order_returns.marketplace,
    order_returns.shop_id,
    order_returns.order_id,
    order_returns.return_id,
    order_returns.line_key,
    order_returns.seller_sku,
    order_returns.platform_sku_id,
    order_returns.status,
    order_returns.returned_quantity,
    order_returns.refund_vnd,
    order_returns.requested_at,
    order_returns.returned_at,
    order_returns.load_id,
    order_returns.submission_id,
    order_returns.source_sheet,
    order_returns.source_row,
    exists(
        select from {{ ref('fct_order_lines') }} as order_lines
        where
            order_returns.order_id = order_lines.order_id
            and order_returns.shop_id = order_lines.shop_id
            and order_returns.marketplace = order_lines.marketplace
            and order_returns.line_key = order_lines.line_key
    ) as is_matched
from {{ ref('int_order_returns_newest') }} as order_returns
