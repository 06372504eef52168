{{ kpi_rows(
    ref('int_evidence_certified_products'),
    breakdowns={'star': 'stars', 'product_group': 'product_group', 'commune': 'commune_code'},
    zeros=['', 'ever_recognised'],
    since='(select min(participations.event_date) from ' ~ ref('fct_participations') ~ ' as participations)'
) }}
