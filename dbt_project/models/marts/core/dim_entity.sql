-- A household business is its owner: its name is a person's, its code may be the owner's tax code, since 01/07/2025 the
-- citizen id. It is known by our key unless a published decision names it; its code is never shown.
select
    entity_key,
    entity_type,
    joined_date,
    is_woman_led,
    commune_code,
    commune_valid_from,
    territory_code,
    is_in_programme,
    case when not coalesce(entity_type = 'household_business', false) then entity_code end as entity_code,
    case when is_private then entity_key else entity_name end as entity_name
from {{ ref('int_entities') }}
