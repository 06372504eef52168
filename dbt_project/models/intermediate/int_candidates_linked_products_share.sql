with contracts as (
    select
        as_of.as_of_date,
        contracts.product_key,
        max(coalesce(contracts.end_date, 'infinity')) as end_date
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('fct_linkage_contracts') }} as contracts on as_of.as_of_date >= contracts.start_date
    group by as_of.as_of_date, contracts.product_key
)

select
    valid_products.as_of_date,
    valid_products.territory_code,
    valid_products.product_key,
    valid_products.entity_key,
    valid_products.commune_code,
    null::text as sales_point_code,
    null::int as days_left,
    null::numeric as points_missing,
    products.product_name as candidate_name,
    case when contracts.product_key is null then 'never_linked' else 'contract_ended' end as candidate_kind,
    row_number() over (
        partition by valid_products.as_of_date, valid_products.territory_code, contracts.product_key is null
        order by contracts.end_date desc, products.product_name asc, valid_products.product_key asc
    ) as rank_in_unit,
    coalesce(
        'Hợp đồng liên kết đã kết thúc từ ' || to_char(contracts.end_date, 'DD/MM/YYYY'),
        'Chưa có hợp đồng liên kết nào'
    ) as hint_vi,
    coalesce(
        'Its linkage contract ended on ' || to_char(contracts.end_date, 'YYYY-MM-DD'),
        'No linkage contract so far'
    ) as hint_en
from {{ ref('int_valid_products') }} as valid_products
inner join {{ ref('dim_product') }} as products on valid_products.product_key = products.product_key
left join contracts
    on
        valid_products.as_of_date = contracts.as_of_date
        and valid_products.product_key = contracts.product_key
where
    contracts.product_key is null
    or contracts.end_date <= valid_products.as_of_date
