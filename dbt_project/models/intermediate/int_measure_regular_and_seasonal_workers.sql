select
    'regular_and_seasonal_workers' as measure,
    entity_key as subject_key,
    period_from,
    period_to,
    1::bigint as row_count,
    submission_id,
    source_sheet,
    source_row,
    (regular_workers + seasonal_workers)::numeric as told_value
from {{ ref('fct_labour_reports') }}
where seasonal_workers is not null
