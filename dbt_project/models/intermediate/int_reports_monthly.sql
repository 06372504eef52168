-- Reports owed and received, counted once per month in which their period ends; as-of dates window the months.
{{ config(materialized='ledger_table') }}

with received as (
    select distinct
        loads.form,
        submissions.unit_code,
        loads.period_from,
        loads.period_to
    from {{ ref('stg_ledger__loads') }} as loads
    inner join {{ ref('stg_ledger__submissions') }} as submissions on loads.submission_id = submissions.submission_id
)

select
    due.month_date,
    due.form,
    due.territory_code,
    count(*) as expected_count,
    count(received.unit_code) as received_count
from {{ ref('int_reports_due') }} as due
left join received
    on
        due.form = received.form
        and due.unit_code = received.unit_code
        and due.period_from = received.period_from
        and due.period_to = received.period_to
group by due.month_date, due.form, due.territory_code
