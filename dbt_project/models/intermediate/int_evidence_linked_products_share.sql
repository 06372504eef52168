-- Two rows for a linked product, its certificate and its contract: each of the two cells can be found.
-- Before the first contract that anybody told of, nothing is known of linkage.
with valid_products as (
    select * from {{ ref('int_valid_products') }}
    where as_of_date >= (select min(contracts.start_date) from {{ ref('fct_linkage_contracts') }} as contracts)
),

oldest_contracts as (
    select distinct on (as_of.as_of_date, contracts.product_key)
        contracts.*,
        as_of.as_of_date
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('fct_linkage_contracts') }} as contracts
        on
            as_of.as_of_date >= contracts.start_date
            and as_of.as_of_date < coalesce(contracts.end_date, 'infinity')
    order by as_of.as_of_date, contracts.product_key, contracts.start_date, contracts.contract_number
)

select
    as_of_date,
    '' as variant,
    territory_code,
    product_key,
    null as contract_number,
    0 as numerator,
    1 as denominator,
    load_id,
    submission_id,
    source_sheet,
    source_row
from valid_products

union all

select
    valid_products.as_of_date,
    '' as variant,
    valid_products.territory_code,
    valid_products.product_key,
    contracts.contract_number,
    1 as numerator,
    0 as denominator,
    contracts.load_id,
    contracts.submission_id,
    contracts.source_sheet,
    contracts.source_row
from valid_products
inner join oldest_contracts as contracts
    on
        valid_products.as_of_date = contracts.as_of_date
        and valid_products.product_key = contracts.product_key
