-- Figures carry a unit's code and no validity: this is how they join to dim_unit.
select unit_code
from {{ ref('dim_unit') }}
where is_in_scorecard
group by unit_code
having count(*) filter (where is_newest) != 1
