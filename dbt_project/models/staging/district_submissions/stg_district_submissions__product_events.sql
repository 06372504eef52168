with source as (
    select * from {{ source('raw', 'product_events') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

{{ written_keys(source('raw', 'product_events'), 'product', 'product_code', 'product_name') }},

{{ written_keys(source('raw', 'product_events'), 'entity', 'entity_code', 'entity_name') }}

select
    {{ lineage() }},
    source.product_code,
    source.product_name,
    source.product_group,
    source.entity_code,
    source.entity_name,
    source.commune_code,
    source.event_kind,
    source.stars,
    source.score,
    source.decision_number,
    source.decision_date,
    source.expiry_date,
    {{ product_key(has_name=true) }} as product_key,
    {{ entity_key() }} as entity_key
from source
inner join loads on source.load_id = loads.load_id
{{ registry_joins('product', 'source.product_code', 'source.product_name') }}
{{ registry_joins('entity', 'source.entity_code', 'source.entity_name') }}
