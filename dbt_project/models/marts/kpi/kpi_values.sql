{{ config(
    materialized='ledger_table',
    by_month_end=true,
    in_parts={
        'columns': ['kpi_code'],
        'listed_in': 'seeds.kpi_catalogue',
        'together': "case when is_about_people then '' else kpi_code end"
    }
) }}

-- What is hidden of one KPI about people depends on the others: apart, each would compute all of them.

select
    kpi_code,
    as_of_date,
    unit_code,
    variant,
    breakdown,
    member,
    value,
    numerator,
    denominator,
    measure_unit,
    is_suppressed,
    row_count,
    submission_count,
    definition_version,
    {{ build_id() }} as build_id
from {{ ref('int_kpis_united') }}
-- The day that a session asks for stands beside the month ends only where nothing is stored: as known then.
where extract(day from as_of_date + 1) = 1
