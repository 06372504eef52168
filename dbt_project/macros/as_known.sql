{#-
Beside every relation of `intermediate` and `marts` a view and a function of the same name in `as_known`. The view is made
from the same SQL over the others there; tables hold what is known now, hence the second set, and nothing in it is stored.
The function reads it: `select * from as_known.kpi_scorecard_at()` shows what was known at the session's ocop.known_at.

Nobody reads the views themselves: they nest so deep that to plan some of them takes more memory than a server has. Whoever
may read `marts` may call its functions here, and nothing else.
-#}
{% macro as_known_view() -%}
    {%- set name = '"as_known"."' ~ model.alias ~ '"' -%}
    {%- set sql = model.compiled_code | replace('"intermediate".', '"as_known".') | replace('"marts".', '"as_known".') -%}
    do $as_known_view$
    begin
        begin
            execute $as_known_sql$create or replace view {{ name }} as {{ sql }}$as_known_sql$;
        exception when invalid_table_definition then
            -- Its columns have changed.
            execute $as_known_sql$drop view {{ name }} cascade$as_known_sql$;
            execute $as_known_sql$create view {{ name }} as {{ sql }}$as_known_sql$;
        end;
        revoke all on {{ name }} from ocop_reader, ocop_auditor;
        create or replace function {{ name }}() returns setof {{ name }} language plpgsql stable security definer
        -- What is computed on the way has no statistics: taken for a row or two, it would be gone through again and
        -- again. Compiling plans of that length takes longer than running them.
        set search_path = pg_catalog, pg_temp set enable_nestloop = off set jit = off as $as_known_rows$
        begin
            return query execute as_known.statement('{{ model.alias }}');
        end
        $as_known_rows$;
        revoke all on function {{ name }}() from public;
        grant execute on function {{ name }}() to ocop_auditor {{- ', ocop_reader' if model.schema == 'marts' }};
        comment on function {{ name }}() is
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
    begin
        perform set_config('ocop.as_of', as_of::text, true);
        perform set_config('ocop.known_at', coalesce(known_at::text, ''), true);
        if known_at is null then
            return query execute 'select * from "marts"."{{ model.alias }}"';
        else
            return query execute 'select * from "as_known"."{{ model.alias }}"()';
        end if;
        perform set_config('ocop.as_of', coalesce(before_as_of, ''), true);
        perform set_config('ocop.known_at', coalesce(before_known_at, ''), true);
    end
    $as_of_function$;
    comment on function "marts"."{{ model.alias | replace('_at', '_on') }}"(date, timestamptz) is
    'marts.{{ model.alias }} on a day, and as known at a moment | marts.{{ model.alias }} vào một ngày, như đã biết vào một thời điểm'
{%- endmacro %}
