{#- A setting of the seed kpi_parameters, as a scalar subquery; with `on`, the one in force on that day. -#}
{% macro parameter(name, type='int', on=none) -%}
    (
        select kpi_parameters.value::{{ type }}
        from {{ ref('kpi_parameters') }} as kpi_parameters
        where kpi_parameters.parameter = '{{ name }}'
        {%- if on %} and kpi_parameters.valid_from <= {{ on }}{% endif %}
        order by kpi_parameters.valid_from desc
        limit 1
    )
{%- endmacro %}


{#- The territory of who reported, constant through all mergers; else the unit. -#}
{% macro reporting_place() -%}
    coalesce(loads.territory_code, loads.unit_code)
{%- endmacro %}


{#- Where a row came from and which period it speaks of; `loads` is stg_ledger__loads, `source` the raw table. -#}
{% macro lineage() -%}
    source.load_id,
    source.submission_id,
    source.source_sheet,
    source.source_row,
    loads.known_from,
    loads.unit_code,
    loads.territory_code,
    loads.unit_generation_date,
    loads.period_from,
    loads.period_to,
    loads.reported_date
{%- endmacro %}


{#- The newest value that was given at all: registers are sent again, not always in full. -#}
{% macro newest(column, first='') -%}
    (array_agg({{ column }} order by {{ first }} reported_date desc, known_from desc, load_id desc, source_row desc)
        filter (where {{ column }} is not null))[1]
{%- endmacro %}


{#-
A file's name without what may name a person: 9 to 12 digits, also in groups (citizen id, phone, a household
business's tax code). Eight are a date, and so are 14 with its time.
-#}
{% macro without_id_numbers(name) -%}
    regexp_replace({{ name }}, '(?<![0-9])[0-9](?:[ .]?[0-9]){8,11}(?![0-9])', '•••', 'g')
{%- endmacro %}
