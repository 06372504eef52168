{%- set about_people = ['rural_workers', 'worker_income'] -%}
{%- set others = [
    'certified_products',
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

with about_people as materialized (
    {% for kpi_code in about_people %}
        select
            '{{ kpi_code }}' as kpi_code,
            figures.*,
            coalesce(kpi_variants.is_about_people, true) as is_about_people
        from {{ ref('kpi_' ~ kpi_code) }} as figures
        left join {{ ref('kpi_variants') }} as kpi_variants
            on
                kpi_variants.kpi_code = '{{ kpi_code }}'
                and figures.variant = kpi_variants.variant
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

people as (
    select * from about_people
    where is_about_people
),

cells as materialized (
    {{ cells_about_people('people', parameter('programme_province', 'text')) }}
),

hidden as (
    {{ hidden_figures(
        'cells',
        parameter('suppression_minimum_workers'),
        parameter('suppression_minimum_entities')
    ) }}
),

beside_regular as (
    select
        *,
        max(case when is_regular then numerator end) over (partition by as_of_date, unit_code) as regular_numerator,
        max(case when is_regular then row_count end) over (partition by as_of_date, unit_code) as regular_row_count
    from (
        select
            *,
            kpi_code = 'rural_workers' and variant = '' and breakdown = '' as is_regular
        from about_people
    ) as marked
),

judged as (
    select
        *,
        is_about_people and (
            (breakdown != '' and unit_code != {{ parameter('programme_province', 'text') }})
            or (as_of_date, {{ table_of_people() }}, unit_code) in (
                select
                    hidden.as_of_date,
                    hidden.table_code,
                    hidden.unit_code
                from hidden
            )
        ) as is_suppressed,
        -- Beside all regular workers, those with an income tell how many have none: perhaps those of one entity.
        kpi_code = 'worker_income' and denominator is not null
        and not coalesce(denominator = regular_numerator and row_count = regular_row_count, false) as is_mean_only
    from beside_regular
),

united as (
    {% for kpi_code in about_people %}
        select
            '{{ kpi_code }}' as kpi_code,
            as_of_date,
            unit_code,
            variant,
            breakdown,
            member,
            {{ empty_where('is_suppressed', 'value') }},
            {{ empty_where('is_suppressed or is_mean_only', 'numerator') }},
            {{ empty_where('is_suppressed or is_mean_only', 'denominator') }},
            row_count,
            submission_count,
            is_suppressed
        from judged
        where kpi_code = '{{ kpi_code }}'
        union all
    {% endfor %}
    {% for kpi_code in others %}
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
            submission_count,
            false as is_suppressed
        from {{ ref('kpi_' ~ kpi_code) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    united.*,
    kpi_catalogue.definition_version,
    coalesce(kpi_variants.measure_unit, kpi_catalogue.measure_unit) as measure_unit
from united
inner join {{ ref('kpi_catalogue') }} as kpi_catalogue on united.kpi_code = kpi_catalogue.kpi_code
left join {{ ref('kpi_variants') }} as kpi_variants
    on
        united.kpi_code = kpi_variants.kpi_code
        and united.variant = kpi_variants.variant
