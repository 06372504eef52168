with source as (
    select * from {{ source('raw', 'province_indicators') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.indicator,
    source.measure_unit,
    source.place_name,
    source.year,
    source.quarter,
    source.dimension,
    source.category,
    source.value,
    source.flag,
    source.is_preliminary
from source
inner join loads on source.load_id = loads.load_id
