-- Entities with a valid product, each with its newest labour report of the last 12 months, if there is one.
with producers as (
    select distinct on (as_of_date, entity_key)
        as_of_date,
        entity_key,
        load_id,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('int_valid_products') }}
    where entity_key is not null
    order by as_of_date, entity_key, load_id, source_sheet, source_row
),

newest_reports as (
    select
        reports.*,
        as_of.as_of_date
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('fct_labour_reports') }} as reports
        on
            as_of.as_of_date >= reports.reported_date
            and as_of.as_of_date < coalesce(reports.next_reported_date, 'infinity')
            and (
                as_of.as_of_date - make_interval(months => {{ parameter('labour_report_months') }})
            ) < reports.reported_date
)

select
    producers.as_of_date,
    entities.territory_code,
    entities.commune_code,
    producers.entity_key,
    reports.regular_workers,
    reports.local_workers,
    reports.female_workers,
    reports.seasonal_workers,
    reports.insured_workers,
    reports.mean_income_vnd,
    reports.lowest_income_vnd,
    reports.highest_income_vnd,
    reports.entity_key is null as is_missing,
    coalesce(reports.load_id, producers.load_id) as load_id,
    coalesce(reports.submission_id, producers.submission_id) as submission_id,
    coalesce(reports.source_sheet, producers.source_sheet) as source_sheet,
    coalesce(reports.source_row, producers.source_row) as source_row
from producers
left join newest_reports as reports
    on
        producers.as_of_date = reports.as_of_date
        and producers.entity_key = reports.entity_key
left join {{ ref('dim_entity') }} as entities on producers.entity_key = entities.entity_key
