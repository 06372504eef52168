select
    reports.as_of_date,
    variants.variant,
    reports.territory_code,
    reports.commune_code,
    reports.entity_key,
    variants.numerator,
    null::numeric as denominator,
    reports.load_id,
    reports.submission_id,
    reports.source_sheet,
    reports.source_row
from {{ ref('int_labour_reports_newest') }} as reports
cross join
    lateral (
        values
        ('', reports.regular_workers::numeric),
        ('local', reports.local_workers::numeric),
        ('female', reports.female_workers::numeric),
        ('seasonal', reports.seasonal_workers::numeric),
        ('insured', reports.insured_workers::numeric),
        ('entities_missing_report', case when reports.is_missing then 1 end)
    ) as variants (variant, numerator)
where variants.numerator is not null
