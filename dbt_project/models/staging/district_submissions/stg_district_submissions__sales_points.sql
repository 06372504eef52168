with source as (
    select * from {{ source('raw', 'sales_points') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

{{ written_keys(source('raw', 'sales_points'), 'sales_point', 'sales_point_code', 'sales_point_name') }}

select
    {{ lineage() }},
    source.sales_point_code,
    source.sales_point_name,
    source.address,
    source.commune_code,
    source.managed_by,
    source.opened_date,
    source.stopped_date,
    {{ sales_point_key() }} as sales_point_key
from source
inner join loads on source.load_id = loads.load_id
{{ registry_joins('sales_point', 'source.sales_point_code', 'source.sales_point_name') }}
