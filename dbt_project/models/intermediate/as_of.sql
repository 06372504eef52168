-- The dates that figures are asked for: every month end that has passed, or the one date of the session. As known at
-- an earlier moment no month end is stored; then those behind the forecast come along, though nobody asked for them.
with generations as (
    select distinct valid_from
    from {{ ref('units') }}
    where unit_kind = 'commune'
),

asked as (
    select
        nullif(current_setting('ocop.as_of', true), '')::date as as_of_date,
        coalesce(current_setting('ocop.known_at', true), '') != '' as is_known_then
),

trend as (
    select calendar_days.date_day as as_of_date
    from asked
    inner join {{ ref('dim_date') }} as calendar_days
        on
            asked.as_of_date > calendar_days.date_day
            and date_trunc('month', (asked.as_of_date + 1)::timestamp)
            - make_interval(months => {{ parameter('forecast_points_maximum') }}) <= calendar_days.date_day
    where
        asked.is_known_then
        and calendar_days.is_month_end
),

dates as (
    select
        asked.as_of_date,
        true as is_asked
    from asked
    where asked.as_of_date is not null

    union all

    select
        as_of_date,
        false as is_asked
    from trend

    union all

    -- From a table, not from generate_series(): of that the planner expects a thousand, and plans all else for it.
    select
        calendar_days.date_day as as_of_date,
        true as is_asked
    from {{ ref('int_first_date') }} as calendar
    inner join {{ ref('dim_date') }} as calendar_days on calendar.first_date <= calendar_days.date_day
    where
        calendar_days.is_month_end
        and calendar_days.date_day <= {{ last_month_end() }}
        and coalesce(current_setting('ocop.as_of', true), '') = ''
),

windows as (
    select
        as_of_date,
        is_asked,
        date_trunc('month', (as_of_date + 1)::timestamp) as window_end
    from dates
    where as_of_date > coalesce(nullif(current_setting('ocop.as_of_after', true), '')::date, '-infinity')
)

select
    windows.as_of_date,
    windows.is_asked,
    (windows.window_end - make_interval(months => {{ parameter('flow_window_months') }}))::date as window_from,
    windows.window_end::date as window_to,
    coalesce(
        (
            select max(generations.valid_from) from generations
            where generations.valid_from <= windows.as_of_date
        ),
        (select min(generations.valid_from) from generations)
    ) as unit_generation_date
from windows
