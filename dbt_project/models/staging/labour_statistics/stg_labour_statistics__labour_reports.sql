with source as (
    select * from {{ source('raw', 'labour_reports') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

{{ written_keys(source('raw', 'labour_reports'), 'entity', 'entity_code', 'entity_name') }}

select
    {{ lineage() }},
    source.report_period,
    source.commune_code,
    source.commune_name,
    source.entity_code,
    source.entity_name,
    source.entity_type,
    source.total_workers,
    source.female_workers,
    source.regular_workers,
    source.seasonal_workers,
    source.local_workers,
    source.insured_workers,
    source.mean_income_vnd,
    source.lowest_income_vnd,
    source.highest_income_vnd,
    source.confirmed_date,
    {{ entity_key() }} as entity_key
from source
inner join loads on source.load_id = loads.load_id
{{ registry_joins('entity', 'source.entity_code', 'source.entity_name') }}
