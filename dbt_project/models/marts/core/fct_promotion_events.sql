-- Every unit tells its own part of an event under the code that all of them share.
with ranked as (
    select
        *,
        row_number() over (
            partition by event_code, unit_code
            order by reported_date desc, known_from desc, load_id desc, source_row desc
        ) as recency
    from {{ ref('stg_district_submissions__promotion_events') }}
)

select
    event_code,
    unit_code as reporting_unit_code,
    territory_code,
    event_name,
    event_form,
    start_date,
    end_date,
    place,
    product_count,
    contract_count,
    sales_vnd,
    load_id,
    submission_id,
    source_sheet,
    source_row,
    territory_code is not null or unit_code = {{ parameter('programme_province', 'text') }} as is_in_programme
from ranked
where recency = 1
