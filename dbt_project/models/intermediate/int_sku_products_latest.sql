{{ config(materialized='ledger_table') }}

-- The newest statement about a SKU and its first day wins; the next first day ends the one before.
with ranked as (
    select
        marketplace,
        shop_id,
        seller_sku,
        product_code,
        product_key,
        coalesce(valid_from_date, '-infinity') as valid_from,
        coalesce(valid_to_date, 'infinity') as stated_to,
        row_number() over (
            partition by marketplace, shop_id, seller_sku, valid_from_date
            order by known_from desc, load_id desc, source_row desc
        ) as recency
    from {{ ref('stg_ecommerce_sales__sku_products') }}
)

select
    marketplace,
    shop_id,
    seller_sku,
    product_code,
    product_key,
    valid_from,
    least(
        stated_to,
        lead(valid_from) over (partition by marketplace, shop_id, seller_sku order by valid_from)
    ) as valid_to
from ranked
where recency = 1
