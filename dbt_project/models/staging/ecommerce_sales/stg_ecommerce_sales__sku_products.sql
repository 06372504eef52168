with source as (
    select * from {{ source('raw', 'sku_products') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

{{ written_keys(source('raw', 'sku_products'), 'product', 'product_code') }}

select
    {{ lineage() }},
    source.marketplace,
    source.shop_id,
    source.seller_sku,
    source.product_code,
    source.valid_from_date,
    source.valid_to_date,
    -- A list of SKUs names no place: a code that is not official could be any district's.
    {{ product_key(has_place=false) }} as product_key
from source
inner join loads on source.load_id = loads.load_id
{{ registry_joins(
    'product', 'source.product_code', has_place=false, day='coalesce(source.valid_from_date, loads.reported_date)'
) }}
