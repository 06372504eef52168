-- One row per source row that says something about an entity.
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
