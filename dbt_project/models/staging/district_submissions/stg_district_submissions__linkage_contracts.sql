with source as (
    select * from {{ source('raw', 'linkage_contracts') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

{{ written_keys(source('raw', 'linkage_contracts'), 'product', 'product_code') }}

select
    {{ lineage() }},
    source.product_code,
    source.partner_name,
    source.linkage_kind,
    source.contract_number,
    source.start_date,
    source.end_date,
    {{ product_key() }} as product_key
from source
inner join loads on source.load_id = loads.load_id
{{ registry_joins('product', 'source.product_code') }}
