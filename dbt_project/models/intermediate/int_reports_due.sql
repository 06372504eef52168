{{ config(materialized='ledger_table') }}

-- Every report that somebody owes, to the end of the calendar: the obligations, spelt out by period and unit. Kept: of
-- a view the planner expects one row, and holds 3,000 of them one by one against 6,000 loads, for a minute.
with obligations as (
    select
        source,
        form,
        unit_kind,
        period_kind,
        valid_from,
        due_days,
        coalesce(valid_to, 'infinity') as valid_to,
        case period_kind when 'month' then 1 when 'quarter' then 3 when 'half' then 6 else 12 end as month_count
    from {{ ref('reporting_obligations') }}
),

periods as (
    select
        obligations.source,
        obligations.form,
        obligations.unit_kind,
        obligations.period_kind,
        calendar.month_date,
        calendar.date_day as last_day,
        (calendar.date_day + 1 - make_interval(months => obligations.month_count))::date as period_from,
        calendar.date_day + 1 as period_to,
        calendar.date_day + obligations.due_days as due_date,
        {{ parameter('reporting_scope', 'text', on='calendar.date_day') }} = 'province' as is_everybody
    from obligations
    inner join {{ ref('dim_date') }} as calendar
        on
            calendar.month_number % obligations.month_count = 0
            and obligations.valid_to > calendar.date_day
            and (calendar.date_day + 1 - make_interval(months => obligations.month_count))::date
            >= obligations.valid_from
    where calendar.is_month_end
)

select
    periods.source,
    periods.form,
    periods.period_kind,
    periods.period_from,
    periods.period_to,
    periods.month_date,
    periods.due_date,
    units.unit_code,
    units.valid_from as unit_valid_from,
    units.territory_code
from periods
inner join {{ ref('units') }} as units
    on
        periods.unit_kind = units.unit_kind
        and periods.last_day >= units.valid_from
        and (units.valid_to is null or periods.last_day < units.valid_to)
where
    periods.is_everybody
    or units.territory_code is not null
    or units.unit_kind = 'province'
