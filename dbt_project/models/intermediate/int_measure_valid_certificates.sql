-- Entities with a valid product on the last day of a period of which their unit has sent labour reports.
with placed as (
    select
        entity_key,
        territory_code as unit_code,
        null::date as unit_generation_date
    from {{ ref('dim_entity') }}
    where territory_code is not null

    union all

    select
        entities.entity_key,
        mapped.in_commune_code as unit_code,
        mapped.in_valid_from as unit_generation_date
    from {{ ref('dim_entity') }} as entities
    inner join {{ ref('int_communes_mapped') }} as mapped
        on
            entities.commune_code = mapped.commune_code
            and entities.commune_valid_from = mapped.valid_from
),

held as (
    select
        certificates.product_key,
        certificates.valid_from,
        certificates.valid_to,
        certificates.submission_id,
        certificates.source_sheet,
        certificates.source_row,
        coalesce(certificates.entity_key, products.entity_key) as entity_key
    from {{ ref('fct_certificates') }} as certificates
    inner join {{ ref('dim_product') }} as products
        on
            certificates.product_key = products.product_key
            and products.is_in_programme
)

select
    'valid_certificates' as measure,
    placed.entity_key as subject_key,
    told.period_from,
    told.period_to,
    count(*)::numeric as told_value,
    count(*) as row_count,
    (array_agg(held.submission_id order by held.valid_from desc, held.product_key asc))[1] as submission_id,
    (array_agg(held.source_sheet order by held.valid_from desc, held.product_key asc))[1] as source_sheet,
    (array_agg(held.source_row order by held.valid_from desc, held.product_key asc))[1] as source_row
from {{ ref('int_labour_reports_told') }} as told
inner join placed
    on
        told.unit_code = placed.unit_code
        and (placed.unit_generation_date is null or told.unit_generation_date = placed.unit_generation_date)
inner join held
    on
        placed.entity_key = held.entity_key
        and told.reported_date >= held.valid_from
        and told.reported_date < held.valid_to
group by placed.entity_key, told.period_from, told.period_to
