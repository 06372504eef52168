{{ kpi_rows(
    ref('int_evidence_rural_workers'),
    suppress=['', 'local', 'female', 'seasonal', 'insured']
) }}
