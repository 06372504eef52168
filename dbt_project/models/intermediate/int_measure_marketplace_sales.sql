-- A sum of many lines stands in no one row; the newest of its files is named.
select
    'marketplace_sales' as measure,
    product_key as subject_key,
    month_date as period_from,
    null::text as source_sheet,
    null::bigint as source_row,
    (month_date + interval '1 month')::date as period_to,
    sum(sold_vnd) as told_value,
    sum(sold_line_count)::bigint as row_count,
    max(submission_id) as submission_id
from {{ ref('int_sales_monthly') }}
where product_key is not null
group by product_key, month_date
