{#-
What each ledger_table was built from: `intermediate.model_build` keeps, per table, the ledger position and the
last month end; `intermediate.order_day` the position at which the orders of a shop and day last changed;
`intermediate.current_build` the position that this invocation of dbt works at. It is noted once,
before the first model, so a file that arrives in between is seen as new by the next invocation.
-#}
{% macro begin_build() -%}
    {#- dbt rolls back before its first hook, and the role that the profile names is lost with that. -#}
    set role {{ target.role }};
    create table if not exists intermediate.current_build (ledger_position bigint, last_month_end date);
    create table if not exists intermediate.model_build (
        model_name text primary key, ledger_position bigint, last_month_end date
    );
    create table if not exists intermediate.order_day (
        shop_id text, order_date date, ledger_position bigint not null, primary key (shop_id, order_date)
    );
    delete from intermediate.current_build;
    insert into intermediate.current_build
    select position, {{ last_month_end() }} from ingest.ledger_position;
    create or replace view as_known.current_build as
    select position as ledger_position from ingest.ledger_position;
{%- endmacro %}


{#- The ledger position of the tables behind a figure, as a scalar subquery. -#}
{% macro build_id() -%}
    (select current_build.ledger_position from "intermediate"."current_build")
{%- endmacro %}


{#- The last month end that has passed, in Vietnam's time zone. -#}
{% macro last_month_end() -%}
    (date_trunc('month', now() at time zone 'Asia/Ho_Chi_Minh') - interval '1 day')::date
{%- endmacro %}


{#- Today in Vietnam. -#}
{% macro today() -%}
    (now() at time zone 'Asia/Ho_Chi_Minh')::date
{%- endmacro %}


{#- Is the table behind the ledger; which month end did it reach; has another passed since? -#}
{% macro build_state(name) -%}
    {%- set query -%}
        select
            model_build.ledger_position is distinct from current_build.ledger_position as is_stale,
            model_build.last_month_end < current_build.last_month_end as has_new_month_end,
            model_build.last_month_end,
            model_build.ledger_position
        from intermediate.current_build
        left join intermediate.model_build on model_build.model_name = '{{ name }}'
    {%- endset -%}
    {%- set row = run_query(query).rows[0] -%}
    {{ return({'is_stale': row[0], 'has_new_month_end': row[1], 'last_month_end': row[2], 'position': row[3]}) }}
{%- endmacro %}


{#-
Note what the table now rests on. It is no newer than the oldest table it reads, so a table that was built alone,
ahead of those it reads, is built again after them.
-#}
{% macro remember_build(relation) -%}
    {%- set upstream = tables_behind(model.unique_id) -%}
    insert into intermediate.model_build
    select
        '{{ relation.schema }}.{{ relation.identifier }}',
        least(
            current_build.ledger_position,
            (
                select min(model_build.ledger_position) from intermediate.model_build
                where model_build.model_name in ('{{ upstream | join("', '") }}')
            )
        ),
        current_build.last_month_end
    from intermediate.current_build
    on conflict (model_name) do update set
    ledger_position = excluded.ledger_position, last_month_end = excluded.last_month_end
{%- endmacro %}


{#- Names of the ledger_tables that a node reads, directly or through views. -#}
{% macro tables_behind(unique_id) -%}
    {%- set names = [] -%}
    {%- for parent_id in graph.nodes[unique_id].depends_on.nodes if parent_id in graph.nodes -%}
        {%- set parent = graph.nodes[parent_id] -%}
        {%- if parent.config.materialized == 'ledger_table' -%}
            {%- do names.append(parent.schema ~ '.' ~ parent.alias) -%}
        {%- elif parent.resource_type == 'model' -%}
            {%- do names.extend(tables_behind(parent_id)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
