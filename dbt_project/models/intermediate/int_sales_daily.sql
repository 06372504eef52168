{{ config(
    materialized='ledger_table',
    indexes=[{'columns': ['order_date', 'shop_id']}],
    touched=on_touched_days()
) }}

select
    order_date,
    marketplace,
    shop_id,
    sku,
    product_key,
    submission_id,
    date_trunc('month', order_date::timestamp)::date as month_date,
    max(product_name) as product_name,
    count(*) as line_count,
    count(*) filter (where is_sold) as sold_line_count,
    count(*) filter (where status in ('cancelled', 'failed_delivery', 'returned_full')) as cancelled_line_count,
    sum(sold_quantity) as sold_quantity,
    sum(sold_vnd) as sold_vnd,
    coalesce(sum(sold_vnd) filter (where is_bulk_order), 0) as bulk_sold_vnd
from {{ ref('fct_order_lines') }}
where
    true
    {{ when_touched('and ' ~ on_touched_days()) }}
group by order_date, marketplace, shop_id, sku, product_key, submission_id
