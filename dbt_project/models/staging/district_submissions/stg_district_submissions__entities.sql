with source as (
    select * from {{ source('raw', 'entities') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.entity_code,
    source.entity_name,
    source.entity_type,
    source.commune_code,
    source.joined_date,
    source.is_woman_led,
    source.regular_workers,
    {{ own_key('source.entity_code', 'source.entity_name') }} as entity_key
from source
inner join loads on source.load_id = loads.load_id
