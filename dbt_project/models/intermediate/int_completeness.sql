-- How much of what should have been reported for a form was: 1 is all of it.
with units as (
    select distinct
        unit_code,
        unit_kind
    from {{ ref('dim_unit') }}
    where is_in_scorecard
),

reports as (
    select distinct
        as_of.as_of_date,
        loads.form,
        loads.territory_code
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('stg_ledger__loads') }} as loads
        on
            as_of.as_of_date >= loads.reported_date
            and (as_of.as_of_date - make_interval(months => {{ parameter('flow_window_months') }}))
            < loads.reported_date
),

forms as (
    select distinct form
    from {{ ref('kpi_catalogue') }}
),

-- A territory has reported a form when a unit of its own did so in the last 12 months. The province is the share
-- of its territories: what it sends itself, or a commune outside the programme, speaks for none of them.
by_district as (
    select
        as_of.as_of_date,
        forms.form,
        units.unit_code,
        max((reports.form is not null)::int) as completeness
    from {{ ref('as_of') }} as as_of
    cross join units
    cross join forms
    left join reports
        on
            as_of.as_of_date = reports.as_of_date
            and forms.form = reports.form
            and units.unit_code = reports.territory_code
    where
        units.unit_kind = 'district'
        and forms.form not in ('order_lines', 'labour_reports')
    group by as_of.as_of_date, forms.form, units.unit_code
),

sales as (
    select distinct month_date
    from {{ ref('int_sales_monthly') }}
),

-- Shops belong to no district: the months of the window in which any order was made.
sold_months as (
    select
        months.as_of_date,
        avg((sales.month_date is not null)::int) as completeness
    from {{ ref('int_as_of_months') }} as months
    left join sales
        on months.month_date = sales.month_date
    group by months.as_of_date
),

-- Of labour every entity with a valid product owes a report.
labour as (
    select
        as_of_date,
        unit_code,
        sum(row_count) filter (where variant = '') as reported_count,
        sum(row_count) as expected_count
    from {{ ref('kpi_rural_workers') }}
    where
        variant in ('', 'entities_missing_report')
        and breakdown = ''
    group by as_of_date, unit_code
)

select
    as_of_date,
    form,
    unit_code,
    completeness::numeric as completeness
from by_district

union all

select
    as_of_date,
    form,
    {{ parameter('programme_province', 'text') }} as unit_code,
    trim_scale(avg(completeness)) as completeness
from by_district
group by as_of_date, form

union all

select
    sold_months.as_of_date,
    'order_lines' as form,
    units.unit_code,
    sold_months.completeness
from sold_months
cross join units

union all

select
    as_of_date,
    'labour_reports' as form,
    unit_code,
    coalesce(reported_count, 0) / nullif(expected_count, 0) as completeness
from labour
