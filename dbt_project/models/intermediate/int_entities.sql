{{ config(materialized='ledger_table') }}

with mentions as (
    select * from {{ ref('int_entities_mentioned') }}
),

places as (
    {{ finest_commune('mentions', 'entity_key') }}
),

-- Whom a certificate names, the public knows.
named as (
    select distinct entity_key
    from {{ ref('stg_district_submissions__product_events') }}
    where
        entity_key is not null
        and decision_number is not null
),

entities as (
    select
        entity_key,
        {{ newest('entity_code', first='(entity_code = entity_key) desc, source_rank,') }} as entity_code,
        {{ newest('entity_name', first='source_rank,') }} as entity_name,
        {{ newest('entity_type', first='source_rank,') }} as entity_type,
        {{ newest('joined_date', first='source_rank,') }} as joined_date,
        {{ newest('is_woman_led', first='source_rank,') }} as is_woman_led,
        {{ newest('territory_code', first='source_rank,') }} as reporting_territory_code
    from mentions
    group by entity_key
)

select
    entities.entity_key,
    entities.entity_code,
    entities.entity_name,
    entities.entity_type,
    entities.joined_date,
    entities.is_woman_led,
    places.commune_code,
    places.commune_valid_from,
    case when places.commune_code is null then entities.reporting_territory_code else places.territory_code end
        as territory_code,
    places.commune_code is null or places.territory_code is not null as is_in_programme,
    coalesce(entities.entity_type = 'household_business', false) and named.entity_key is null as is_private
from entities
left join named on entities.entity_key = named.entity_key
left join places on entities.entity_key = places.entity_key
