-- What came back per item of an order, by returns files.
select
    marketplace,
    shop_id,
    order_id,
    line_key,
    sum(returned_quantity) as returned_quantity,
    -- Money given back without goods; of goods that came back the line's own price counts.
    sum(refund_vnd) filter (where coalesce(returned_quantity, 0) = 0) as refund_only_vnd
from {{ ref('int_order_returns_newest') }}
where status in ('accepted', 'completed')
group by marketplace, shop_id, order_id, line_key
