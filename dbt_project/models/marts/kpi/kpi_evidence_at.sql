{{ config(post_hook="{{ as_of_function() }}") }}

select
    evidence.kpi_code,
    evidence.as_of_date,
    evidence.variant,
    evidence.unit_code,
    evidence.subject,
    evidence.submission_id,
    evidence.inbox_path,
    evidence.source_sheet,
    evidence.source_row,
    -- Each of these rows speaks of the people of one entity (Law 91/2025/QH15): readers see where it lies, not what
    -- it says.
    coalesce(kpi_variants.is_about_people, kpi_catalogue.is_about_people) as is_suppressed,
    case when not coalesce(kpi_variants.is_about_people, kpi_catalogue.is_about_people) then evidence.numerator end
        as numerator,
    case when not coalesce(kpi_variants.is_about_people, kpi_catalogue.is_about_people) then evidence.denominator end
        as denominator
from {{ ref('int_evidence_united') }} as evidence
inner join {{ ref('kpi_catalogue') }} as kpi_catalogue on evidence.kpi_code = kpi_catalogue.kpi_code
left join {{ ref('kpi_variants') }} as kpi_variants
    on
        evidence.kpi_code = kpi_variants.kpi_code
        and evidence.variant = kpi_variants.variant
where evidence.as_of_date in (
        select as_of.as_of_date from {{ ref('as_of') }} as as_of
        where as_of.is_asked
    )
    -- The end of a range is what one entity pays: to say which would be to say what.
    and not (evidence.kpi_code = 'worker_income' and evidence.variant in ('lowest', 'highest'))
