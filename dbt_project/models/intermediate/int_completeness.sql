-- How much of what should have been reported for a form was: 1 is all of it. Of labour the figures themselves say it.
with units as (
    select distinct unit_code
    from {{ ref('dim_unit') }}
    where is_in_scorecard
),

-- Reports whose period ended in the window, whoever owed them then: a district and after it its communes.
by_territory as (
    select
        months.as_of_date,
        reports.form,
        reports.territory_code,
        sum(reports.received_count) as received_count,
        sum(reports.expected_count) as expected_count
    from {{ ref('int_as_of_months') }} as months
    inner join {{ ref('int_reports_monthly') }} as reports on months.month_date = reports.month_date
    where reports.form not in ('order_lines', 'labour_reports')
    group by months.as_of_date, reports.form, reports.territory_code
),

sales as (
    select distinct month_date
    from {{ ref('int_sales_monthly') }}
),

-- Shops belong to no district: the months of the window in which any order was made.
sold_months as (
    select
        months.as_of_date,
        trim_scale(avg((sales.month_date is not null)::int)) as completeness
    from {{ ref('int_as_of_months') }} as months
    left join sales
        on months.month_date = sales.month_date
    group by months.as_of_date
)

select
    as_of_date,
    form,
    territory_code as unit_code,
    trim_scale(received_count / expected_count) as completeness
from by_territory
where territory_code is not null

union all

select
    as_of_date,
    form,
    {{ parameter('programme_province', 'text') }} as unit_code,
    trim_scale(sum(received_count) / sum(expected_count)) as completeness
from by_territory
group by as_of_date, form

union all

select
    sold_months.as_of_date,
    'order_lines' as form,
    units.unit_code,
    sold_months.completeness
from sold_months
cross join units
