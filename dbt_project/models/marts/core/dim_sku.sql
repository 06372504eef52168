{{ config(materialized='view') }}

with sold as (
    select
        marketplace,
        shop_id,
        sku,
        (array_agg(product_name order by order_date desc) filter (where product_name is not null))[1] as product_name,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        sum(sold_vnd) as sold_vnd,
        coalesce(sum(sold_vnd) filter (where product_key is null), 0) as unmapped_vnd
    from {{ ref('int_sales_daily') }}
    where sku is not null
    group by marketplace, shop_id, sku
),

-- The office's word on a SKU: the one that holds now, else the last one.
mapped as (
    select distinct on (marketplace, shop_id, seller_sku)
        marketplace,
        shop_id,
        seller_sku as sku,
        product_code,
        product_key
    from {{ ref('int_sku_products_latest') }}
    order by marketplace asc, shop_id asc, seller_sku asc, (valid_from <= {{ today() }}) desc, valid_from desc
)

select
    sold.product_name,
    mapped.product_code,
    mapped.product_key,
    sold.first_order_date,
    sold.last_order_date,
    coalesce(sold.marketplace, mapped.marketplace) as marketplace,
    coalesce(sold.shop_id, mapped.shop_id) as shop_id,
    coalesce(sold.sku, mapped.sku) as sku,
    mapped.product_key is not null as is_mapped,
    case
        when mapped.sku is null then 'not_in_table'
        when mapped.product_key is null then 'code_not_official'
        when products.product_key is null then 'code_unknown'
        else 'mapped'
    end as mapping_state,
    coalesce(sold.sold_vnd, 0) as sold_vnd,
    coalesce(sold.unmapped_vnd, 0) as unmapped_vnd
from sold
full join mapped
    on
        sold.marketplace = mapped.marketplace
        and sold.shop_id = mapped.shop_id
        and sold.sku = mapped.sku
left join {{ ref('dim_product') }} as products on mapped.product_key = products.product_key
