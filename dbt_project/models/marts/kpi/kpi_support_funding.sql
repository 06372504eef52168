{{ kpi_rows(
    ref('int_evidence_support_funding'),
    breakdowns={'funding_source': 'funding_source'},
    zeros=[''],
    since='(select min(disbursements.disbursed_date) from ' ~ ref('fct_support_disbursements') ~ ' as disbursements)'
) }}
