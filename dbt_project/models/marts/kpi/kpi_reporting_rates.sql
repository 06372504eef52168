with due as (
    select
        source,
        period_kind,
        period_from,
        period_to,
        unit_code,
        status
    from {{ ref('fct_reporting') }}
    where status != 'not_yet_due'
),

-- The province is the sum of all units, and of what it owes itself.
by_unit as (
    select * from due
    where unit_code != {{ parameter('programme_province', 'text') }}

    union all

    select
        source,
        period_kind,
        period_from,
        period_to,
        {{ parameter('programme_province', 'text') }} as unit_code,
        status
    from due
),

counted as (
    select
        source,
        period_kind,
        period_from,
        period_to,
        unit_code,
        count(*) as expected_count,
        count(*) filter (where status in ('on_time', 'late')) as received_count,
        count(*) filter (where status = 'on_time') as on_time_count
    from by_unit
    group by source, period_kind, period_from, period_to, unit_code
)

select
    source,
    period_kind,
    period_from,
    period_to,
    unit_code,
    expected_count,
    received_count,
    on_time_count,
    trim_scale(received_count::numeric / expected_count) as received_share,
    trim_scale(on_time_count::numeric / expected_count) as on_time_share
from counted
