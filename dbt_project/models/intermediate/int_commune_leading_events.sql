{{ config(materialized='ledger_table') }}

-- What an earlier event outlives never stands for its commune: few are left to look at on each date.
with events as (
    select
        mapped.in_commune_code as commune_code,
        mapped.in_valid_from,
        participations.product_key,
        participations.event_date,
        participations.load_id,
        participations.submission_id,
        participations.source_sheet,
        participations.source_row,
        coalesce(participations.withdrawn_date, 'infinity') as withdrawn_date
    from {{ ref('fct_participations') }} as participations
    inner join {{ ref('dim_product') }} as products on participations.product_key = products.product_key
    inner join {{ ref('int_communes_mapped') }} as mapped
        on
            products.commune_code = mapped.commune_code
            and products.commune_valid_from = mapped.valid_from
),

outlived as (
    select
        *,
        max(withdrawn_date) over (
            partition by commune_code, in_valid_from
            order by event_date, product_key, load_id, source_row
            rows between unbounded preceding and 1 preceding
        ) as outlived_until
    from events
)

select
    commune_code,
    in_valid_from,
    product_key,
    event_date,
    withdrawn_date,
    load_id,
    submission_id,
    source_sheet,
    source_row
from outlived
where withdrawn_date > coalesce(outlived_until, '-infinity')
