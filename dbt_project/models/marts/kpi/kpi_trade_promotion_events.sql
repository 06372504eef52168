{{ kpi_rows(
    ref('int_evidence_trade_promotion_events'),
    zeros=[''],
    reported_form='promotion_events',
    since='(select min(events.start_date) from ' ~ ref('fct_promotion_events') ~ ' as events)',
    district_only=true
) }}
