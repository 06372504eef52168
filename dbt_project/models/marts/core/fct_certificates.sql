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

succeeded as (
    select
        *,
        lead(valid_from) over newer as next_date,
        lead(event_kind) over newer as next_kind
    from decisions
    where valid_from is not null
    window
        newer as (
            partition by product_key
            order by valid_from, (event_kind = 'revoke')::int, star_order nulls first, event_key
        )
),

ended as (
    select
        event_key,
        next_date,
        next_kind,
        (
            valid_from
            + make_interval(months => {{ parameter('certificate_months', on='succeeded.valid_from') }})
        )::date as full_term_date
    from succeeded
)

select
    decisions.event_key,
    decisions.product_key,
    decisions.entity_key,
    decisions.product_group,
    decisions.event_kind,
    decisions.stars,
    decisions.score,
    decisions.is_certified,
    decisions.decision_number,
    decisions.decision_date,
    decisions.expiry_date,
    decisions.valid_from,
    decisions.first_reported_date,
    decisions.has_score_conflict,
    decisions.load_id,
    decisions.submission_id,
    decisions.source_sheet,
    decisions.source_row,
    case when decisions.valid_from is not null then least(ended.full_term_date, decisions.expiry_date) end as term_to,
    case
        when decisions.valid_from is not null
            then least(ended.full_term_date, decisions.expiry_date, ended.next_date)
    end as valid_to,
    case
        when decisions.valid_from is null then null
        when ended.next_date <= least(ended.full_term_date, decisions.expiry_date)
            then case when ended.next_kind = 'revoke' then 'revoked' else 'next_decision' end
        when decisions.expiry_date < ended.full_term_date then 'stated_end'
        else 'full_term'
    end as end_reason
from decisions
left join ended on decisions.event_key = ended.event_key
where decisions.event_kind != 'revoke'
