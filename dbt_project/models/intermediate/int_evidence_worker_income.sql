with told as (
    select *
    from {{ ref('int_labour_reports_newest') }}
    where
        mean_income_vnd is not null
        and regular_workers > 0
),

ranges as (
    select
        as_of_date,
        min(lowest_income_vnd) as lowest_income_vnd,
        max(highest_income_vnd) as highest_income_vnd
    from told
    group by as_of_date
),

-- One report stands for the end of the range that it reaches.
ends as (
    select distinct on (told.as_of_date, variants.variant)
        told.as_of_date,
        variants.variant,
        told.entity_key,
        variants.income_vnd,
        told.load_id,
        told.submission_id,
        told.source_sheet,
        told.source_row
    from told
    inner join ranges on told.as_of_date = ranges.as_of_date
    cross join
        lateral (
            values
            ('lowest', told.lowest_income_vnd, ranges.lowest_income_vnd),
            ('highest', told.highest_income_vnd, ranges.highest_income_vnd)
        ) as variants (variant, income_vnd, end_vnd)
    where variants.income_vnd = variants.end_vnd
    order by told.as_of_date, variants.variant, told.entity_key
)

select
    as_of_date,
    '' as variant,
    territory_code,
    entity_key,
    mean_income_vnd * regular_workers as numerator,
    regular_workers::numeric as denominator,
    load_id,
    submission_id,
    source_sheet,
    source_row
from told

union all

-- For the province alone: in a district the ends of the range would tell one entity's pay.
select
    as_of_date,
    variant,
    null as territory_code,
    entity_key,
    income_vnd as numerator,
    null as denominator,
    load_id,
    submission_id,
    source_sheet,
    source_row
from ends
