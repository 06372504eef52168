{#-
Beside every relation of `intermediate` and `marts` a view of the same name in `as_known`, made from the same SQL over
the others there: read with the session's ocop.known_at it shows what was known at that moment. Tables hold what is
known now, hence the second set; nothing in it is stored.

A table's rows are computed once per reference there (`materialized`), or the planner would merge all of it into one
query. Whoever may read `marts` may read its views here, and nothing else.
-#}
{% macro as_known_view() -%}
    {%- set name = '"as_known"."' ~ model.alias ~ '"' -%}
    {%- set sql = model.compiled_code | replace('"intermediate".', '"as_known".') | replace('"marts".', '"as_known".') -%}
    {%- if model.config.materialized == 'ledger_table' -%}
        {%- set sql = 'with built as materialized (\n' ~ sql ~ '\n) select * from built' -%}
    {%- endif -%}
    do $as_known_view$
    begin
        begin
            execute $as_known_sql$create or replace view {{ name }} as {{ sql }}$as_known_sql$;
        exception when invalid_table_definition then
            -- Its columns have changed.
            execute $as_known_sql$drop view {{ name }} cascade$as_known_sql$;
            execute $as_known_sql$create view {{ name }} as {{ sql }}$as_known_sql$;
        end;
        {% if model.schema == 'marts' -%}
            grant select on {{ name }} to ocop_reader;
        {%- else -%}
            revoke all on {{ name }} from ocop_reader;
        {%- endif %}
        comment on view {{ name }} is
        '{{ model.schema }}.{{ model.alias }} as known at the session''s ocop.known_at | Như đã biết vào thời điểm ocop.known_at';
    end
    $as_known_view$
{%- endmacro %}


{#-
The same rows from a function, for BI tools that cannot set what a session asks for:
`select * from marts.kpi_scorecard_on('2023-11-24')`, and as known at a moment with a second argument. It names the view
that it is a hook of: `kpi_scorecard_at`. The settings are put back: the caller may have asked for something else.
-#}
{% macro as_of_function() -%}
    create or replace function "marts"."{{ model.alias | replace('_at', '_on') }}"(
        as_of date, known_at timestamptz default null
    )
    returns setof "marts"."{{ model.alias }}" language plpgsql as $as_of_function$
    declare
        before_as_of text := current_setting('ocop.as_of', true);
        before_known_at text := current_setting('ocop.known_at', true);
        before_nestloop text := current_setting('enable_nestloop');
    begin
        perform set_config('ocop.as_of', as_of::text, true);
        perform set_config('ocop.known_at', coalesce(known_at::text, ''), true);
        if known_at is null then
            return query execute 'select * from "marts"."{{ model.alias }}"';
        else
            -- What is computed on the way has no statistics: taken for a row or two, it would be gone through again
            -- and again.
            perform set_config('enable_nestloop', 'off', true);
            return query execute 'select * from "as_known"."{{ model.alias }}"';
        end if;
        perform set_config('ocop.as_of', coalesce(before_as_of, ''), true);
        perform set_config('ocop.known_at', coalesce(before_known_at, ''), true);
        perform set_config('enable_nestloop', before_nestloop, true);
    end
    $as_of_function$;
    comment on function "marts"."{{ model.alias | replace('_at', '_on') }}"(date, timestamptz) is
    'marts.{{ model.alias }} on a day, and as known at a moment | marts.{{ model.alias }} vào một ngày, như đã biết vào một thời điểm'
{%- endmacro %}
