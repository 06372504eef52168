with figures as (
    {{ kpi_rows(
        ref('int_value_growth_windowed'),
        ratios=['', 'price', 'sum_over_sum'],
        least=parameter('value_growth_minimum_products'),
        row_count='row_count'
    ) | indent(4) }}
),

-- Beside its mean, not joined to it: the planner expects one row and goes through all means for each.
beside_mean as (
    select
        *,
        max(value) filter (where variant = '') over (partition by as_of_date, unit_code) as mean_value
    from figures
),

means as (
    select * from beside_mean
    where variant = ''
),

units as (
    select
        unit_code,
        unit_kind
    from {{ ref('dim_unit') }}
    where is_in_scorecard
    group by unit_code, unit_kind
),

-- The names of the columns come first: the alias of a column must not be the word `value`.
medians (as_of_date, unit_code, value) as (
    select
        products.as_of_date,
        units.unit_code,
        trim_scale(round(percentile_cont(0.5) within group (order by products.numerator)::numeric, 12))
    from {{ ref('int_value_growth_windowed') }} as products
    inner join units
        on
            products.territory_code = units.unit_code
            or units.unit_kind = 'province'
    where
        products.variant = ''
        and products.product_key is not null
    group by products.as_of_date, units.unit_code
),

answers (
    as_of_date, unit_code, variant, breakdown, member, value, numerator, denominator, row_count, submission_count
) as (
    select
        as_of_date,
        unit_code,
        variant,
        breakdown,
        member,
        -- Its denominator is money: how many products there are is told by the KPI itself.
        case when variant != 'sum_over_sum' or mean_value is not null then value end,
        trim_scale(numerator),
        denominator,
        row_count,
        submission_count
    from beside_mean

    union all

    select
        means.as_of_date,
        means.unit_code,
        'median',
        means.breakdown,
        means.member,
        medians.value,
        medians.value::numeric,
        null,
        means.row_count,
        means.submission_count
    from means
    left join medians
        on
            means.as_of_date = medians.as_of_date
            and means.unit_code = medians.unit_code
            -- Too few for a mean are too few for a median.
            and means.value is not null
)

select * from answers
