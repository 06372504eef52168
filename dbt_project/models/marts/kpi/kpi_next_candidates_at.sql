{%- set planned = [
    'certified_products',
    'linked_products_share',
    'units_with_sales_point',
    'participating_communes_share',
] -%}

with candidates as (
    {% for kpi_code in planned %}
        select
            '{{ kpi_code }}' as kpi_code,
            as_of_date,
            territory_code,
            candidate_kind,
            rank_in_unit,
            product_key,
            entity_key,
            commune_code,
            sales_point_code,
            candidate_name,
            hint_vi,
            hint_en,
            days_left,
            points_missing
        from {{ ref('int_candidates_' ~ kpi_code) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    as_of_date,
    kpi_code,
    candidate_kind,
    rank_in_unit,
    product_key,
    entity_key,
    commune_code,
    sales_point_code,
    candidate_name,
    hint_vi,
    hint_en,
    days_left,
    points_missing,
    -- What cannot be placed in a district is the province's to settle.
    coalesce(territory_code, {{ parameter('programme_province', 'text') }}) as unit_code
from candidates
where as_of_date in (select as_of.as_of_date from {{ ref('as_of') }} as as_of where as_of.is_asked)
