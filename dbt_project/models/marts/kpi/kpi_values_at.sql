{{ config(post_hook="{{ as_of_function() }}") }}

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
where as_of_date in (
        select as_of.as_of_date from {{ ref('as_of') }} as as_of
        where as_of.is_asked
    )
