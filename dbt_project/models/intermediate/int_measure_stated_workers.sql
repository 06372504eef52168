-- What the entity sheet said last in each quarter and year: labour reports speak of these.
with statements as (
    select
        *,
        date_trunc('quarter', reported_date::timestamp) as quarter_from
    from {{ ref('stg_district_submissions__entities') }}
    where regular_workers is not null
),

quarters as (
    select distinct on (entity_key, quarter_from)
        entity_key,
        quarter_from,
        reported_date,
        regular_workers,
        submission_id,
        source_sheet,
        source_row
    from statements
    order by
        entity_key asc, quarter_from asc, reported_date desc, known_from desc, load_id desc, source_row desc
),

years as (
    select distinct on (entity_key, date_trunc('year', quarter_from))
        entity_key,
        regular_workers,
        submission_id,
        source_sheet,
        source_row,
        date_trunc('year', quarter_from) as year_from
    from quarters
    order by entity_key asc, date_trunc('year', quarter_from) asc, reported_date desc
)

select
    'stated_workers' as measure,
    entity_key as subject_key,
    quarter_from::date as period_from,
    (quarter_from + interval '3 months')::date as period_to,
    regular_workers::numeric as told_value,
    1::bigint as row_count,
    submission_id,
    source_sheet,
    source_row
from quarters

union all

select
    'stated_workers' as measure,
    entity_key as subject_key,
    year_from::date as period_from,
    (year_from + interval '1 year')::date as period_to,
    regular_workers::numeric as told_value,
    1::bigint as row_count,
    submission_id,
    source_sheet,
    source_row
from years
