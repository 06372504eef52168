-- The whole months inside each as-of date's flow window: an equality to join flows on, instead of a range.
select
    as_of.as_of_date,
    months.month_date
from {{ ref('as_of') }} as as_of
inner join {{ ref('dim_date') }} as months
    on
        as_of.window_from <= months.month_date
        and as_of.window_to > months.month_date
where months.is_month_end
