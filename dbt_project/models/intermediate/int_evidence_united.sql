{#- What each KPI's contributing rows are about. -#}
{%- set traced = {
    'certified_products': 'product_key',
    'rural_workers': 'entity_key',
    'worker_income': 'entity_key',
    'value_growth': 'product_key',
    'new_entities': 'entity_key',
    'linked_products_share': 'product_key',
    'units_with_sales_point': 'coalesce(sales_point_key, territory_code)',
    'participating_communes_share': 'commune_code',
    'product_value': 'product_key',
    'trade_promotion_events': 'event_code',
    'online_sales': "coalesce(product_key, 'SKU ' || sku)",
    'support_funding': 'voucher_key',
} -%}
{%- set district_only = ['trade_promotion_events'] -%}

with united as (
    {% for kpi_code, subject in traced.items() %}
        select
            '{{ kpi_code }}' as kpi_code,
            as_of_date,
            variant,
            territory_code,
            {{ 'is_district_only' if kpi_code in district_only else 'false' }} as is_district_only,
            {{ subject }}::text as subject,
            numerator::numeric as numerator,
            denominator::numeric as denominator,
            load_id,
            submission_id,
            source_sheet,
            source_row
        from {{ ref('int_evidence_' ~ kpi_code) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

units as (
    select
        unit_code,
        unit_kind
    from {{ ref('dim_unit') }}
    where is_in_scorecard
    group by unit_code, unit_kind
)

select
    united.kpi_code,
    united.as_of_date,
    united.variant,
    units.unit_code,
    united.subject,
    united.numerator,
    united.denominator,
    united.load_id,
    united.submission_id,
    united.source_sheet,
    united.source_row,
    -- Without a file: what the reference data alone say, such as a commune where nothing has happened.
    coalesce(submissions.inbox_path, 'seeds/units.csv') as inbox_path
from united
inner join units on {{ counts_for('united', 'units', district_only=true) }}
left join {{ ref('stg_ledger__submissions') }} as submissions on united.submission_id = submissions.submission_id
