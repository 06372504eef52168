{{ kpi_rows(ref('int_evidence_participating_communes_share'), ratios=['', 'certified']) }}
