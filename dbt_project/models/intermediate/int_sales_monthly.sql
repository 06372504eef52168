{{ config(
    materialized='ledger_table',
    indexes=[{'columns': ['month_date']}],
    touched='month_date = any(array(select days.month_date from touched_days as days))'
) }}

select
    month_date,
    marketplace,
    product_key,
    submission_id,
    sum(sold_line_count) as sold_line_count,
    sum(sold_quantity) as sold_quantity,
    sum(sold_vnd) as sold_vnd
from {{ ref('int_sales_daily') }}
where
    sold_line_count > 0
    {{ when_touched("and order_date = any(array(
        select whole_month.day::date
        from (select distinct days.month_date from touched_days as days) as months
        cross join lateral generate_series(
            months.month_date, months.month_date + interval '1 month - 1 day', interval '1 day'
        ) as whole_month (day)
    ))") }}
group by month_date, marketplace, product_key, submission_id
