-- The months that each valid product should have reported in the window and did not, with its certificate.
with missing as (
    select
        months.as_of_date,
        missing.product_key,
        count(*) as month_count
    from {{ ref('int_as_of_months') }} as months
    inner join {{ ref('int_product_months_missing') }} as missing on months.month_date = missing.month_date
    group by months.as_of_date, missing.product_key
)

select
    missing.as_of_date,
    valid_products.territory_code,
    missing.product_key,
    valid_products.product_group,
    missing.month_count,
    valid_products.load_id,
    valid_products.submission_id,
    valid_products.source_sheet,
    valid_products.source_row
from missing
inner join {{ ref('int_valid_products') }} as valid_products
    on
        missing.as_of_date = valid_products.as_of_date
        and missing.product_key = valid_products.product_key
