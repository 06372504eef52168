{{ config(materialized='ledger_table') }}

-- Registers are sent again every period: one event is one row, as its newest report states it.
with events as (
    select
        *,
        product_key || '/' || event_kind || '/' || coalesce(decision_number, decision_date::text, '') as event_key
    from {{ ref('stg_district_submissions__product_events') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by event_key
            order by reported_date desc, known_from desc, load_id desc, source_row desc
        ) as recency,
        min(reported_date) over (partition by event_key) as first_reported_date
    from events
)

select
    event_key,
    product_key,
    product_code,
    product_name,
    product_group,
    entity_key,
    event_kind,
    stars,
    score,
    decision_number,
    decision_date,
    expiry_date,
    first_reported_date,
    load_id,
    submission_id,
    source_sheet,
    source_row,
    coalesce(decision_date, first_reported_date) as event_date
from ranked
where recency = 1
