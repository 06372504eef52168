-- One row per source row that says something about an entity.
with mentions as (
    select
        entity_key,
        entity_code,
        entity_name,
        entity_type,
        commune_code,
        joined_date,
        is_woman_led,
        1 as source_rank,
        unit_generation_date,
        territory_code,
        reported_date,
        known_from,
        load_id,
        source_row
    from {{ ref('stg_district_submissions__entities') }}

    union all

    select
        entity_key,
        entity_code,
        entity_name,
        entity_type,
        commune_code,
        null as joined_date,
        null as is_woman_led,
        2 as source_rank,
        unit_generation_date,
        territory_code,
        reported_date,
        known_from,
        load_id,
        source_row
    from {{ ref('stg_labour_statistics__labour_reports') }}

    union all

    select
        entity_key,
        entity_code,
        entity_name,
        null as entity_type,
        null as commune_code,
        null as joined_date,
        null as is_woman_led,
        3 as source_rank,
        unit_generation_date,
        territory_code,
        reported_date,
        known_from,
        load_id,
        source_row
    from {{ ref('stg_district_submissions__product_events') }}
    where entity_key is not null
)

select
    mentions.entity_code,
    mentions.entity_name,
    mentions.entity_type,
    mentions.commune_code,
    mentions.joined_date,
    mentions.is_woman_led,
    mentions.source_rank,
    mentions.unit_generation_date,
    mentions.territory_code,
    mentions.reported_date,
    mentions.known_from,
    mentions.load_id,
    mentions.source_row,
    coalesce(known.entity_key, mentions.entity_key) as entity_key
from mentions
left join {{ ref('int_entity_keys') }} as known on mentions.entity_key = known.named_key
