-- Loads of communes and of their district that tell revenues of the same period: only around a change of who reports.
with loads as (
    select
        load_id,
        unit_code,
        territory_code,
        unit_generation_date,
        period_from,
        period_to
    from {{ ref('stg_ledger__loads') }}
    where
        form = 'product_values'
        and territory_code is not null
)

select
    communes.load_id as commune_load_id,
    communes.unit_code as commune_code,
    communes.unit_generation_date as commune_valid_from,
    communes.period_from,
    communes.period_to,
    districts.load_id as district_load_id
from loads as communes
inner join loads as districts
    on
        communes.territory_code = districts.unit_code
        and communes.period_from = districts.period_from
        and communes.period_to = districts.period_to
where communes.unit_code != communes.territory_code
