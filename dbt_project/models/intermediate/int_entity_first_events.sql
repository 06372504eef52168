{{ config(materialized='ledger_table') }}

with events as (
    select
        participations.event_key,
        participations.event_date,
        participations.is_certified,
        participations.load_id,
        participations.submission_id,
        participations.source_sheet,
        participations.source_row,
        products.product_key,
        products.territory_code,
        products.is_in_programme,
        coalesce(participations.entity_key, products.entity_key) as entity_key
    from {{ ref('fct_participations') }} as participations
    inner join {{ ref('dim_product') }} as products on participations.product_key = products.product_key
),

placed as (
    select
        events.event_key,
        events.event_date,
        events.is_certified,
        events.load_id,
        events.submission_id,
        events.source_sheet,
        events.source_row,
        events.product_key,
        events.entity_key,
        entities.entity_type,
        coalesce(entities.territory_code, events.territory_code) as territory_code,
        -- An entity whose own place nobody told lies where its product does.
        case
            when coalesce(entities.territory_code, entities.commune_code) is null then events.is_in_programme
            else entities.is_in_programme
        end as is_in_programme
    from events
    left join {{ ref('dim_entity') }} as entities on events.entity_key = entities.entity_key
    where events.entity_key is not null
)

select distinct on (variants.variant, placed.entity_key)
    variants.variant,
    placed.entity_key,
    placed.event_date,
    placed.entity_type,
    placed.territory_code,
    placed.product_key,
    placed.load_id,
    placed.submission_id,
    placed.source_sheet,
    placed.source_row
from placed
cross join
    lateral (
        values ('', true), ('first_certified', placed.is_certified)
    ) as variants (variant, is_counted)
where
    placed.is_in_programme
    and variants.is_counted
order by variants.variant, placed.entity_key, placed.event_date, placed.event_key
