{{ config(schema='intermediate', meta={'dagster': {'group': 'intermediate', 'owners': ['team:ocop']}}) }}

-- Not in marts: readers see sums of several entities, never one entity's people.
-- An entity's labour in one period as told last; periods may overlap (a quarter and its year).
with ranked as (
    select
        *,
        row_number() over (
            partition by entity_key, period_from, period_to
            order by known_from desc, load_id desc, source_row desc
        ) as recency
    from {{ ref('stg_labour_statistics__labour_reports') }}
)

select
    entity_key,
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
        partition by entity_key
        order by reported_date asc, period_from desc, period_to asc
    ) as next_reported_date
from ranked
where recency = 1
