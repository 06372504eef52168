-- A commune is one row of dim_unit only by its code and the day its list began: codes are reused.
with communes as (
    select
        commune_code,
        commune_valid_from
    from {{ ref('dim_entity') }}

    union

    select
        commune_code,
        commune_valid_from
    from {{ ref('dim_product') }}

    union

    select
        commune_code,
        commune_valid_from
    from {{ ref('fct_sales_points') }}
)

select
    communes.commune_code,
    communes.commune_valid_from
from communes
left join {{ ref('dim_unit') }} as units
    on
        communes.commune_code = units.unit_code
        and communes.commune_valid_from = units.valid_from
        and units.unit_kind = 'commune'
where communes.commune_code is not null and units.unit_code is null
