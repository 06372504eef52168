-- A view: a rejected file moves no figure, so no table is built anew for it, but it is to be seen at once.
{{ config(materialized='view') }}

select
    submission_id,
    source,
    file_name,
    inbox_path,
    unit_code,
    period_label,
    period_from,
    period_to,
    arrived_at,
    received_at,
    outcome,
    rows_read,
    rows_accepted,
    rows_rejected,
    is_superseded,
    replay_of,
    state,
    superseded_by,
    withdrawn_at
from {{ ref('stg_ledger__submissions') }}
