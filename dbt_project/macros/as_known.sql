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
        {%- endif %}
        comment on view {{ name }} is
        '{{ model.schema }}.{{ model.alias }} as known at the session''s ocop.known_at | Như đã biết vào thời điểm ocop.known_at';
    end
    $as_known_view$
{%- endmacro %}
