-- The dates that figures are asked for: every month end that has passed, or the one date of the session. As known at
-- an earlier moment no month end is stored; then those behind the forecast come along, though nobody asked for them.
with first_dates as (
    select min(event_date) as first_date from {{ ref('fct_participations') }}
    union all
    select min(valid_from) as first_date from {{ ref('fct_certificates') }}
    union all
    select min(period_from) as first_date from {{ ref('fct_product_values') }}
    union all
    select min(order_date) as first_date from {{ ref('fct_sales_daily') }}
    union all
    select min(reported_date) as first_date from {{ ref('fct_labour_reports') }}
    union all
    select min(opened_date) as first_date from {{ ref('fct_sales_points') }}
    union all
    select min(start_date) as first_date from {{ ref('fct_promotion_events') }}
    union all
    select min(disbursed_date) as first_date from {{ ref('fct_support_disbursements') }}
),

generations as (
    select distinct valid_from
    from {{ ref('units') }}
    where unit_kind = 'commune'
),

-- Before the first list of communes nothing can be placed.
calendar as (
    select
        greatest(
            (select min(first_dates.first_date) from first_dates),
            (select min(generations.valid_from) from generations)
        ) as first_date
    where
        -- Whoever asks for one date should not wait for the first day of all data.
        coalesce(current_setting('ocop.as_of', true), '') = ''
        -- greatest() passes over nulls: without any data there is no calendar.
        and (select min(first_dates.first_date) from first_dates) is not null
),

asked as (
    select
        nullif(current_setting('ocop.as_of', true), '')::date as as_of_date,
        coalesce(current_setting('ocop.known_at', true), '') != '' as is_known_then
),

trend as (
    select
        asked.as_of_date as asked_date,
        (date_trunc('month', (asked.as_of_date + 1)::timestamp) - make_interval(months => ago.month_count))::date
        - 1 as as_of_date
    from asked
    cross join generate_series(0, {{ parameter('forecast_points_maximum') }} - 1) as ago (month_count)
    where asked.is_known_then
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
    where as_of_date < asked_date

    union all

    select
        (month_starts.month_start + interval '1 month' - interval '1 day')::date as as_of_date,
        true as is_asked
    from calendar
    cross join
        lateral generate_series(
            date_trunc('month', calendar.first_date::timestamp),
            {{ last_month_end() }}::timestamp,
            interval '1 month'
        ) as month_starts (month_start)
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
