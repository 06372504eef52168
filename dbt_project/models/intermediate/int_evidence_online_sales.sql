-- The order lines behind the KPI. It sums up months instead (int_online_sales_windowed): both give one figure.
select
    as_of.as_of_date,
    products.territory_code,
    order_lines.marketplace,
    order_lines.product_key,
    order_lines.sold_vnd as numerator,
    null::numeric as denominator,
    order_lines.load_id,
    order_lines.submission_id,
    order_lines.source_sheet,
    order_lines.source_row,
    case
        when order_lines.product_key is null then 'unmapped'
        when valid_products.product_key is null then 'outside_validity'
        else ''
    end as variant
from {{ ref('as_of') }} as as_of
inner join {{ ref('fct_order_lines') }} as order_lines
    on
        as_of.window_from <= order_lines.order_date
        and as_of.window_to > order_lines.order_date
left join {{ ref('int_valid_products') }} as valid_products
    on
        as_of.as_of_date = valid_products.as_of_date
        and order_lines.product_key = valid_products.product_key
left join {{ ref('dim_product') }} as products on order_lines.product_key = products.product_key
where order_lines.status in ('delivered', 'completed', 'returned_part', 'returned_full')
