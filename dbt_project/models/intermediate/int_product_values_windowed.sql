-- Revenue that the products valid on the as-of date reported for its window.
select
    months.as_of_date,
    valid_products.territory_code,
    product_values.product_key,
    product_values.revenue_vnd,
    product_values.load_id,
    product_values.submission_id,
    product_values.source_sheet,
    product_values.source_row
from {{ ref('int_as_of_months') }} as months
inner join {{ ref('fct_product_values') }} as product_values
    on
        months.month_date = date_trunc('month', (product_values.period_to - 1)::timestamp)
        -- A quarter or a year counts where it lies in the window as a whole.
        and months.window_from <= product_values.period_from
inner join {{ ref('int_valid_products') }} as valid_products
    on
        months.as_of_date = valid_products.as_of_date
        and product_values.product_key = valid_products.product_key
