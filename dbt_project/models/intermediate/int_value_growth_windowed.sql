-- One row per measured product, and one per file of its months. The evidence lists rows: both give one figure.
select
    valid_products.as_of_date,
    variants.variant,
    valid_products.territory_code,
    valid_products.product_key,
    variants.numerator,
    variants.denominator,
    variants.row_count,
    case when variants.variant != 'sum_over_sum' then valid_products.submission_id end as submission_id
from {{ ref('int_valid_products') }} as valid_products
inner join {{ ref('int_product_growth') }} as growths
    on
        valid_products.product_key = growths.product_key
        and valid_products.as_of_date >= growths.measured_date
cross join
    lateral (
        values
        -- 24 months and the certificate.
        ('', growths.growth_share, 1::numeric, 25),
        ('price', growths.price_growth_share, 1::numeric, 25),
        (
            'sum_over_sum',
            case when growths.growth_share is not null then growths.after_vnd - growths.before_vnd end,
            growths.before_vnd,
            24
        )
    ) as variants (variant, numerator, denominator, row_count)
where variants.numerator is not null

union all

select
    as_of.as_of_date,
    files.variant,
    files.territory_code,
    null as product_key,
    0 as numerator,
    0 as denominator,
    0 as row_count,
    files.submission_id
from {{ ref('as_of') }} as as_of
inner join {{ ref('int_value_growth_files') }} as files on as_of.as_of_date <@ files.counted_days
