-- A geometric mean: one month that is wrong by a factor moves it little, and a season moves it less than a slip does.
with told as (
    select
        product_key,
        period_from,
        period_to,
        exp(avg(ln(revenue_vnd::double precision)) over history) as told_value,
        count(*) over history as row_count,
        max(submission_id) over history as submission_id,
        first_value(source_sheet) over history as source_sheet,
        first_value(source_row) over history as source_row
    from {{ ref('fct_product_values') }}
    -- Who sells nothing in a month has not slipped.
    where revenue_vnd > 0
    window history as (
        partition by product_key
        order by period_from asc
        groups between 12 preceding and 1 preceding
    )
)

select
    'usual_revenue' as measure,
    product_key as subject_key,
    period_from,
    period_to,
    row_count,
    submission_id,
    round(told_value::numeric, -3) as told_value,
    case when row_count = 1 then source_sheet end as source_sheet,
    case when row_count = 1 then source_row end as source_row
from told
where row_count > 0
