{#-
A table that is as old as the ledger.

A night without new files leaves it alone. When the ledger has grown, its rows are replaced as a whole in one
transaction; the table itself stays, so views on it and readers of it never miss it. `--full-refresh` makes it
anew: use it when the project (a model, a macro, a seed) has changed.

With `by_month_end=true` the table holds figures per month end of `as_of`; a month end that has passed since it
was built is added without touching the others.

With `in_parts={'columns': .., 'listed_in': ..}` there is an insert for each value of the columns in that table: what the
parts of a union need on their way is given back one by one, not all together at the end, and a part that names what it
reads leaves the rest of a union unread. Values that share what `together` says are one part: what they read alike is then
read once.

With `touched` only the rows that it describes are replaced, those on the `touched_days` (see the macros there); the
model with `notes_touched_days` notes which these are.
-#}
{% materialization ledger_table, adapter='postgres', supported_languages=['sql'] %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set state = build_state(target_relation.schema ~ '.' ~ target_relation.identifier) -%}
    {%- set by_month_end = config.get('by_month_end', false) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if existing is none or should_full_refresh() -%}
        {%- if existing is not none -%}
            {%- do adapter.drop_relation(existing) -%}
        {%- endif -%}
        {%- call statement('main') -%}
            {{ get_create_table_as_sql(
                False,
                target_relation,
                'select * from (' ~ sql ~ ') as built where false' if config.get('in_parts') else sql
            ) }}
        {%- endcall -%}
        {%- if config.get('in_parts') -%}
            {%- call statement('main') -%}
                {{ insert_into(target_relation, sql) }}
            {%- endcall -%}
        {%- endif -%}
        {%- do create_indexes(target_relation) -%}
        {%- do persist_docs(target_relation, model) -%}
    {%- elif state.is_stale and config.get('touched') and state.position is not none -%}
        {%- if config.get('notes_touched_days') -%}
            {%- do run_query(note_touched_days(target_relation, state.position)) -%}
        {%- endif -%}
        {%- do run_query(take_touched_days(state.position)) -%}
        {#- The days have no history to judge them by: taken for one or two, they would be gone through row by row. -#}
        {%- do run_query('set local enable_nestloop = off') -%}
        {%- call statement('main') -%}
            delete from {{ target_relation }} where {{ config.get('touched') }};
            {{ insert_into(target_relation, touched_only(sql)) }}
        {%- endcall -%}
        {%- set is_touched_only = true -%}
    {%- elif state.is_stale -%}
        {%- call statement('main') -%}
            delete from {{ target_relation }};
            {{ insert_into(target_relation, sql) }}
        {%- endcall -%}
    {%- elif by_month_end and state.has_new_month_end -%}
        {%- call statement('main') -%}
            select set_config('ocop.as_of_after', '{{ state.last_month_end }}', true);
            {{ insert_into(target_relation, sql) }}
        {%- endcall -%}
    {%- else -%}
        {%- call noop_statement('main', 'UNCHANGED', 'UNCHANGED', 0) -%}{{ sql }}{%- endcall -%}
        {%- set is_unchanged = true -%}
    {%- endif -%}

    {#- Nothing has begun where nothing was written, so there is nothing to commit. -#}
    {%- if is_unchanged is not defined -%}
        {#- A few days more change no plan, and looking at all of a long table costs more every year. -#}
        {%- if is_touched_only is not defined or has_outgrown_its_statistics(target_relation) -%}
            {%- do run_query('analyze ' ~ target_relation) -%}
        {%- endif -%}
        {%- do run_query(remember_build(target_relation)) -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
        {{ adapter.commit() }}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- The insert, or that of each part. It names its columns, so that their order in the model does not matter. -#}
{% macro insert_into(relation, sql) -%}
    {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='quoted') | join(', ') -%}
    {%- set in_parts = config.get('in_parts') -%}
    {%- if in_parts -%}
        {%- set query -%}
            select
                {%- for column in in_parts.columns %}
                string_agg(distinct quote_literal({{ column }}), ', ') as {{ column }}{{ ',' if not loop.last }}
                {%- endfor %}
            from {{ in_parts.listed_in }}
            group by {{ in_parts.together or in_parts.columns | join(', ') }}
        {%- endset -%}
        {%- set parts = run_query(query).rows -%}
    {%- endif -%}
    {%- for part in parts or [none] -%}
        insert into {{ relation }} ({{ columns }})
        select {{ columns }} from (
            {{ sql }}
        ) as built
        {%- if in_parts %}
            where
            {%- for column in in_parts.columns %}
                {{ 'and' if not loop.first }} built.{{ column }} in ({{ part[column] }})
            {%- endfor %}
        {%- endif %};
    {% endfor %}
{%- endmacro %}


{#- Whether a table has grown by a tenth since it was last looked at. -#}
{% macro has_outgrown_its_statistics(relation) -%}
    {%- set query -%}
        select pg_relation_size(oid) / current_setting('block_size')::bigint > relpages * 1.1 from pg_class
        where oid = '{{ relation }}'::regclass
    {%- endset -%}
    {{ return(run_query(query).rows[0][0]) }}
{%- endmacro %}
