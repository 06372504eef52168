{{ kpi_rows(
    ref('int_evidence_participating_communes_share'),
    breakdowns={'commune': 'commune_code'},
    ratios=['', 'certified']
) }}
