with source as (
    select * from {{ source('raw', 'sales_points') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.sales_point_code,
    source.sales_point_name,
    source.address,
    source.commune_code,
    source.managed_by,
    source.opened_date,
    source.stopped_date
from source
inner join loads on source.load_id = loads.load_id
