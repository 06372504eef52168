{{ config(materialized='view') }}

select
    marketplace,
    marketplace_name,
    sort_order
from {{ ref('marketplaces') }}
