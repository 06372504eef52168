-- What was sold online in each as-of date's window, by product, marketplace and file, and whether it counts.
with sales as (
    select
        months.as_of_date,
        sales.marketplace,
        sales.product_key,
        sales.submission_id,
        sum(sales.sold_line_count) as line_count,
        sum(sales.sold_vnd) as sold_vnd
    from {{ ref('int_as_of_months') }} as months
    inner join {{ ref('int_sales_monthly') }} as sales on months.month_date = sales.month_date
    group by months.as_of_date, sales.marketplace, sales.product_key, sales.submission_id
),

judged as (
    select
        sales.as_of_date,
        products.territory_code,
        sales.marketplace,
        sales.product_key,
        sales.sold_vnd,
        sales.line_count,
        sales.submission_id,
        case
            when sales.product_key is null then 'unmapped'
            when valid_products.product_key is null then 'outside_validity'
            else ''
        end as variant
    from sales
    left join {{ ref('int_valid_products') }} as valid_products
        on
            sales.as_of_date = valid_products.as_of_date
            and sales.product_key = valid_products.product_key
    left join {{ ref('dim_product') }} as products on sales.product_key = products.product_key
)

select
    as_of_date,
    variant,
    territory_code,
    marketplace,
    sold_vnd as numerator,
    null::numeric as denominator,
    line_count,
    submission_id
from judged

union all

select
    as_of_date,
    'share_of_product_value' as variant,
    territory_code,
    null as marketplace,
    sold_vnd as numerator,
    null as denominator,
    line_count,
    submission_id
from judged
where variant = ''

union all

select
    as_of_date,
    'share_of_product_value' as variant,
    territory_code,
    null as marketplace,
    null as numerator,
    numerator as denominator,
    row_count as line_count,
    submission_id
from {{ ref('int_product_values_windowed') }}
where variant = ''

union all

select
    as_of_date,
    'products_sold' as variant,
    territory_code,
    null as marketplace,
    1 as numerator,
    null as denominator,
    sum(line_count) as line_count,
    min(submission_id) as submission_id
from judged
where variant = ''
group by as_of_date, territory_code, product_key
-- What came back in full was not sold.
having sum(sold_vnd) > 0
