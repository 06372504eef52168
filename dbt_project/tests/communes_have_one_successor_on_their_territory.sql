-- Old figures re-aggregate exactly only where each commune of the programme went whole into one newer commune.
with communes as (
    select
        unit_code,
        valid_from,
        valid_to,
        territory_code
    from {{ ref('units') }}
    where
        unit_kind = 'commune'
        and territory_code is not null
)

select
    communes.unit_code,
    communes.valid_from,
    count(successors.unit_code) as successor_count
from communes
left join {{ ref('unit_map') }} as unit_map
    on
        communes.unit_code = unit_map.old_code
        and communes.valid_from = unit_map.old_valid_from
        and unit_map.relation != 'part'
left join communes as successors
    on
        unit_map.new_code = successors.unit_code
        and unit_map.new_valid_from = successors.valid_from
        and communes.valid_to = successors.valid_from
        and communes.territory_code = successors.territory_code
where communes.valid_to is not null
group by communes.unit_code, communes.valid_from
having count(successors.unit_code) != 1
