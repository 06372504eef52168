-- Under which names a place knows the entities that state a code, as far as somebody is named so without one: few of
-- millions of rows. A view, unlike the keys of households: as known at an earlier moment, a name that nobody had told
-- beside a code yet is nobody's.
with mentioned as not materialized (
    select
        load_id,
        entity_code,
        entity_name
    from {{ source('raw', 'entities') }}

    union all

    select
        load_id,
        entity_code,
        entity_name
    from {{ source('raw', 'product_events') }}

    union all

    select
        load_id,
        entity_code,
        entity_name
    from {{ source('raw', 'labour_reports') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
),

spellings as materialized (
    select
        entity_name,
        bool_or(entity_code is null) as has_no_code
    from mentioned
    group by entity_name
),

names as materialized (
    select
        entity_name,
        has_no_code,
        {{ name_key('entity_name') }} as name_key
    from spellings
),

without_code as (
    select distinct name_key
    from names
    where has_no_code
),

asked_for as (
    select names.entity_name
    from names
    inner join without_code on names.name_key = without_code.name_key
),

told as (
    select * from mentioned
    where
        entity_code is not null
        and entity_name in (select asked_for.entity_name from asked_for)
),

{{ written_keys('told', 'entity', 'entity_code', 'entity_name') }},

keyed as (
    select distinct
        {{ reporting_place() }} as place_code,
        entity_names.name_key,
        {{ entity_key(knows_names=false) }} as entity_key
    from told
    inner join loads on told.load_id = loads.load_id
    {{ registry_joins('entity', 'told.entity_code', 'told.entity_name', knows_names=false) }}
)

-- Two entities of one name stay apart, and whoever is named so without a code from both.
select
    place_code,
    name_key,
    min(entity_key) as entity_key
from keyed
group by place_code, name_key
having count(*) = 1
