with source as (
    select * from {{ source('raw', 'product_events') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.product_code,
    source.product_name,
    source.product_group,
    source.entity_code,
    source.commune_code,
    source.event_kind,
    source.stars,
    source.score,
    source.decision_number,
    source.decision_date,
    source.expiry_date,
    {{ product_key('source.product_code', 'source.product_name') }} as product_key
from source
inner join loads on source.load_id = loads.load_id
