-- A figure that nobody measured is a row that says so, never a missing row.
with units as (
    select distinct unit_code
    from {{ ref('dim_unit') }}
    where is_in_scorecard
),

due as (
    select count(*) as row_count
    from {{ ref('kpi_catalogue') }}
    cross join units
)

select
    as_of_date,
    count(*) as found_count
from {{ ref('kpi_scorecard') }}
group by as_of_date
having count(*) != (select due.row_count from due)
