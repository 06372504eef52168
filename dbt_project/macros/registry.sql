{#-
Which of our own keys a written code or name stands for. The only place where that is settled: the registry that the
office keeps goes first, then the code as written, then the name in the place that reported it: of an entity that it
knows by a code under exactly this name, if it is the only one, else a key of its own. Staging calls these macros, so
everything after it, also as known at an earlier moment, sees resolved keys.
-#}


{#-
A code however it was typed: case, spaces and dashes tell no codes apart. Between two digits a separator stays, as a
dash: 1-11 is not 11-1. Official product codes and tax numbers have a known length and need none.
-#}
{% macro code_key(code) -%}
    {%- set bare = "translate(" ~ code ~ ", ' -–—_./', '')" -%}
    case
        when {{ code }} ~ '{{ official_product_shape() }}' then {{ code }}
        when {{ bare }} ~ '{{ tax_number_shape() }}' then {{ bare }}
        when {{ bare }} ~ '^[0-9]{15,18}$'
            then regexp_replace({{ bare }}, '^(..)(...)(.....)(.+)(....)$', '\1-\2-\3-\4-\5')
        else regexp_replace(
            regexp_replace(
                upper({{ code }}), '(?<![0-9])[[:space:]–—_./-]+|[[:space:]–—_./-]+(?![0-9])', '', 'g'
            ),
            '[[:space:]–—_./-]+', '-', 'g'
        )
    end
{%- endmacro %}


{#- A name in lower case, blind to where a tone mark sits: hoà is hòa, thuỷ is thủy (also quý, whose u is no vowel). -#}
{% macro name_key(name) -%}
    normalize(
        regexp_replace(
            normalize(lower({{ name }}), nfd),
            '(o(?=[ae])|(?<!q)u(?=y))([aey])([\u0300\u0301\u0303\u0309\u0323])(?![a-z])', '\1\3\2', 'g'
        ),
        nfc
    )
{%- endmacro %}


{#- province-district-commune-sequence-year, such as 25-227-07888-01-2022. -#}
{% macro official_product_shape() -%}
    ^[0-9]{2}-[0-9]{3}-[0-9]{5}-[0-9]{1,4}-[0-9]{4}$
{%- endmacro %}


{#- Of a firm, or of a household business before it was its owner's citizen id: one number for the whole country. -#}
{% macro tax_number_shape() -%}
    ^([0-9]{10}|[0-9]{13})$
{%- endmacro %}


{#-
The codes and names of a thing in `rows`, most often a raw table, each normalised once however many rows repeat it: two
million values name twenty thousand products.
-#}
{% macro written_keys(rows, thing, code, name=none) -%}
    -- Looked into several times, planned once: as known at a moment a query holds dozens of these views.
    {{ thing }}_registry as materialized (
        select * from {{ ref('stg_registries__' ~ thing ~ '_aliases') }}
    ),

    {{ thing }}_codes as materialized (
        select
            keyed.written,
            keyed.code_key,
            case when keyed.code_key ~ '{{ official_product_shape() }}' then keyed.code_key end as official_key,
            case when keyed.code_key ~ '{{ tax_number_shape() }}' then keyed.code_key end as tax_number
        from (
            select
                written,
                {{ code_key('written') }} as code_key
            from (select distinct {{ code }} as written from {{ rows }}) as codes
        ) as keyed
    )
    {%- if name %},

    {{ thing }}_names as materialized (
        select
            written,
            {{ name_key('written') }} as name_key
        from (select distinct {{ name }} as written from {{ rows }}) as names
    )
    {%- endif %}
{%- endmacro %}


{#- What an entity or product without a code is known by: the place that reported it and its name. -#}
{% macro named_key(thing) -%}
    {{ reporting_place() }} || '/' || {{ thing }}_names.name_key
{%- endmacro %}


{#-
Our own key of an entity: its tax number; any other code with the place that reported it before it; without a code that of
the only entity there that is known under this name by one, else place and name; of a household business always place and
name. `knows_names` is false only where these names are gathered.
-#}
{% macro entity_key(has_name=true, knows_names=true) -%}
    coalesce(
        {{ registered_key('entity', has_name) }}
        households.entity_key,
        entity_codes.tax_number,
        {{ reporting_place() }} || '/' || entity_codes.code_key
        {%- if has_name and knows_names %},
        known_names.entity_key
        {%- endif %}
        {%- if has_name %},
        {{ named_key('entity') }}
        {%- endif %}
    )
{%- endmacro %}


{#-
Our own key of a product: its official code; any other code, or without one the name, means something only where it
was written, so the place goes before it. Two districts may both call a product '01'. What names no place (a list of
SKUs) can mean an official code only.
-#}
{% macro product_key(has_name=false, has_place=true) -%}
    coalesce(
        {{ registered_key('product', has_name, has_place) }}
        product_codes.official_key
        {%- if has_place %},
        {{ reporting_place() }} || '/' || product_codes.code_key
        {%- endif %}
        {%- if has_name %},
        {{ named_key('product') }}
        {%- endif %}
    )
{%- endmacro %}


{#- Our own key of a sales point: its code in the place that reported it. -#}
{% macro sales_point_key() -%}
    coalesce(
        {{ registered_key('sales_point', has_name=true) }}
        {{ reporting_place() }} || '/' || sales_point_codes.code_key
    )
{%- endmacro %}


{#- The registry's word on a row, the more special alias first: a name before a code, one place before all. -#}
{% macro registered_key(thing, has_name, has_place=true) -%}
    {%- for kind in (['name'] if has_name else []) + ['code'] -%}
        {%- for reach in (['here'] if has_place else []) + ['anywhere'] -%}
            {{ thing }}_{{ kind }}_{{ reach }}.{{ thing }}_key,
        {% endfor -%}
    {%- endfor -%}
{%- endmacro %}


{#-
What the key of a row is chosen from: its written_keys, and of each kind of alias at most one, because a registry's
intervals do not overlap. An alias holds for what was written between its dates: for a report, the last day of its
period (`day`).
-#}
{% macro registry_joins(thing, code, name=none, has_place=true, day='loads.reported_date', knows_names=true) -%}
    {%- for kind, written in [('name', name), ('code', code)] if written %}
    left join {{ thing }}_{{ kind }}s on {{ written }} = {{ thing }}_{{ kind }}s.written
        {%- for reach in (['here'] if has_place else []) + ['anywhere'] %}
            {%- set alias = thing ~ '_' ~ kind ~ '_' ~ reach %}
    left join {{ thing }}_registry as {{ alias }}
        on
            {{ alias }}.alias_class = '{{ kind }}'
            and {{ thing }}_{{ kind }}s.{{ kind }}_key = {{ alias }}.alias_key
            and {{ reporting_place() if reach == 'here' else "''" }} = {{ alias }}.place_code
            and {{ day }} >= {{ alias }}.valid_from
            and {{ day }} < {{ alias }}.valid_to
        {%- endfor -%}
    {%- endfor -%}
    {%- if thing == 'entity' %}
    left join {{ ref('stg_registries__household_keys') }} as households
        on
            entity_codes.code_key = households.code_key
            and households.place_code in ('', {{ reporting_place() }})
        {%- if name and knows_names %}
    left join {{ ref('stg_registries__entity_names') }} as known_names
        on
            entity_codes.code_key is null
            and entity_names.name_key = known_names.name_key
            and {{ reporting_place() }} = known_names.place_code
        {%- endif %}
    {%- endif -%}
{%- endmacro %}


{#-
A registry as the newest file states it, without overlaps: the next first day of an alias ends the one before. The
province, like no unit at all, means every place ('').
-#}
{% macro registry_aliases(thing) -%}
    with source as (
        select * from {{ source('raw', thing ~ '_aliases') }}
    ),

    loads as (
        select
            load_id,
            known_from
        from {{ source('ingest', 'load_at') }}
    ),

    aliases as (
        select
            source.load_id,
            source.submission_id,
            source.source_sheet,
            source.source_row,
            loads.known_from,
            {%- if thing == 'entity' %}
            -- Whoever keeps the registry may know a household by its code.
            coalesce(households.entity_key, source.entity_key) as entity_key,
            {%- else %}
            source.{{ thing }}_key,
            {%- endif %}
            source.alias_kind,
            source.alias,
            source.unit_code,
            source.reason,
            case when source.alias_kind = 'name' then 'name' else 'code' end as alias_class,
            case
                when source.alias_kind = 'name' then {{ name_key('source.alias') }}
                else {{ code_key('source.alias') }}
            end as alias_key,
            case
                when source.unit_code in (
                    select units.unit_code from {{ ref('units') }} as units
                    where units.unit_kind = 'district'
                )
                    then source.unit_code
                else ''
            end as place_code,
            coalesce(source.valid_from_date, '-infinity') as valid_from,
            coalesce(source.valid_to_date, 'infinity') as stated_to
        from source
        inner join loads on source.load_id = loads.load_id
        {%- if thing == 'entity' %}
        left join {{ ref('stg_registries__household_keys') }} as households
            on
                {{ code_key('source.entity_key') }} = households.code_key
                and households.place_code in ('', source.unit_code)
        {%- endif %}
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by alias_class, alias_key, place_code, valid_from
                order by known_from desc, load_id desc, source_row desc
            ) as recency
        from aliases
    )

    select
        load_id,
        submission_id,
        source_sheet,
        source_row,
        {{ thing }}_key,
        alias_kind,
        alias,
        unit_code,
        reason,
        alias_class,
        alias_key,
        place_code,
        valid_from,
        least(
            stated_to,
            lead(valid_from) over (partition by alias_class, alias_key, place_code order by valid_from)
        ) as valid_to
    from ranked
    where recency = 1
{%- endmacro %}
