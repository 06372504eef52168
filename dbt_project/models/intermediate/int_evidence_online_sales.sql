-- The order lines behind the KPI. It sums up months instead (int_online_sales_windowed): both give one figure.
with lines as not materialized (
    select
        as_of.as_of_date,
        products.territory_code,
        order_lines.marketplace,
        order_lines.product_key,
        order_lines.sku,
        order_lines.order_date,
        order_lines.sold_vnd,
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
    where order_lines.is_sold
),

-- A product is sold once, however many lines say so; what came back in full was not sold.
sold as (
    select
        *,
        row_number() over (
            partition by as_of_date, product_key
            order by load_id, source_sheet, source_row
        ) as place,
        sum(sold_vnd) over (partition by as_of_date, product_key) as product_vnd
    from lines
    where variant = ''
),

told as (
    select
        as_of_date,
        variant,
        territory_code,
        marketplace,
        product_key,
        sku,
        sold_vnd as numerator,
        null::numeric as denominator,
        load_id,
        submission_id,
        source_sheet,
        source_row
    from lines

    union all

    select
        lines.as_of_date,
        'uncertified_days' as variant,
        lines.territory_code,
        lines.marketplace,
        lines.product_key,
        lines.sku,
        lines.sold_vnd as numerator,
        null as denominator,
        lines.load_id,
        lines.submission_id,
        lines.source_sheet,
        lines.source_row
    from lines
    where
        lines.product_key is not null
        and not exists (
            select from {{ ref('fct_certificates') }} as certificates
            where
                certificates.product_key = lines.product_key
                and certificates.valid_from <= lines.order_date
                and certificates.valid_to > lines.order_date
        )

    union all

    select
        sold.as_of_date,
        parts.variant,
        sold.territory_code,
        sold.marketplace,
        sold.product_key,
        sold.sku,
        parts.numerator,
        null as denominator,
        sold.load_id,
        sold.submission_id,
        sold.source_sheet,
        sold.source_row
    from sold
    cross join
        lateral (
            values
            ('products_sold', case when sold.product_vnd > 0 then (sold.place = 1)::int end),
            ('share_of_product_value', sold.sold_vnd)
        ) as parts (variant, numerator)
    where parts.numerator is not null
)

select * from told

union all

select
    as_of_date,
    'share_of_product_value' as variant,
    territory_code,
    null as marketplace,
    product_key,
    null as sku,
    null as numerator,
    numerator as denominator,
    load_id,
    submission_id,
    source_sheet,
    source_row
from {{ ref('int_evidence_product_value') }}
where variant = ''
