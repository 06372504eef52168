{{ config(materialized='view') }}

select
    sales.order_date,
    sales.month_date,
    sales.marketplace,
    sales.product_key,
    products.territory_code,
    case
        when sales.product_key is null then 'unmapped'
        when certificates.product_key is null then 'outside_validity'
        else 'valid'
    end as certificate_state,
    sum(sales.line_count)::bigint as line_count,
    sum(sales.sold_line_count)::bigint as sold_line_count,
    sum(sales.cancelled_line_count)::bigint as cancelled_line_count,
    sum(sales.sold_quantity) as sold_quantity,
    sum(sales.sold_vnd) as sold_vnd,
    sum(sales.bulk_sold_vnd) as bulk_sold_vnd
from {{ ref('int_sales_daily') }} as sales
left join {{ ref('dim_product') }} as products on sales.product_key = products.product_key
left join {{ ref('fct_certificates') }} as certificates
    on
        sales.product_key = certificates.product_key
        and sales.order_date >= certificates.valid_from
        and sales.order_date < certificates.valid_to
group by
    sales.order_date,
    sales.month_date,
    sales.marketplace,
    sales.product_key,
    products.territory_code,
    certificates.product_key
