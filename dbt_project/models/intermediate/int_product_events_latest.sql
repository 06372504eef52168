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
    ranked.event_key,
    ranked.product_key,
    ranked.product_code,
    ranked.product_name,
    ranked.product_group,
    ranked.event_kind,
    ranked.stars,
    ranked.score,
    ranked.decision_number,
    ranked.decision_date,
    ranked.expiry_date,
    ranked.first_reported_date,
    ranked.load_id,
    ranked.submission_id,
    ranked.source_sheet,
    ranked.source_row,
    coalesce(known.entity_key, ranked.entity_key) as entity_key,
    coalesce(ranked.decision_date, ranked.first_reported_date) as event_date
from ranked
left join {{ ref('int_entity_keys') }} as known on ranked.entity_key = known.named_key
where ranked.recency = 1
