select
    'total_workers' as measure,
    entity_key as subject_key,
    period_from,
    period_to,
    total_workers::numeric as told_value,
    1::bigint as row_count,
    submission_id,
    source_sheet,
    source_row
from {{ ref('fct_labour_reports') }}
where total_workers is not null
