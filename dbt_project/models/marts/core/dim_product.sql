with mentions as (
    select * from {{ ref('stg_district_submissions__product_events') }}
),

places as (
    {{ finest_commune('mentions', 'product_key') }}
),

products as (
    select
        product_key,
        {{ newest('product_code', first='(product_code = product_key) desc,') }} as product_code,
        {{ newest('product_name') }} as product_name,
        {{ newest('product_group') }} as product_group,
        {{ newest('entity_key') }} as entity_key,
        {{ newest('territory_code') }} as reporting_territory_code
    from mentions
    group by product_key
),

placed as (
    select
        products.product_key,
        products.product_code,
        products.product_name,
        products.product_group,
        products.entity_key,
        products.reporting_territory_code,
        entities.territory_code as entity_territory_code,
        coalesce(places.commune_code, entities.commune_code) as commune_code,
        case when places.commune_code is null then entities.commune_valid_from else places.commune_valid_from end
            as commune_valid_from,
        case when places.commune_code is null then entities.territory_code else places.territory_code end
            as commune_territory_code
    from products
    left join places on products.product_key = places.product_key
    left join {{ ref('dim_entity') }} as entities on products.entity_key = entities.entity_key
)

select
    placed.product_key,
    placed.product_code,
    placed.product_name,
    placed.product_group,
    product_groups.name_vi as product_group_name,
    placed.entity_key,
    placed.commune_code,
    placed.commune_valid_from,
    case
        when placed.commune_code is not null then placed.commune_territory_code
        else coalesce(placed.reporting_territory_code, placed.entity_territory_code)
    end as territory_code,
    placed.commune_code is null or placed.commune_territory_code is not null as is_in_programme
from placed
left join {{ ref('product_groups') }} as product_groups on placed.product_group = product_groups.product_group
