{{ kpi_rows(
    ref('int_evidence_units_with_sales_point'),
    zeros=['points'],
    since='(select min(points.opened_date) from ' ~ ref('fct_sales_points') ~ ' as points)'
) }}
