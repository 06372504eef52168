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
),

uncertified as (
    select
        sales.month_date,
        sales.marketplace,
        sales.product_key,
        sales.submission_id,
        sum(sales.sold_line_count) as line_count,
        sum(sales.sold_vnd) as sold_vnd
    from {{ ref('int_sales_daily') }} as sales
    where
        sales.product_key is not null
        and sales.sold_line_count > 0
        and not exists (
            select from {{ ref('fct_certificates') }} as certificates
            where
                certificates.product_key = sales.product_key
                and certificates.valid_from <= sales.order_date
                and certificates.valid_to > sales.order_date
        )
    group by sales.month_date, sales.marketplace, sales.product_key, sales.submission_id
),

sold as (
    select
        *,
        row_number() over (
            partition by as_of_date, product_key
            order by submission_id, marketplace
        ) as place,
        sum(sold_vnd) over (partition by as_of_date, product_key) as product_vnd
    from judged
    where variant = ''
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

-- A part of what the product sold while it counts or not: by the day of the order, not by the day of the figure.
select
    months.as_of_date,
    'uncertified_days' as variant,
    products.territory_code,
    uncertified.marketplace,
    uncertified.sold_vnd as numerator,
    null as denominator,
    uncertified.line_count,
    uncertified.submission_id
from {{ ref('int_as_of_months') }} as months
inner join uncertified on months.month_date = uncertified.month_date
left join {{ ref('dim_product') }} as products on uncertified.product_key = products.product_key

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
    -- A product of several files is one product: the first of them counts it.
    (place = 1)::int as numerator,
    null as denominator,
    line_count,
    submission_id
from sold
-- What came back in full was not sold.
where product_vnd > 0
