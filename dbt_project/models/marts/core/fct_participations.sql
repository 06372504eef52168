with events as (
    select * from {{ ref('int_product_events_latest') }}
),

revocations as (
    select
        product_key,
        event_date
    from events
    where event_kind = 'revoke'
)

select
    events.event_key,
    events.product_key,
    events.entity_key,
    events.event_kind,
    events.stars,
    events.decision_number,
    events.decision_date,
    events.event_date,
    events.load_id,
    events.submission_id,
    events.source_sheet,
    events.source_row,
    min(revocations.event_date) as withdrawn_date,
    coalesce(star_ratings.is_certified, false) as is_certified
from events
left join revocations
    on
        events.product_key = revocations.product_key
        and events.event_date <= revocations.event_date
left join {{ ref('star_ratings') }} as star_ratings
    on
        events.stars = star_ratings.stars
        and events.event_kind != 'register'
where events.event_kind != 'revoke'
group by
    events.event_key,
    events.product_key,
    events.entity_key,
    events.event_kind,
    events.stars,
    events.decision_number,
    events.decision_date,
    events.event_date,
    star_ratings.is_certified,
    events.load_id,
    events.submission_id,
    events.source_sheet,
    events.source_row
