-- Voucher numbers mean something only where they were written. What it was paid for is free text: it may name people.
with ranked as (
    select
        *,
        row_number() over (
            partition by unit_code, voucher_number
            order by reported_date desc, known_from desc, load_id desc, source_row desc
        ) as recency
    from {{ ref('stg_district_submissions__support_disbursements') }}
)

select
    ranked.unit_code || '/' || ranked.voucher_number as voucher_key,
    ranked.unit_code as reporting_unit_code,
    ranked.voucher_number,
    ranked.funding_source,
    ranked.amount_vnd,
    ranked.disbursed_date,
    ranked.entity_key,
    ranked.load_id,
    ranked.submission_id,
    ranked.source_sheet,
    ranked.source_row,
    case when entities.entity_key is null then ranked.territory_code else entities.territory_code end
        as territory_code,
    coalesce(
        entities.is_in_programme,
        ranked.territory_code is not null or ranked.unit_code = {{ parameter('programme_province', 'text') }}
    ) as is_in_programme
from ranked
left join {{ ref('dim_entity') }} as entities on ranked.entity_key = entities.entity_key
where ranked.recency = 1
