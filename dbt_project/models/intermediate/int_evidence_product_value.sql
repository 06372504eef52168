-- The reported months behind the KPI. It sums up files instead (int_product_values_windowed): both give one figure.
with reported as not materialized (
    select
        product_values.*,
        months.as_of_date
    from {{ ref('int_as_of_months') }} as months
    inner join {{ ref('fct_product_values') }} as product_values on months.month_date = product_values.period_from
    -- The months of one day's window are few; the planner expects those of any day, and would join all years first.
    where
        product_values.period_from >= (select min(windows.month_date) from {{ ref('int_as_of_months') }} as windows)
        and product_values.period_from <= (select max(windows.month_date) from {{ ref('int_as_of_months') }} as windows)
),

first_decisions as (
    select
        product_key,
        min(valid_from) as first_decision_date
    from {{ ref('fct_certificates') }}
    group by product_key
)

select
    reported.as_of_date,
    variants.variant,
    valid_products.territory_code,
    reported.product_key,
    valid_products.product_group,
    reported.period_from as month_date,
    variants.numerator,
    variants.denominator,
    reported.load_id,
    reported.submission_id,
    reported.source_sheet,
    reported.source_row
from reported
inner join {{ ref('int_valid_products') }} as valid_products
    on
        reported.as_of_date = valid_products.as_of_date
        and reported.product_key = valid_products.product_key
inner join first_decisions on reported.product_key = first_decisions.product_key
cross join
    lateral (
        values
        ('', reported.revenue_vnd, null),
        ('months_reported', case when first_decisions.first_decision_date < reported.period_to then 1 end, 1)
    ) as variants (variant, numerator, denominator)
where variants.numerator is not null

union all

select
    reported.as_of_date,
    'while_valid' as variant,
    products.territory_code,
    reported.product_key,
    coalesce(certificates.product_group, products.product_group, 'unknown') as product_group,
    reported.period_from as month_date,
    reported.revenue_vnd as numerator,
    null as denominator,
    reported.load_id,
    reported.submission_id,
    reported.source_sheet,
    reported.source_row
from reported
inner join {{ ref('fct_certificates') }} as certificates
    on
        reported.product_key = certificates.product_key
        and reported.period_to > certificates.valid_from
        and reported.period_to <= certificates.valid_to
inner join {{ ref('dim_product') }} as products
    on
        reported.product_key = products.product_key
        and products.is_in_programme

union all

select
    as_of_date,
    'months_reported' as variant,
    territory_code,
    product_key,
    product_group,
    null as month_date,
    0 as numerator,
    month_count as denominator,
    load_id,
    submission_id,
    source_sheet,
    source_row
from {{ ref('int_product_months_missing_windowed') }}
