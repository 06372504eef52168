with source as (
    select * from {{ source('raw', 'entities') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

{{ written_keys(source('raw', 'entities'), 'entity', 'entity_code', 'entity_name') }}

select
    {{ lineage() }},
    source.entity_code,
    source.entity_name,
    source.entity_type,
    source.commune_code,
    source.joined_date,
    source.is_woman_led,
    source.regular_workers,
    {{ entity_key() }} as entity_key
from source
inner join loads on source.load_id = loads.load_id
{{ registry_joins('entity', 'source.entity_code', 'source.entity_name') }}
