-- The order and returns files that count, and of which of two the word is later: by the time of the export, where that
-- is not known by the file's own, and of one moment by their content. When a file arrived says nothing.
select
    loads.form,
    loads.load_id,
    loads.unit_code as shop_id,
    loads.period_from,
    loads.period_to,
    coalesce(
        submissions.exported_at, submissions.modified_at, submissions.arrived_at, submissions.received_at
    ) as exported_at,
    row_number() over (
        partition by loads.form, loads.unit_code
        order by
            coalesce(
                submissions.exported_at, submissions.modified_at, submissions.arrived_at, submissions.received_at
            ),
            submissions.sha256,
            loads.load_id
    ) as export_number
from {{ source('ingest', 'load_at') }} as loads
inner join {{ source('ingest', 'submission') }} as submissions on loads.submission_id = submissions.submission_id
where loads.form in ('order_lines', 'order_returns')
