with source as (
    select * from {{ source('raw', 'support_disbursements') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.voucher_number,
    source.funding_source,
    source.purpose,
    source.entity_code,
    source.amount_vnd,
    source.disbursed_date
from source
inner join loads on source.load_id = loads.load_id
