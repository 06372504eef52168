{{ config(materialized='ledger_table', indexes=[{'columns': ['month_date']}]) }}

-- Expected from the month of the first decision on, for as long as any certificate runs.
with decided as (
    select
        product_key,
        date_trunc('month', min(valid_from)::timestamp) as first_month,
        -- A month that the last certificate does not outlive is in no window of a valid product.
        max(valid_to) - interval '1 month' as last_month
    from {{ ref('fct_certificates') }}
    where valid_from is not null
    group by product_key
),

expected as (
    select
        decided.product_key,
        months.month_start::date as month_date
    from decided
    cross join lateral generate_series(decided.first_month, decided.last_month, interval '1 month') as months (
        month_start
    )
)

select
    expected.product_key,
    expected.month_date
from expected
left join {{ ref('fct_product_values') }} as product_values
    on
        expected.product_key = product_values.product_key
        and expected.month_date = product_values.period_from
where product_values.product_key is null
