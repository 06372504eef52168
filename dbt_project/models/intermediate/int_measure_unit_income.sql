-- Of the unit that sends the reports, a district until June 2025: who must answer has told all of these incomes itself.
with told as (
    select
        reports.entity_key,
        reports.period_from,
        reports.period_to,
        reports.mean_income_vnd,
        reports.submission_id,
        loads.unit_code
    from {{ ref('fct_labour_reports') }} as reports
    inner join {{ ref('stg_ledger__loads') }} as loads on reports.load_id = loads.load_id
    where reports.mean_income_vnd is not null
),

units as (
    select
        unit_code,
        period_from,
        period_to,
        percentile_cont(0.5) within group (order by mean_income_vnd)::numeric as median_vnd,
        count(*) as row_count,
        max(submission_id) as submission_id
    from told
    group by unit_code, period_from, period_to
    having count(*) >= 4
)

select
    'unit_income' as measure,
    told.entity_key as subject_key,
    told.period_from,
    told.period_to,
    null::text as source_sheet,
    null::bigint as source_row,
    units.row_count,
    units.submission_id,
    round(units.median_vnd, -3) as told_value
from told
inner join units
    on
        told.unit_code = units.unit_code
        and told.period_from = units.period_from
        and told.period_to = units.period_to
