with source as (
    select * from {{ source('raw', 'support_disbursements') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

{{ written_keys(source('raw', 'support_disbursements'), 'entity', 'entity_code') }}

select
    {{ lineage() }},
    source.voucher_number,
    source.funding_source,
    source.purpose,
    source.entity_code,
    source.amount_vnd,
    source.disbursed_date,
    {{ entity_key(has_name=false) }} as entity_key
from source
inner join loads on source.load_id = loads.load_id
{{ registry_joins('entity', 'source.entity_code') }}
