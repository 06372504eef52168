{#-
Per `key` of `mentions` the commune it was last reported in, told as finely as it was ever told: a report from
before a merger names the older, smaller commune, which maps to the newer one, but not the other way round.
-#}
{% macro finest_commune(mentions, key) -%}
    select distinct on (mentions.{{ key }})
        mentions.{{ key }},
        mentions.commune_code,
        mentions.unit_generation_date as commune_valid_from,
        mapped.territory_code
    from {{ mentions }} as mentions
    inner join (
        select distinct on ({{ key }})
            {{ key }},
            commune_code,
            unit_generation_date
        from {{ mentions }}
        where commune_code is not null
        order by {{ key }}, reported_date desc, known_from desc, load_id desc, source_row desc
    ) as last_mention
        on mentions.{{ key }} = last_mention.{{ key }}
    inner join {{ ref('int_communes_mapped') }} as mapped
        on
            mentions.commune_code = mapped.commune_code
            and mentions.unit_generation_date = mapped.valid_from
            and last_mention.commune_code = mapped.in_commune_code
            and last_mention.unit_generation_date = mapped.in_valid_from
    order by mentions.{{ key }}, mentions.unit_generation_date, mentions.reported_date desc
{%- endmacro %}
