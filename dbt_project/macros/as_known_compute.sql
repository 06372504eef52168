{#-
The relations of `as_known`, and the staging views below them, that those asked for rest on, each computed once into
`pg_temp` in the order in which they read one another. The views themselves nest so deep that planning them takes longer
than reading the rows, and what several of them read is computed by each. What only the relation asked for reads stays a
view: its filters reach it.

For a transaction that is rolled back afterwards, with ocop.as_of and ocop.known_at set.
-#}
{% macro as_known_compute() -%}
    create or replace function as_known.compute(asked text []) returns void language plpgsql
    set search_path = pg_catalog, pg_temp as $as_known_compute$
    declare
        needed record;
    begin
        for needed in
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
                where relnamespace = 'as_known'::regnamespace and relname = any(asked)
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
            )

            select
                pg_class.relname as name,
                -- Also after a bracket: FROM (as_known.int_entities JOIN ... would compute all of it once more.
                regexp_replace(
                    pg_get_viewdef(pg_class.oid), '\m(as_known|staging)[.](' || names.those || ')\M', 'pg_temp.\2', 'g'
                ) as sql,
                deepest.depth > 1 and pg_class.relnamespace = 'as_known'::regnamespace or (
                    select count(*) > 1 from reads
                    where reads.relation = deepest.relation and reads.reader in (select relation from deepest)
                ) as is_stored
            from deepest
            inner join pg_class on deepest.relation = pg_class.oid
            cross join names
            order by deepest.depth desc
        loop
            if needed.is_stored then
                execute format('create temporary table %I on commit drop as %s', needed.name, needed.sql);
                execute format('analyze pg_temp.%I', needed.name);
            else
                execute format('create temporary view %I as %s', needed.name, needed.sql);
            end if;
        end loop;
    end
    $as_known_compute$
{%- endmacro %}
