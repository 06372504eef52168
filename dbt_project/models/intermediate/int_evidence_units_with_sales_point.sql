with open_points as (
    select
        as_of.as_of_date,
        points.territory_code,
        points.sales_point_key,
        points.opened_date,
        points.load_id,
        points.submission_id,
        points.source_sheet,
        points.source_row
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('fct_sales_points') }} as points
        on
            as_of.as_of_date >= points.opened_date
            and as_of.as_of_date < coalesce(points.stopped_date, 'infinity')
),

-- One point is enough: the district's oldest open one stands for it.
served as (
    select distinct on (as_of_date, territory_code) *
    from open_points
    where territory_code is not null
    order by as_of_date, territory_code, opened_date, sales_point_key
),

territories as (
    select
        as_of.as_of_date,
        units.unit_code as territory_code
    from {{ ref('as_of') }} as as_of
    cross join {{ ref('dim_unit') }} as units
    where
        units.unit_kind = 'district'
        and units.is_in_scorecard
        and as_of.as_of_date >= (select min(points.opened_date) from {{ ref('fct_sales_points') }} as points)
)

select
    territories.as_of_date,
    '' as variant,
    territories.territory_code,
    served.sales_point_key,
    case when served.territory_code is null then 0 else 1 end as numerator,
    1 as denominator,
    served.load_id,
    served.submission_id,
    served.source_sheet,
    served.source_row
from territories
left join served
    on
        territories.as_of_date = served.as_of_date
        and territories.territory_code = served.territory_code

union all

select
    as_of_date,
    'points' as variant,
    territory_code,
    sales_point_key,
    1 as numerator,
    null as denominator,
    load_id,
    submission_id,
    source_sheet,
    source_row
from open_points
