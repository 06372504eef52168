{{ config(
    schema='intermediate',
    meta={'dagster': {'group': 'intermediate', 'owners': ['team:ocop']}},
    pre_hook="{{ take_out_of_marts() }}"
) }}

-- Not in marts: what of it readers may see is settled in int_kpis_united.
{{ kpi_rows(ref('int_evidence_worker_income'), ratios=['']) }}
