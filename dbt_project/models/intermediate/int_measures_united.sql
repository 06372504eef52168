{%- set built = [
    'revenue',
    'usual_revenue',
    'declared_online_revenue',
    'marketplace_sales',
    'marketplace_sales_while_valid',
    'stated_workers',
    'reported_workers',
    'labour_reports',
    'valid_certificates',
    'commune_revenue',
    'district_revenue',
    'reported_income',
    'usual_income',
    'unit_income',
    'regular_and_seasonal_workers',
    'total_workers',
] -%}

{% for measure in built %}
    select
        measure,
        subject_key,
        period_from,
        period_to,
        told_value,
        row_count,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('int_measure_' ~ measure) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
