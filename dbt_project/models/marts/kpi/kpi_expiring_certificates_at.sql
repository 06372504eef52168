with horizons as (
    select horizon_days::int as horizon_days
    from unnest(string_to_array({{ parameter('expiry_horizon_days', 'text') }}, '/')) as listed (horizon_days)
),

ending as (
    select
        valid_products.*,
        as_of.unit_generation_date,
        valid_products.term_to - valid_products.as_of_date as days_left,
        -- The first list of units also speaks for the time before it.
        greatest(as_of.as_of_date, as_of.unit_generation_date) as units_date
    from {{ ref('int_valid_products') }} as valid_products
    inner join {{ ref('as_of') }} as as_of on valid_products.as_of_date = as_of.as_of_date
    where
        valid_products.is_certified
        and as_of.is_asked
),

near as (
    select
        ending.*,
        smallest.horizon_days
    from ending
    cross join
        lateral (
            select min(horizons.horizon_days) as horizon_days
            from horizons
            where ending.days_left <= horizons.horizon_days
        ) as smallest
    where smallest.horizon_days is not null
)

select
    near.as_of_date,
    near.product_key,
    products.product_name,
    near.product_group,
    near.stars,
    near.decision_number,
    near.term_to as valid_to,
    near.days_left,
    near.horizon_days,
    near.territory_code,
    near.commune_code,
    communes.unit_name as commune_name,
    near.entity_key,
    entities.entity_name,
    near.load_id,
    near.submission_id,
    near.source_sheet,
    near.source_row,
    coalesce(districts.unit_code, near.commune_code) as reporting_unit_code,
    coalesce(districts.unit_name, communes.unit_name) as reporting_unit_name
from near
inner join {{ ref('dim_product') }} as products on near.product_key = products.product_key
left join {{ ref('dim_entity') }} as entities on near.entity_key = entities.entity_key
left join {{ ref('dim_unit') }} as communes
    on
        near.commune_code = communes.unit_code
        and near.unit_generation_date = communes.valid_from
left join {{ ref('dim_unit') }} as districts
    on
        near.territory_code = districts.unit_code
        and districts.unit_kind = 'district'
        and near.units_date >= districts.valid_from
        and near.units_date < coalesce(districts.valid_to, 'infinity')
