{{ config(materialized='ledger_table') }}

-- On which days a file's months count: products of one file are measured together, so that a few intervals say it.
with measured as (
    select
        growths.product_key,
        growths.certified_month_date,
        products.territory_code,
        growths.growth_share is not null as has_growth,
        growths.price_growth_share is not null as has_price_growth,
        range_agg(
            daterange(greatest(certificates.valid_from, growths.measured_date), certificates.valid_to)
        ) as counted_days
    from {{ ref('int_product_growth') }} as growths
    inner join {{ ref('dim_product') }} as products
        on
            growths.product_key = products.product_key
            and products.is_in_programme
    inner join {{ ref('fct_certificates') }} as certificates
        on
            growths.product_key = certificates.product_key
            and growths.measured_date < certificates.valid_to
            and certificates.valid_from < certificates.valid_to
    group by
        growths.product_key,
        growths.certified_month_date,
        has_growth,
        has_price_growth,
        products.territory_code
)

select
    variants.variant,
    measured.territory_code,
    product_values.submission_id,
    range_agg(measured.counted_days) as counted_days
from measured
inner join {{ ref('fct_product_values') }} as product_values
    on
        measured.product_key = product_values.product_key
        and {{ is_around('product_values.period_from', 'measured.certified_month_date') }}
cross join
    lateral (
        values
        ('', measured.has_growth),
        ('sum_over_sum', measured.has_growth),
        ('price', measured.has_price_growth)
    ) as variants (variant, is_measured)
where variants.is_measured
group by variants.variant, measured.territory_code, product_values.submission_id
