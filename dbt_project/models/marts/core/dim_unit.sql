select
    unit_code,
    valid_from,
    valid_to,
    unit_name,
    unit_kind,
    unit_type,
    parent_code,
    territory_code,
    sort_order,
    unit_kind = 'province'
    or (unit_kind = 'district' and territory_code is not null) as is_in_scorecard,
    lead(valid_from) over (partition by unit_code order by valid_from) is null as is_newest
from {{ ref('units') }}
