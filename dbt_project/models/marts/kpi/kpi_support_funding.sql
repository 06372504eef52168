{{ kpi_rows(
    ref('int_evidence_support_funding'),
    breakdowns={'funding_source': 'funding_source'},
    zeros=[''],
    reported_form='support_disbursements',
    since='(select min(disbursements.disbursed_date) from ' ~ ref('fct_support_disbursements') ~ ' as disbursements)'
) }}
