-- Per as-of date the products whose newest decision is in force on that day, whatever its stars.
select
    as_of.as_of_date,
    certificates.product_key,
    certificates.stars,
    certificates.is_certified,
    certificates.decision_number,
    certificates.term_to,
    products.territory_code,
    mapped.in_commune_code as commune_code,
    certificates.load_id,
    certificates.submission_id,
    certificates.source_sheet,
    certificates.source_row,
    coalesce(certificates.entity_key, products.entity_key) as entity_key,
    coalesce(certificates.product_group, products.product_group, 'unknown') as product_group
from {{ ref('as_of') }} as as_of
inner join {{ ref('fct_certificates') }} as certificates
    on
        as_of.as_of_date >= certificates.valid_from
        and as_of.as_of_date < certificates.valid_to
inner join {{ ref('dim_product') }} as products on certificates.product_key = products.product_key
left join {{ ref('int_communes_mapped') }} as mapped
    on
        products.commune_code = mapped.commune_code
        and products.commune_valid_from = mapped.valid_from
        and as_of.unit_generation_date = mapped.in_valid_from
where products.is_in_programme
