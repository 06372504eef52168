-- Each return as its newest export states it, whatever became of it.
with told as (
    select
        order_returns.*,
        exports.export_number,
        max(exports.export_number) over (
            partition by
                order_returns.marketplace, order_returns.shop_id, order_returns.order_id, order_returns.return_id
        ) as newest_number
    from {{ ref('stg_ecommerce_sales__order_returns') }} as order_returns
    inner join {{ ref('int_order_exports') }} as exports on order_returns.load_id = exports.load_id
)

select
    marketplace,
    shop_id,
    order_id,
    return_id,
    line_key,
    seller_sku,
    platform_sku_id,
    status,
    returned_quantity,
    refund_vnd,
    requested_at,
    returned_at,
    load_id,
    submission_id,
    source_sheet,
    source_row
from told
where export_number = newest_number
