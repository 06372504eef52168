-- What was sold on the days that changed last, and all of their months: lines, days and months give one sum.
with touched as (
    select
        order_day.order_date,
        date_trunc('month', order_day.order_date::timestamp)::date as month_date
    from intermediate.order_day
    where order_day.ledger_position = {{ build_id() }}
),

differing_days as (
    select
        sums.order_date,
        sum(sums.vnd) as difference_vnd
    from (
        select
            order_date,
            sold_vnd as vnd
        from {{ ref('fct_order_lines') }}
        where order_date in (select touched.order_date from touched)

        union all

        select
            order_date,
            -sold_vnd as vnd
        from {{ ref('int_sales_daily') }}
        where order_date in (select touched.order_date from touched)
    ) as sums
    group by sums.order_date
),

differing_months as (
    select
        sums.month_date,
        sum(sums.vnd) as difference_vnd
    from (
        select
            month_date,
            sold_vnd as vnd
        from {{ ref('int_sales_daily') }}
        where
            order_date >= (select min(touched.month_date) from touched)
            and month_date in (select touched.month_date from touched)

        union all

        select
            month_date,
            -sold_vnd as vnd
        from {{ ref('int_sales_monthly') }}
        where month_date in (select touched.month_date from touched)
    ) as sums
    group by sums.month_date
)

select * from differing_days
where difference_vnd != 0

union all

select * from differing_months
where difference_vnd != 0
