-- What came back per item of an order, by returns files: each return as its newest export states it.
with told as (
    select
        order_returns.marketplace,
        order_returns.shop_id,
        order_returns.order_id,
        order_returns.line_key,
        order_returns.return_id,
        order_returns.status,
        order_returns.returned_quantity,
        order_returns.refund_vnd,
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
    line_key,
    sum(returned_quantity) as returned_quantity,
    -- Money given back without goods; of goods that came back the line's own price counts.
    sum(refund_vnd) filter (where coalesce(returned_quantity, 0) = 0) as refund_only_vnd
from told
where export_number = newest_number and status in ('accepted', 'completed')
group by marketplace, shop_id, order_id, line_key
