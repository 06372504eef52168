with first_recognitions as (
    select distinct on (product_key)
        product_key,
        event_date,
        stars,
        load_id,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('fct_participations') }}
    where is_certified
    order by product_key, event_date, event_key
)

select
    as_of_date,
    '' as variant,
    territory_code,
    commune_code,
    product_key,
    stars,
    product_group,
    1 as numerator,
    null::numeric as denominator,
    load_id,
    submission_id,
    source_sheet,
    source_row
from {{ ref('int_valid_products') }}
where is_certified

union all

select
    as_of.as_of_date,
    'ever_recognised' as variant,
    products.territory_code,
    null as commune_code,
    first_recognitions.product_key,
    first_recognitions.stars,
    coalesce(products.product_group, 'unknown') as product_group,
    1 as numerator,
    null as denominator,
    first_recognitions.load_id,
    first_recognitions.submission_id,
    first_recognitions.source_sheet,
    first_recognitions.source_row
from {{ ref('as_of') }} as as_of
inner join first_recognitions on as_of.as_of_date >= first_recognitions.event_date
inner join {{ ref('dim_product') }} as products
    on
        first_recognitions.product_key = products.product_key
        and products.is_in_programme
