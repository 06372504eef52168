{{ config(schema='intermediate', meta={'dagster': {'group': 'intermediate', 'owners': ['team:ocop']}}) }}

-- Not in marts: readers see sums of several entities, never one entity's people.
-- An entity's labour in one period as told last; periods may overlap (a quarter and its year).
with reports as (
    select
        told.*,
        coalesce(known.entity_key, told.entity_key) as own_key
    from {{ ref('stg_labour_statistics__labour_reports') }} as told
    left join {{ ref('int_entity_keys') }} as known on told.entity_key = known.named_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by own_key, period_from, period_to
            order by known_from desc, load_id desc, source_row desc
        ) as recency
    from reports
)

select
    own_key as entity_key,
    period_from,
    period_to,
    reported_date,
    total_workers,
    female_workers,
    regular_workers,
    seasonal_workers,
    local_workers,
    insured_workers,
    mean_income_vnd,
    lowest_income_vnd,
    highest_income_vnd,
    load_id,
    submission_id,
    source_sheet,
    source_row,
    -- Of two that end on one day, a quarter's and its year's, the longer one is the newer.
    lead(reported_date) over (
        partition by own_key
        order by reported_date asc, period_from desc, period_to asc
    ) as next_reported_date
from ranked
where recency = 1
