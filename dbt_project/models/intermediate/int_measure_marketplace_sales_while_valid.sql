-- The part of marketplace_sales on days with a valid certificate, also where that is none of it; told by the newest
-- decision on the product, where there is one.
with sales as (
    select
        sales.product_key,
        sales.month_date,
        sum(sales.sold_vnd) filter (where certificates.product_key is not null) as sold_vnd,
        coalesce(sum(sales.sold_line_count) filter (where certificates.product_key is not null), 0)::bigint
            as line_count
    from {{ ref('int_sales_daily') }} as sales
    left join {{ ref('fct_certificates') }} as certificates
        on
            sales.product_key = certificates.product_key
            and sales.order_date >= certificates.valid_from
            and sales.order_date < certificates.valid_to
    where
        sales.product_key is not null
        and sales.sold_line_count > 0
    group by sales.product_key, sales.month_date
),

newest as (
    select distinct on (product_key)
        product_key,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('fct_certificates') }}
    order by product_key asc, valid_from desc nulls last, event_key asc
)

select
    'marketplace_sales_while_valid' as measure,
    sales.product_key as subject_key,
    sales.month_date as period_from,
    sales.line_count as row_count,
    newest.submission_id,
    newest.source_sheet,
    newest.source_row,
    (sales.month_date + interval '1 month')::date as period_to,
    coalesce(sales.sold_vnd, 0) as told_value
from sales
left join newest on sales.product_key = newest.product_key
