{#-
The query that a view of `as_known` stands for, in one piece: every view that it rests on, there and in `staging`, is a part
of it, once, in the order in which they read one another. What several of them read is computed once.
-#}
{% macro as_known_statement() -%}
    create or replace function as_known.statement(asked text) returns text language sql stable
    set search_path = pg_catalog, pg_temp as $as_known_statement$
    with recursive reads as materialized (
        select distinct pg_rewrite.ev_class as reader, pg_depend.refobjid as relation
        from pg_depend
        inner join pg_rewrite on pg_depend.objid = pg_rewrite.oid
        inner join pg_class on pg_depend.refobjid = pg_class.oid
        where
            pg_depend.classid = 'pg_rewrite'::regclass
            and pg_depend.refclassid = 'pg_class'::regclass
            and pg_depend.refobjid != pg_rewrite.ev_class
            and pg_class.relnamespace in ('as_known'::regnamespace, 'staging'::regnamespace)
            -- The keys of household businesses are a table: no earlier moment may show a code in their place.
            and pg_class.relkind = 'v'
    ),

    steps as (
        select oid as relation, 0 as depth from pg_class
        where relnamespace = 'as_known'::regnamespace and relname = asked
        union
        select reads.relation, steps.depth + 1 from steps
        inner join reads on steps.relation = reads.reader
    ),

    deepest as (
        select relation, max(depth) as depth from steps group by relation
    ),

    names as (
        select string_agg(pg_class.relname, '|') as those from deepest
        inner join pg_class on deepest.relation = pg_class.oid
    ),

    parts as (
        select
            deepest.depth,
            pg_class.relname,
            case
                when deepest.depth > 1 and pg_class.relnamespace = 'as_known'::regnamespace or (
                    select count(*) > 1 from reads
                    where reads.relation = deepest.relation and reads.reader in (select relation from deepest)
                ) then 'materialized'
                else 'not materialized'
            end as kind,
            -- Also after a bracket: FROM (as_known.int_entities JOIN ... would compute all of it once more.
            regexp_replace(
                rtrim(pg_get_viewdef(pg_class.oid), ';'), '\m(as_known|staging)[.](' || names.those || ')\M', '\2', 'g'
            ) as sql
        from deepest
        inner join pg_class on deepest.relation = pg_class.oid
        cross join names
    )

    select
        'with ' || string_agg(format('%I as %s (%s)', relname, kind, sql), ', ' order by depth desc)
        || format(' select * from %I', asked)
    from parts
    $as_known_statement$;
    revoke all on function as_known.statement(text) from public
{%- endmacro %}
