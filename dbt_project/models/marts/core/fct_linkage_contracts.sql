with ranked as (
    select
        *,
        row_number() over (
            partition by product_key, contract_number
            order by reported_date desc, known_from desc, load_id desc, source_row desc
        ) as recency
    from {{ ref('stg_district_submissions__linkage_contracts') }}
)

select
    product_key,
    contract_number,
    partner_name,
    linkage_kind,
    start_date,
    end_date,
    load_id,
    submission_id,
    source_sheet,
    source_row
from ranked
where recency = 1
