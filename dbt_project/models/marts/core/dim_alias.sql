-- What a thing was called: by those who report it, and by the office. Codes of household businesses are left out: a tax
-- code may be its owner's.
with entities as (
    select
        'entity' as thing,
        mentions.entity_key as thing_key,
        written.alias_kind,
        written.written_as,
        mentions.territory_code,
        mentions.reported_date
    from {{ ref('int_entities_mentioned') }} as mentions
    inner join {{ ref('int_entities') }} as entities on mentions.entity_key = entities.entity_key
    cross join
        lateral (
            values
            ('name', case when not entities.is_private then mentions.entity_name end),
            (
                'code',
                case when entities.entity_type is distinct from 'household_business' then mentions.entity_code end
            )
        ) as written (alias_kind, written_as)
),

products as (
    select
        'product' as thing,
        events.product_key as thing_key,
        written.alias_kind,
        written.written_as,
        events.territory_code,
        events.reported_date
    from {{ ref('stg_district_submissions__product_events') }} as events
    cross join
        lateral (
            values ('name', events.product_name), ('code', events.product_code)
        ) as written (alias_kind, written_as)
),

-- Values told of a product that no register has: most often a code that was mistyped.
unknown_products as (
    select
        'product' as thing,
        reported.product_key as thing_key,
        'code' as alias_kind,
        reported.product_key as written_as,
        null::text as territory_code,
        reported.period_to - 1 as reported_date
    from {{ ref('fct_product_values') }} as reported
    left join {{ ref('dim_product') }} as products on reported.product_key = products.product_key
    where products.product_key is null
),

sales_points as (
    select
        'sales_point' as thing,
        points.sales_point_key as thing_key,
        written.alias_kind,
        written.written_as,
        points.territory_code,
        points.reported_date
    from {{ ref('stg_district_submissions__sales_points') }} as points
    cross join
        lateral (
            values ('name', points.sales_point_name), ('code', points.sales_point_code)
        ) as written (alias_kind, written_as)
),

reported as (
    select * from entities
    union all
    select * from products
    union all
    select * from unknown_products
    union all
    select * from sales_points
)

select
    thing,
    thing_key,
    alias_kind,
    written_as,
    territory_code as unit_code,
    min(reported_date) as valid_from,
    max(reported_date) + 1 as valid_to,
    'reported' as alias_source,
    null::text as reason
from reported
where written_as is not null
group by thing, thing_key, alias_kind, written_as, territory_code

union all

select
    'entity' as thing,
    aliases.entity_key as thing_key,
    aliases.alias_kind,
    case
        when aliases.alias_class = 'name' then aliases.alias
        when aliases.alias_kind = 'tax_code' or entities.entity_type = 'household_business' then '•••'
        else aliases.alias
    end as written_as,
    aliases.unit_code,
    nullif(aliases.valid_from, '-infinity') as valid_from,
    nullif(aliases.valid_to, 'infinity') as valid_to,
    'registry' as alias_source,
    aliases.reason
from {{ ref('stg_registries__entity_aliases') }} as aliases
left join {{ ref('dim_entity') }} as entities on aliases.entity_key = entities.entity_key
{% for thing in ['product', 'sales_point'] %}
    union all

    select
        '{{ thing }}' as thing,
        aliases.{{ thing }}_key as thing_key,
        aliases.alias_kind,
        aliases.alias as written_as,
        aliases.unit_code,
        nullif(aliases.valid_from, '-infinity') as valid_from,
        nullif(aliases.valid_to, 'infinity') as valid_to,
        'registry' as alias_source,
        aliases.reason
    from {{ ref('stg_registries__' ~ thing ~ '_aliases') }} as aliases
{% endfor %}
