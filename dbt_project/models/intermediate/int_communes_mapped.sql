{{ config(materialized='ledger_table') }}

with recursive forward as (
    select
        unit_code as commune_code,
        valid_from,
        unit_code as in_commune_code,
        valid_from as in_valid_from
    from {{ ref('units') }}
    where unit_kind = 'commune'

    union all

    select
        forward.commune_code,
        forward.valid_from,
        unit_map.new_code as in_commune_code,
        unit_map.new_valid_from as in_valid_from
    from forward
    inner join {{ ref('unit_map') }} as unit_map
        on
            forward.in_commune_code = unit_map.old_code
            and forward.in_valid_from = unit_map.old_valid_from
    -- A commune that was split has no one successor.
    where unit_map.relation != 'part'
),

-- What took in a part of a commune that was split, and when.
mixed as (
    select
        forward.in_commune_code,
        forward.in_valid_from,
        max(forward.valid_from) as mixed_from
    from forward
    inner join {{ ref('unit_map') }} as unit_map
        on
            forward.commune_code = unit_map.new_code
            and forward.valid_from = unit_map.new_valid_from
            and unit_map.relation = 'part'
    group by forward.in_commune_code, forward.in_valid_from
),

-- A newer commune can be read as an older one only where it came from just one, and from no part of another.
backward as (
    select
        forward.in_commune_code as commune_code,
        forward.in_valid_from as valid_from,
        forward.valid_from as in_valid_from,
        min(forward.commune_code) as in_commune_code
    from forward
    left join mixed
        on
            forward.in_commune_code = mixed.in_commune_code
            and forward.in_valid_from = mixed.in_valid_from
    where
        forward.in_valid_from > forward.valid_from
        and (mixed.mixed_from is null or mixed.mixed_from <= forward.valid_from)
    group by forward.in_commune_code, forward.in_valid_from, forward.valid_from
    having count(*) = 1
),

mapped as (
    select
        commune_code,
        valid_from,
        in_commune_code,
        in_valid_from
    from forward

    union all

    select
        commune_code,
        valid_from,
        in_commune_code,
        in_valid_from
    from backward
)

select
    mapped.commune_code,
    mapped.valid_from,
    mapped.in_valid_from,
    mapped.in_commune_code,
    units.territory_code
from mapped
inner join {{ ref('units') }} as units
    on
        mapped.commune_code = units.unit_code
        and mapped.valid_from = units.valid_from
        and units.unit_kind = 'commune'
