select
    'reported_income' as measure,
    entity_key as subject_key,
    period_from,
    period_to,
    mean_income_vnd as told_value,
    1::bigint as row_count,
    submission_id,
    source_sheet,
    source_row
from {{ ref('fct_labour_reports') }}
where mean_income_vnd is not null
