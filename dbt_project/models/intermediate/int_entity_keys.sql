{{ config(materialized='ledger_table') }}

-- Who has lost its code, or never wrote it somewhere, is the one entity of that name in that place whose key is known.
-- Two of one name stay apart from it: nothing is guessed.
with mentions as (
    select
        named_key,
        entity_key
    from {{ ref('stg_district_submissions__entities') }}

    union all

    select
        named_key,
        entity_key
    from {{ ref('stg_labour_statistics__labour_reports') }}
)

select
    named_key,
    min(entity_key) as entity_key
from mentions
where entity_key != named_key
group by named_key
having count(distinct entity_key) = 1
