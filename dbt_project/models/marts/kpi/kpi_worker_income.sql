{{ kpi_rows(
    ref('int_evidence_worker_income'),
    ratios=[''],
    suppress=[''],
    people='denominator'
) }}
