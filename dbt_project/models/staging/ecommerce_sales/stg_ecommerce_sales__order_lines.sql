with source as (
    select * from {{ source('raw', 'order_lines') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.marketplace,
    source.shop_id,
    source.order_id,
    source.line_key,
    source.status,
    source.status_raw,
    source.seller_sku,
    source.platform_sku_id,
    source.product_name,
    source.variation_name,
    source.quantity,
    source.returned_quantity,
    source.list_price_vnd,
    source.gross_vnd,
    source.seller_discount_vnd,
    source.platform_discount_vnd,
    source.net_vnd,
    source.ordered_at,
    source.paid_at,
    source.delivered_at,
    source.completed_at,
    source.cancelled_at,
    source.cancel_reason,
    source.ship_province,
    source.ordered_at::date as order_date
from source
inner join loads on source.load_id = loads.load_id
