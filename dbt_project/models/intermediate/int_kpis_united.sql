{%- set built = [
    'certified_products',
    'rural_workers',
    'worker_income',
    'new_entities',
    'linked_products_share',
    'units_with_sales_point',
    'participating_communes_share',
    'trade_promotion_events',
    'online_sales',
    'support_funding',
    'product_value',
    'value_growth',
] -%}

with united as (
    {% for kpi_code in built %}
        select
            '{{ kpi_code }}' as kpi_code,
            as_of_date,
            unit_code,
            variant,
            breakdown,
            member,
            value,
            numerator,
            denominator,
            row_count,
            submission_count
        from {{ ref('kpi_' ~ kpi_code) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    united.*,
    kpi_catalogue.definition_version,
    coalesce(kpi_variants.measure_unit, kpi_catalogue.measure_unit) as measure_unit,
    -- The KPI's own view leaves out the figures of such groups, and no others (see kpi_rows): nothing to tell them by.
    coalesce(kpi_variants.is_about_people, kpi_catalogue.is_about_people)
    and united.unit_code != {{ parameter('programme_province', 'text') }}
    and united.numerator is null as is_suppressed
from united
inner join {{ ref('kpi_catalogue') }} as kpi_catalogue on united.kpi_code = kpi_catalogue.kpi_code
left join {{ ref('kpi_variants') }} as kpi_variants
    on
        united.kpi_code = kpi_variants.kpi_code
        and united.variant = kpi_variants.variant
