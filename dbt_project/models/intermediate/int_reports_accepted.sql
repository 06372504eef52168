-- Reports that were accepted, as known now. Whoever sent the file reported: a labour report may speak for one entity.
select
    loads.source,
    loads.form,
    submissions.unit_code,
    loads.period_from,
    loads.period_to,
    min(submissions.arrived_at) as accepted_at,
    max(loads.submission_id) filter (where loads.known_to is null) as submission_id,
    bool_or(loads.known_to is not null) as is_restated
from {{ source('ingest', 'load') }} as loads
inner join {{ ref('stg_ledger__submissions') }} as submissions on loads.submission_id = submissions.submission_id
group by loads.source, loads.form, submissions.unit_code, loads.period_from, loads.period_to
