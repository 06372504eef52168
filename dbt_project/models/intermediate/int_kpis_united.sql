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

in_part as (
    {{ incomes_in_part('cells', parameter('suppression_minimum_workers_of_income_in_part')) }}
),

judged as (
    select
        about_people.kpi_code,
        about_people.as_of_date,
        about_people.unit_code,
        about_people.variant,
        about_people.breakdown,
        about_people.member,
        about_people.numerator,
        about_people.denominator,
        about_people.row_count,
        about_people.submission_count,
        case
            when about_people.denominator is null then about_people.value
            else {{ rounded_mean('about_people.value', parameter('income_step_vnd')) }}
        end as shown_value,
        about_people.is_about_people and (
            (about_people.breakdown != '' and about_people.unit_code != {{ parameter('programme_province', 'text') }})
            or (about_people.as_of_date, {{ table_of_people('about_people') }}, about_people.unit_code) in (
                select
                    hidden.as_of_date,
                    hidden.table_code,
                    hidden.unit_code
                from hidden
            )
            or coalesce(in_part.is_hidden, false)
        ) as is_suppressed,
        in_part.unit_code is not null as is_mean_only
    from about_people
    left join in_part
        on
            about_people.as_of_date = in_part.as_of_date
            and {{ table_of_people('about_people') }} = in_part.table_code
            and about_people.unit_code = in_part.unit_code
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
            {{ empty_where('is_suppressed', 'value', 'shown_value') }},
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
