with ranked as (
    select
        *,
        row_number() over (
            partition by sales_point_key
            order by reported_date desc, known_from desc, load_id desc, source_row desc
        ) as recency
    from {{ ref('stg_district_submissions__sales_points') }}
)

select
    ranked.sales_point_key,
    ranked.sales_point_code,
    ranked.sales_point_name,
    ranked.address,
    ranked.managed_by,
    ranked.commune_code,
    ranked.unit_generation_date as commune_valid_from,
    ranked.opened_date,
    ranked.stopped_date,
    ranked.load_id,
    ranked.submission_id,
    ranked.source_sheet,
    ranked.source_row,
    -- A commune of the merged province that is none of the programme's has no territory.
    case when mapped.commune_code is null then ranked.territory_code else mapped.territory_code end
        as territory_code
from ranked
left join {{ ref('int_communes_mapped') }} as mapped
    on
        ranked.commune_code = mapped.commune_code
        and ranked.unit_generation_date = mapped.valid_from
        and ranked.unit_generation_date = mapped.in_valid_from
where ranked.recency = 1
