-- As known now, whatever the session's ocop.known_at: a file's fate has no earlier version worth showing.
with submissions as (
    select * from {{ source('ingest', 'submission') }}
),

states as (
    select * from {{ source('ingest', 'submission_state') }}
)

select
    submissions.submission_id,
    submissions.source,
    {{ without_id_numbers('submissions.file_name') }} as file_name,
    {{ without_id_numbers('submissions.inbox_path') }} as inbox_path,
    submissions.unit_code,
    submissions.period_label,
    submissions.period_from,
    submissions.period_to,
    coalesce(submissions.arrived_at, submissions.received_at) as arrived_at,
    submissions.received_at,
    submissions.outcome,
    submissions.rows_read,
    submissions.rows_accepted,
    submissions.rows_rejected,
    submissions.replay_of,
    states.state,
    states.superseded_by,
    states.withdrawn_at,
    states.state = 'superseded' as is_superseded
from submissions
inner join states on submissions.submission_id = states.submission_id
