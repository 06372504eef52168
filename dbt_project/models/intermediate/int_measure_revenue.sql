select
    'revenue' as measure,
    product_key as subject_key,
    period_from,
    period_to,
    revenue_vnd as told_value,
    1::bigint as row_count,
    submission_id,
    source_sheet,
    source_row
from {{ ref('fct_product_values') }}
where revenue_vnd is not null
