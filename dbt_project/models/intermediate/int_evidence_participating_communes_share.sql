-- Every commune in force on the as-of date, with the event that makes it take part, if there is one.
with taking_part as (
    select
        as_of.as_of_date,
        '' as variant,
        leading_events.commune_code,
        leading_events.product_key,
        leading_events.event_date as since_date,
        leading_events.load_id,
        leading_events.submission_id,
        leading_events.source_sheet,
        leading_events.source_row
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('int_commune_leading_events') }} as leading_events
        on
            as_of.unit_generation_date = leading_events.in_valid_from
            and as_of.as_of_date >= leading_events.event_date
            and as_of.as_of_date < leading_events.withdrawn_date

    union all

    select
        as_of_date,
        'certified' as variant,
        commune_code,
        product_key,
        null as since_date,
        load_id,
        submission_id,
        source_sheet,
        source_row
    from {{ ref('int_valid_products') }}
),

first_products as (
    select distinct on (as_of_date, variant, commune_code) *
    from taking_part
    order by as_of_date, variant, commune_code, since_date, product_key, load_id, source_row
),

communes as (
    select
        as_of.as_of_date,
        variants.variant,
        units.territory_code,
        units.unit_code as commune_code
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('dim_unit') }} as units
        on
            as_of.unit_generation_date = units.valid_from
            and units.unit_kind = 'commune'
            and units.territory_code is not null
    cross join (values (''), ('certified')) as variants (variant)
    where
        as_of.as_of_date >= (
            select min(participations.event_date) from {{ ref('fct_participations') }} as participations
        )
)

select
    communes.as_of_date,
    communes.variant,
    communes.territory_code,
    communes.commune_code,
    first_products.product_key,
    1 as denominator,
    first_products.load_id,
    first_products.submission_id,
    first_products.source_sheet,
    first_products.source_row,
    case when first_products.commune_code is null then 0 else 1 end as numerator
from communes
left join first_products
    on
        communes.as_of_date = first_products.as_of_date
        and communes.variant = first_products.variant
        and communes.commune_code = first_products.commune_code
