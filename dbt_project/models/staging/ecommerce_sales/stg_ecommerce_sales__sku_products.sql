with source as (
    select * from {{ source('raw', 'sku_products') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.marketplace,
    source.shop_id,
    source.seller_sku,
    source.product_code,
    source.valid_from_date,
    source.valid_to_date,
    -- A list of SKUs names no place: a code that is not official could be any district's.
    {{ official_product_code('source.product_code') }} as product_key
from source
inner join loads on source.load_id = loads.load_id
