with decisions as (
    select
        events.*,
        star_ratings.sort_order as star_order,
        coalesce(star_ratings.is_certified, false) as is_certified,
        coalesce(
            events.score < star_ratings.score_from or events.score >= star_ratings.score_to, false
        ) as has_score_conflict,
        -- A revocation that nobody dated holds from the report that told of it.
        case when events.event_kind = 'revoke' then events.event_date else events.decision_date end as valid_from
    from {{ ref('int_product_events_latest') }} as events
    left join {{ ref('star_ratings') }} as star_ratings on events.stars = star_ratings.stars
    where events.event_kind != 'register'
),

-- Decisions without a date stand apart: they neither end another one nor are ended by it. Joined to the rest instead,
-- ten thousand of them took seconds: the planner expects a handful.
succeeded as (
    select
        *,
        lead(valid_from) over newer as next_date,
        lead(event_kind) over newer as next_kind,
        (valid_from + make_interval(months => {{ parameter('certificate_months', on='decisions.valid_from') }}))::date
            as full_term_date
    from decisions
    window
        newer as (
            partition by product_key, valid_from is null
            order by valid_from, (event_kind = 'revoke')::int, star_order nulls first, event_key
        )
)

select
    event_key,
    product_key,
    entity_key,
    product_group,
    event_kind,
    stars,
    score,
    is_certified,
    decision_number,
    decision_date,
    expiry_date,
    valid_from,
    first_reported_date,
    has_score_conflict,
    load_id,
    submission_id,
    source_sheet,
    source_row,
    case when valid_from is not null then least(full_term_date, expiry_date) end as term_to,
    case
        when valid_from is not null
            then least(full_term_date, expiry_date, next_date)
    end as valid_to,
    case
        when valid_from is null then null
        when next_date <= least(full_term_date, expiry_date)
            then case when next_kind = 'revoke' then 'revoked' else 'next_decision' end
        when expiry_date < full_term_date then 'stated_end'
        else 'full_term'
    end as end_reason
from succeeded
where event_kind != 'revoke'
