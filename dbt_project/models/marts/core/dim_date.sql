with days as (
    select calendar.day_start::date as date_day
    from generate_series(
            {{ parameter('calendar_from', 'date') }}::timestamp,
            {{ parameter('calendar_to', 'date') }}::timestamp,
            interval '1 day'
        ) as calendar (day_start)
)

select
    date_day,
    extract(year from date_day)::int as year_number,
    extract(quarter from date_day)::int as quarter_number,
    extract(month from date_day)::int as month_number,
    date_trunc('month', date_day::timestamp)::date as month_date,
    'Tháng ' || to_char(date_day, 'FMMM/YYYY') as month_name,
    date_trunc('month', date_day::timestamp) < date_trunc('month', (date_day + 1)::timestamp) as is_month_end
from days
