-- From the rows of each sender: what counts, the newest of both, would agree with itself.
select
    'commune_revenue' as measure,
    told.commune_code as subject_key,
    told.period_from,
    told.period_to,
    null::bigint as source_row,
    sum(reported.revenue_vnd) as told_value,
    count(*) as row_count,
    max(reported.submission_id) as submission_id,
    max(reported.source_sheet) as source_sheet
from {{ ref('int_revenue_told_twice') }} as told
inner join {{ ref('stg_district_submissions__product_values') }} as reported on told.commune_load_id = reported.load_id
where reported.load_id = any(array(select twice.commune_load_id from {{ ref('int_revenue_told_twice') }} as twice))
group by told.commune_code, told.period_from, told.period_to
