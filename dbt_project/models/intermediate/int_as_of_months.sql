-- The whole months inside each as-of date's flow window: an equality to join flows on, instead of a range.
select
    as_of.as_of_date,
    months.month_start::date as month_date
from {{ ref('as_of') }} as as_of
cross join lateral generate_series(
    as_of.window_from::timestamp,
    as_of.window_to - interval '1 month',
    interval '1 month'
) as months (month_start)
