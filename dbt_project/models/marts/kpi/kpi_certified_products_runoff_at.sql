-- Without a renewal a certificate ends with its own term, whatever decision really came later.
with ending as (
    select
        as_of_date,
        territory_code,
        date_trunc('month', term_to::timestamp)::date as ending_month,
        count(*) as product_count
    from {{ ref('int_valid_products') }}
    where is_certified
    group by as_of_date, territory_code, date_trunc('month', term_to::timestamp)
),

units as (
    select
        unit_code,
        unit_kind
    from {{ ref('dim_unit') }}
    where is_in_scorecard
    group by unit_code, unit_kind
),

months as (
    select
        as_of.as_of_date,
        (month_starts.month_start)::date as month_date
    from {{ ref('as_of') }} as as_of
    cross join
        lateral generate_series(
            as_of.window_to::timestamp,
            as_of.window_to + make_interval(months => {{ parameter('runoff_months') }} - 1),
            interval '1 month'
        ) as month_starts (month_start)
    where
        as_of.is_asked
        and as_of.as_of_date >= (
            select min(participations.event_date) from {{ ref('fct_participations') }} as participations
        )
)

select
    months.as_of_date,
    units.unit_code,
    (months.month_date + interval '1 month' - interval '1 day')::date as month_end_date,
    coalesce(sum(ending.product_count), 0)::bigint as certified_count,
    -- A certificate whose term is over on the first of the next month is still valid on the month end.
    coalesce(
        sum(ending.product_count) filter (where ending.ending_month > months.month_date), 0
    )::bigint as remaining_count,
    coalesce(
        sum(ending.product_count) filter (where ending.ending_month = months.month_date), 0
    )::bigint as ending_count
from months
cross join units
left join ending
    on
        months.as_of_date = ending.as_of_date
        and (
            units.unit_code = ending.territory_code
            or units.unit_kind = 'province'
        )
group by months.as_of_date, units.unit_code, months.month_date
