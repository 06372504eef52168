with source as (
    select * from {{ source('raw', 'order_returns') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.marketplace,
    source.shop_id,
    source.return_id,
    source.order_id,
    source.line_key,
    source.seller_sku,
    source.platform_sku_id,
    source.returned_quantity,
    source.refund_vnd,
    source.status,
    source.status_raw,
    source.requested_at,
    source.returned_at
from source
inner join loads on source.load_id = loads.load_id
