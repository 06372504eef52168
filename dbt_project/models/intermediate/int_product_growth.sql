{{ config(materialized='ledger_table') }}

-- Before and after the month of the first decision of 3 stars or more. Neither depends on the as-of date.
with first_certified as (
    select
        product_key,
        date_trunc('month', min(valid_from)::timestamp)::date as certified_month_date
    from {{ ref('fct_certificates') }}
    where is_certified
    group by product_key
),

months as (
    select
        first_certified.product_key,
        first_certified.certified_month_date,
        product_values.revenue_vnd,
        product_values.mean_price_vnd,
        product_values.period_from > first_certified.certified_month_date as is_after
    from first_certified
    inner join {{ ref('fct_product_values') }} as product_values
        on
            first_certified.product_key = product_values.product_key
            and {{ is_around('product_values.period_from', 'first_certified.certified_month_date') }}
),

sums as (
    select
        product_key,
        certified_month_date,
        sum(revenue_vnd) filter (where not is_after) as before_vnd,
        sum(revenue_vnd) filter (where is_after) as after_vnd,
        case when count(mean_price_vnd) = 24 then sum(mean_price_vnd) filter (where not is_after) end
            as before_price_vnd
    from months
    group by product_key, certified_month_date
    having count(*) = 24
)

select
    sums.product_key,
    sums.certified_month_date,
    (sums.certified_month_date + interval '13 months' - interval '1 day')::date as measured_date,
    sums.before_vnd,
    sums.after_vnd,
    sums.before_price_vnd,
    trim_scale(sum({{ growth_part('months.revenue_vnd', 'sums.before_vnd', 'months.is_after') }})) as growth_share,
    trim_scale(
        sum({{ growth_part('months.mean_price_vnd', 'sums.before_price_vnd', 'months.is_after') }})
    ) as price_growth_share
from sums
inner join months on sums.product_key = months.product_key
group by
    sums.product_key,
    sums.certified_month_date,
    sums.before_vnd,
    sums.after_vnd,
    sums.before_price_vnd
