-- What the district told of the products that lie in the commune.
select
    'district_revenue' as measure,
    told.commune_code as subject_key,
    told.period_from,
    told.period_to,
    null::bigint as source_row,
    sum(reported.revenue_vnd) as told_value,
    count(*) as row_count,
    max(reported.submission_id) as submission_id,
    max(reported.source_sheet) as source_sheet
from {{ ref('int_revenue_told_twice') }} as told
inner join {{ ref('stg_district_submissions__product_values') }} as reported on told.district_load_id = reported.load_id
inner join {{ ref('dim_product') }} as products on reported.product_key = products.product_key
inner join {{ ref('int_communes_mapped') }} as mapped
    on
        products.commune_code = mapped.commune_code
        and products.commune_valid_from = mapped.valid_from
        and told.commune_code = mapped.in_commune_code
        and told.commune_valid_from = mapped.in_valid_from
where reported.load_id = any(array(select twice.district_load_id from {{ ref('int_revenue_told_twice') }} as twice))
group by told.commune_code, told.period_from, told.period_to
