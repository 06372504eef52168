{{ config(materialized='ledger_table') }}

-- A unit that sent none is told so by fct_reporting, not once more for each of its entities. Kept: of a view over loads
-- and obligations the planner expects a row or none, and goes through all entities for each of them.
select distinct
    loads.unit_code,
    loads.unit_generation_date,
    loads.period_from,
    loads.period_to,
    loads.reported_date
from {{ ref('stg_ledger__loads') }} as loads
inner join {{ ref('int_reports_due') }} as due
    on
        loads.form = due.form
        and loads.unit_code = due.unit_code
        and loads.period_from = due.period_from
        and loads.period_to = due.period_to
where loads.form = 'labour_reports'
