with loads as (
    select
        load_id,
        submission_id,
        source,
        form,
        period_from,
        period_to,
        known_from,
        row_count,
        -- A labour report of a single entity speaks for that entity in its unit: 231/2600000001.
        split_part(unit_code, '/', 1) as unit_code,
        period_to - 1 as reported_date
    from {{ source('ingest', 'load_at') }}
),

units as (
    select
        unit_code,
        valid_from,
        unit_kind,
        territory_code,
        coalesce(valid_to, 'infinity') as valid_to
    from {{ ref('units') }}
),

generations as (
    select
        valid_from,
        -- What was reported before the first list of communes is read by that list.
        case when row_number() over (order by valid_from) = 1 then '-infinity' else valid_from end as in_force_from,
        lead(valid_from, 1, 'infinity'::date) over (order by valid_from) as in_force_to
    from units
    where unit_kind = 'commune'
    group by valid_from
)

select
    loads.load_id,
    loads.submission_id,
    loads.source,
    loads.form,
    loads.unit_code,
    units.territory_code,
    generations.valid_from as unit_generation_date,
    loads.period_from,
    loads.period_to,
    loads.reported_date,
    loads.known_from,
    loads.row_count
from loads
left join generations
    on
        loads.reported_date >= generations.in_force_from
        and loads.reported_date < generations.in_force_to
left join units
    on
        loads.unit_code = units.unit_code
        and greatest(loads.reported_date, generations.valid_from) >= units.valid_from
        and greatest(loads.reported_date, generations.valid_from) < units.valid_to
