select
    order_date,
    marketplace,
    shop_id,
    product_key,
    submission_id,
    date_trunc('month', order_date::timestamp)::date as month_date,
    count(*) as line_count,
    count(*) filter (where status in ('delivered', 'completed', 'returned_part', 'returned_full'))
        as sold_line_count,
    count(*) filter (where status in ('cancelled', 'failed_delivery', 'returned_full')) as cancelled_line_count,
    sum(sold_quantity) as sold_quantity,
    sum(sold_vnd) as sold_vnd
from {{ ref('fct_order_lines') }}
group by order_date, marketplace, shop_id, product_key, submission_id
