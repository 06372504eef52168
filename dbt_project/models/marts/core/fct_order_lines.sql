with newest as (
    -- Order numbers first: sorting by them is quicker, and leaves no order that invites a merge join by shop.
    select distinct on (order_id, line_key, shop_id, marketplace) *
    from {{ ref('stg_ecommerce_sales__order_lines') }}
    order by
        order_id asc, line_key asc, shop_id asc, marketplace asc,
        known_from desc, load_id desc, source_row desc
)

select
    newest.marketplace,
    newest.shop_id,
    newest.order_id,
    newest.line_key,
    newest.order_date,
    newest.ordered_at,
    newest.completed_at,
    newest.status,
    newest.seller_sku,
    sku_products.product_key,
    newest.product_name,
    newest.variation_name,
    newest.quantity,
    newest.returned_quantity,
    newest.gross_vnd,
    newest.seller_discount_vnd,
    newest.platform_discount_vnd,
    newest.net_vnd,
    newest.ship_province,
    newest.load_id,
    newest.submission_id,
    newest.source_sheet,
    newest.source_row,
    -- What counts as sold. A whole return counts only where it is a line of its own day, hence negative.
    case
        when newest.status in ('delivered', 'completed', 'returned_part')
            then newest.quantity - coalesce(newest.returned_quantity, 0)
        when newest.status = 'returned_full' then least(newest.quantity, 0)
        else 0
    end as sold_quantity,
    case
        when newest.status in ('delivered', 'completed', 'returned_part') then newest.net_vnd
        when newest.status = 'returned_full' then least(newest.net_vnd, 0)
        else 0
    end as sold_vnd
from newest
left join {{ ref('int_sku_products_latest') }} as sku_products
    on
        newest.marketplace = sku_products.marketplace
        and newest.shop_id = sku_products.shop_id
        and newest.seller_sku = sku_products.seller_sku
        and newest.order_date >= sku_products.valid_from
        and newest.order_date < sku_products.valid_to
