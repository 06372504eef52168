-- Reports that were accepted and not withdrawn, as known now. Whoever sent the file reported: a labour report may
-- speak for one entity.
with submissions as (
    select * from {{ ref('stg_ledger__submissions') }}
    where withdrawn_at is null
),

loads as (
    select * from {{ source('ingest', 'load') }}
),

replaced as (
    select loads.load_id
    from loads
    inner join loads as closing on loads.closed_by = closing.load_id
    inner join submissions on closing.submission_id = submissions.submission_id
    where closing.submission_id != loads.submission_id
)

select
    loads.source,
    loads.form,
    submissions.unit_code,
    loads.period_from,
    loads.period_to,
    min(submissions.arrived_at) as accepted_at,
    max(loads.submission_id) filter (where loads.known_to is null) as submission_id,
    bool_or(replaced.load_id is not null) as is_restated
from loads
inner join submissions on loads.submission_id = submissions.submission_id
left join replaced on loads.load_id = replaced.load_id
group by loads.source, loads.form, submissions.unit_code, loads.period_from, loads.period_to
