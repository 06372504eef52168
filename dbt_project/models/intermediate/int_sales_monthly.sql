{{ config(materialized='ledger_table') }}

select
    month_date,
    marketplace,
    product_key,
    submission_id,
    sum(sold_line_count) as sold_line_count,
    sum(sold_quantity) as sold_quantity,
    sum(sold_vnd) as sold_vnd
from {{ ref('fct_sales_daily') }}
where sold_line_count > 0
group by month_date, marketplace, product_key, submission_id
