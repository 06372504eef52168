{{ config(materialized='ledger_table') }}

-- A household business is its owner, and its code may be the owner's tax code: our key of one is its place and name, as
-- where it has no code. It is stored, so that also as known at an earlier moment no key is the code of a household.
with told as (
    select
        load_id,
        entity_code,
        entity_name,
        entity_type
    from {{ source('raw', 'entities') }}

    union all

    select
        load_id,
        entity_code,
        entity_name,
        entity_type
    from {{ source('raw', 'labour_reports') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

households as (
    select
        told.entity_code,
        told.entity_name,
        {{ reporting_place() }} as place_code,
        min(loads.reported_date) as reported_date
    from told
    inner join loads on told.load_id = loads.load_id
    where
        told.entity_type = 'household_business'
        and told.entity_code is not null
    group by told.entity_code, told.entity_name, {{ reporting_place() }}
),

keyed as (
    select
        {{ code_key('entity_code') }} as code_key,
        place_code as told_in,
        place_code || '/' || {{ name_key('entity_name') }} as named_key,
        reported_date
    from households
),

-- A tax number means one household wherever it is told, any other code one in its place.
placed as (
    select
        *,
        case when code_key ~ '{{ tax_number_shape() }}' then '' else told_in end as place_code
    from keyed
),

first_told as (
    select distinct on (place_code, code_key)
        place_code,
        code_key,
        named_key,
        reported_date
    from placed
    order by place_code, code_key, reported_date, named_key
),

numbered as (
    select
        *,
        row_number() over (partition by named_key order by reported_date, code_key) as nth
    from first_told
)

-- Two of one name in a place are told apart by a number.
select
    place_code,
    code_key,
    case when nth = 1 then named_key else named_key || '/' || nth end as entity_key
from numbered
