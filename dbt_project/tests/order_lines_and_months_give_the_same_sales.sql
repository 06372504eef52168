-- The KPI sums up months, the evidence lists lines: both must give one figure. The newest window
-- stands for all: it is asked for in each branch, so that no other is computed.
with orders as (
    select max(order_date) as last_date
    from {{ ref('fct_sales_daily') }}
),

newest as (
    select min(as_of.as_of_date) as as_of_date
    from {{ ref('as_of') }} as as_of
    inner join orders on as_of.as_of_date >= orders.last_date
),

both_ways as (
    select
        as_of_date,
        variant,
        numerator as lines_vnd,
        0 as months_vnd
    from {{ ref('int_evidence_online_sales') }}
    where
        variant in ('', 'outside_validity', 'unmapped')
        and as_of_date = (select newest.as_of_date from newest)

    union all

    select
        as_of_date,
        variant,
        0 as lines_vnd,
        numerator as months_vnd
    from {{ ref('int_online_sales_windowed') }}
    where
        variant in ('', 'outside_validity', 'unmapped')
        and as_of_date = (select newest.as_of_date from newest)
)

select
    both_ways.as_of_date,
    both_ways.variant,
    sum(both_ways.lines_vnd) as lines_vnd,
    sum(both_ways.months_vnd) as months_vnd
from both_ways
group by both_ways.as_of_date, both_ways.variant
having sum(both_ways.lines_vnd) != sum(both_ways.months_vnd)
