-- Revenue and months reported in each as-of date's window, by file. The evidence lists rows: both give one figure.
with counted as (
    select
        months.as_of_date,
        spells.variant,
        spells.territory_code,
        spells.product_group,
        spells.revenue_vnd,
        spells.row_count,
        spells.expected_count,
        spells.submission_id
    from {{ ref('int_as_of_months') }} as months
    inner join {{ ref('int_product_value_spells') }} as spells
        on
            months.month_date = spells.month_date
            and months.as_of_date >= spells.counts_from
            and months.as_of_date < spells.counts_to
)

select
    as_of_date,
    variant,
    territory_code,
    product_group,
    revenue_vnd as numerator,
    null::numeric as denominator,
    row_count,
    submission_id
from counted

union all

select
    as_of_date,
    'months_reported' as variant,
    territory_code,
    product_group,
    expected_count as numerator,
    expected_count as denominator,
    expected_count as row_count,
    submission_id
from counted
where
    variant = ''
    and expected_count > 0

union all

select
    as_of_date,
    'months_reported' as variant,
    territory_code,
    product_group,
    0 as numerator,
    month_count as denominator,
    1 as row_count,
    submission_id
from {{ ref('int_product_months_missing_windowed') }}
