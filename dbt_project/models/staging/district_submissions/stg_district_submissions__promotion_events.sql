with source as (
    select * from {{ source('raw', 'promotion_events') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.event_code,
    source.event_name,
    source.event_form,
    source.start_date,
    source.end_date,
    source.place,
    source.product_count,
    source.contract_count,
    source.sales_vnd
from source
inner join loads on source.load_id = loads.load_id
