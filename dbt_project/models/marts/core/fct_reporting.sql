-- A view: a rejected file moves no figure and a due date that passes changes no file, but both are to be seen at once.
{{ config(materialized='view') }}

with rejected_forms as (
    select
        submission_id,
        form,
        count(*) as rows_rejected
    from {{ source('ingest', 'quarantine') }}
    group by submission_id, form
),

-- A file that was rejected as a whole brought nothing for any of its forms.
rejections as (
    select
        source,
        unit_code,
        period_from,
        period_to,
        submission_id,
        arrived_at,
        null as form
    from {{ ref('stg_ledger__submissions') }}
    where
        outcome = 'rejected'
        and unit_code is not null

    union all

    -- So did a sheet of which every row was refused: had one been accepted, the report would be.
    select
        submissions.source,
        submissions.unit_code,
        submissions.period_from,
        submissions.period_to,
        submissions.submission_id,
        submissions.arrived_at,
        rejected_forms.form
    from rejected_forms
    inner join {{ ref('stg_ledger__submissions') }} as submissions
        on rejected_forms.submission_id = submissions.submission_id
),

rejected as (
    select
        source,
        form,
        unit_code,
        period_from,
        period_to,
        min(arrived_at) as first_arrived_at,
        max(submission_id) as submission_id
    from rejections
    group by source, form, unit_code, period_from, period_to
),

joined as (
    select
        due.source,
        due.form,
        due.period_kind,
        due.period_from,
        due.period_to,
        due.due_date,
        due.unit_code,
        due.unit_valid_from,
        due.territory_code,
        accepted.submission_id as accepted_id,
        accepted.is_restated,
        case when accepted.submission_id is not null then accepted.accepted_at end as accepted_at,
        least(accepted.accepted_at, files.first_arrived_at, sheets.first_arrived_at) as first_arrived_at,
        greatest(files.submission_id, sheets.submission_id) as rejected_id
    from {{ ref('int_reports_due') }} as due
    left join {{ ref('int_reports_accepted') }} as accepted
        on
            due.form = accepted.form
            and due.unit_code = accepted.unit_code
            and due.period_from = accepted.period_from
            and due.period_to = accepted.period_to
    left join rejected as sheets
        on
            due.form = sheets.form
            and due.unit_code = sheets.unit_code
            and due.period_from = sheets.period_from
            and due.period_to = sheets.period_to
    left join rejected as files
        on
            due.source = files.source
            and due.unit_code = files.unit_code
            and due.period_from = files.period_from
            and due.period_to = files.period_to
            and files.form is null
    where due.period_to <= {{ today() }}
)

select
    joined.source,
    joined.form,
    joined.unit_code,
    joined.unit_valid_from,
    joined.territory_code,
    joined.period_kind,
    joined.period_from,
    joined.period_to,
    joined.due_date,
    case
        when (joined.accepted_at at time zone 'Asia/Ho_Chi_Minh')::date <= joined.due_date then 'on_time'
        when joined.accepted_id is not null then 'late'
        when joined.rejected_id is not null then 'rejected'
        when joined.due_date >= {{ today() }} then 'not_yet_due'
        else 'missing'
    end as status,
    joined.first_arrived_at,
    joined.accepted_at,
    coalesce(joined.accepted_id, joined.rejected_id) as submission_id,
    coalesce(joined.is_restated and joined.accepted_id is not null, false) as is_restated,
    coalesce(rejected_forms.rows_rejected, 0) as rows_rejected
from joined
left join rejected_forms
    on
        coalesce(joined.accepted_id, joined.rejected_id) = rejected_forms.submission_id
        and joined.form = rejected_forms.form
