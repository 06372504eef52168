-- One month of one product may be told by two units, after a merger or by mistake: the newest counts.
with ranked as (
    select
        *,
        row_number() over (
            partition by product_key, period_from, period_to
            order by known_from desc, load_id desc, source_row desc
        ) as recency
    from {{ ref('stg_district_submissions__product_values') }}
)

select
    product_key,
    period_from,
    period_to,
    quantity,
    quantity_unit,
    mean_price_vnd,
    revenue_vnd,
    declared_online_revenue_vnd,
    load_id,
    submission_id,
    source_sheet,
    source_row
from ranked
where recency = 1
