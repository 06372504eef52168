{{ config(materialized='ledger_table') }}

-- Where the calendar of month ends begins: kept, because every KPI would look for it in all facts, many times over.
with first_dates as (
    select min(event_date) as first_date from {{ ref('fct_participations') }}
    union all
    select min(valid_from) as first_date from {{ ref('fct_certificates') }}
    union all
    select min(period_from) as first_date from {{ ref('fct_product_values') }}
    union all
    select min(order_date) as first_date from {{ ref('int_sales_daily') }}
    union all
    select min(reported_date) as first_date from {{ ref('fct_labour_reports') }}
    union all
    select min(opened_date) as first_date from {{ ref('fct_sales_points') }}
    union all
    select min(start_date) as first_date from {{ ref('fct_promotion_events') }}
    union all
    select min(disbursed_date) as first_date from {{ ref('fct_support_disbursements') }}
)

select
    greatest(
        min(first_dates.first_date),
        -- Before the first list of communes nothing can be placed.
        (
            select min(units.valid_from) from {{ ref('units') }} as units
            where units.unit_kind = 'commune'
        )
    ) as first_date
from first_dates
-- greatest() passes over nulls: without any data there is no calendar.
having min(first_dates.first_date) is not null
