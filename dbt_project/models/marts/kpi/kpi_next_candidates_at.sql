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
    candidates.as_of_date,
    candidates.kpi_code,
    candidates.candidate_kind,
    candidates.rank_in_unit,
    candidates.product_key,
    candidates.entity_key,
    candidates.commune_code,
    candidates.sales_point_code,
    candidates.candidate_name,
    candidates.hint_vi,
    candidates.hint_en,
    candidates.days_left,
    candidates.points_missing,
    -- What cannot be placed in a district is the province's to settle.
    coalesce(candidates.territory_code, {{ parameter('programme_province', 'text') }}) as unit_code
from candidates
inner join {{ ref('as_of') }} as as_of
    on
        candidates.as_of_date = as_of.as_of_date
        and as_of.is_asked
