with source as (
    select * from {{ source('raw', 'product_values') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

{{ written_keys(source('raw', 'product_values'), 'product', 'product_code') }}

select
    {{ lineage() }},
    source.product_code,
    source.quantity,
    source.quantity_unit,
    source.mean_price_vnd,
    source.revenue_vnd,
    source.declared_online_revenue_vnd,
    {{ product_key() }} as product_key
from source
inner join loads on source.load_id = loads.load_id
{{ registry_joins('product', 'source.product_code') }}
