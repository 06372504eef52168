-- Per measured product its certificate, which counts it, and its 24 months, which add up to its growth.
with measured as not materialized (
    select
        valid_products.*,
        growths.certified_month_date,
        growths.before_vnd,
        growths.before_price_vnd,
        growths.growth_share,
        growths.price_growth_share
    from {{ ref('int_valid_products') }} as valid_products
    inner join {{ ref('int_product_growth') }} as growths
        on
            valid_products.product_key = growths.product_key
            and valid_products.as_of_date >= growths.measured_date
),

months as (
    select
        measured.as_of_date,
        measured.territory_code,
        measured.product_key,
        measured.growth_share,
        measured.before_vnd,
        measured.before_price_vnd,
        product_values.period_from as month_date,
        product_values.revenue_vnd,
        product_values.mean_price_vnd,
        product_values.load_id,
        product_values.submission_id,
        product_values.source_sheet,
        product_values.source_row,
        product_values.period_from > measured.certified_month_date as is_after
    from measured
    inner join {{ ref('fct_product_values') }} as product_values
        on
            measured.product_key = product_values.product_key
            and {{ is_around('product_values.period_from', 'measured.certified_month_date') }}
)

select
    measured.as_of_date,
    variants.variant,
    measured.territory_code,
    measured.product_key,
    null as month_date,
    0::numeric as numerator,
    1::numeric as denominator,
    measured.load_id,
    measured.submission_id,
    measured.source_sheet,
    measured.source_row
from measured
cross join
    lateral (
        values
        ('', measured.growth_share),
        ('price', measured.price_growth_share)
    ) as variants (variant, growth_share)
where variants.growth_share is not null

union all

select
    months.as_of_date,
    variants.variant,
    months.territory_code,
    months.product_key,
    months.month_date,
    variants.numerator,
    variants.denominator,
    months.load_id,
    months.submission_id,
    months.source_sheet,
    months.source_row
from months
cross join
    lateral (
        values
        ('', {{ growth_part('months.revenue_vnd', 'months.before_vnd', 'months.is_after') }}, 0),
        ('price', {{ growth_part('months.mean_price_vnd', 'months.before_price_vnd', 'months.is_after') }}, 0),
        (
            'sum_over_sum',
            case
                when months.growth_share is null then null
                when months.is_after then months.revenue_vnd
                else -months.revenue_vnd
            end,
            case when months.is_after then 0 else months.revenue_vnd end
        )
    ) as variants (variant, numerator, denominator)
where variants.numerator is not null
