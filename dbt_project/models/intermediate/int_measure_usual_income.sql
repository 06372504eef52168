-- A geometric mean: one report that is wrong by a factor moves it little, and the rules ask for factors.
with told as (
    select
        entity_key,
        period_from,
        period_to,
        exp(avg(ln(mean_income_vnd::double precision)) over history) as told_value,
        count(*) over history as row_count,
        max(submission_id) over history as submission_id,
        first_value(source_sheet) over history as source_sheet,
        first_value(source_row) over history as source_row
    from {{ ref('fct_labour_reports') }}
    where mean_income_vnd > 0
    window history as (
        partition by entity_key
        order by reported_date asc
        groups between 8 preceding and 1 preceding
    )
)

select
    'usual_income' as measure,
    entity_key as subject_key,
    period_from,
    period_to,
    row_count,
    submission_id,
    round(told_value::numeric, -3) as told_value,
    case when row_count = 1 then source_sheet end as source_sheet,
    case when row_count = 1 then source_row end as source_row
from told
where row_count > 0
