-- A return of an order that no export tells of lowers no sales: the order's export is missing, or the number is wrong.
{{ config(severity='warn') }}

select
    shop_id,
    order_id,
    return_id
from {{ ref('fct_order_returns') }}
where not is_matched
