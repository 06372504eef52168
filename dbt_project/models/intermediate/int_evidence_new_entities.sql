select
    as_of.as_of_date,
    firsts.variant,
    firsts.territory_code,
    firsts.entity_key,
    firsts.product_key,
    1 as numerator,
    null::numeric as denominator,
    firsts.load_id,
    firsts.submission_id,
    firsts.source_sheet,
    firsts.source_row,
    coalesce(firsts.entity_type, 'unknown') as entity_type
from {{ ref('as_of') }} as as_of
inner join {{ ref('int_entity_first_events') }} as firsts on as_of.as_of_date >= firsts.event_date
where firsts.event_date > {{ parameter('new_entity_baseline_date', 'date') }}
