{#-
Which figures about people must not be shown (Law 91/2025/QH15). The only place where that is settled; without a
reference to other models, so that the tests can run it on tables of their own.

`cells` is a relation of what would be shown without it (`cells_about_people`), one row per figure: as_of_date,
table_code, level, rests_on, unit_code, is_province, people (how many it speaks of), row_count (of how many entities). A
table is one KPI and variant; `rests_on` are the codes of tables, of a lower `level`, that would bound what is hidden in it
or whose hidden figures it would bound.

The result is as_of_date, table_code, unit_code of what is hidden:

1. A unit below the province with fewer than `least_people` people or `least_entities` entities.
2. A unit that is hidden in a table that this one rests on.
3. Where any is hidden, as many others as make the hidden ones together safe: what is left of the province's figure when
   all shown districts are taken from it has, beside the largest of them, `least_people` people or more. Those with the
   fewest entities go first: that is known to everybody, so the choice tells nothing, and it hardly changes from month to
   month.
4. The province, where all its units together are not safe: its figure would be the hidden one.

What the province has beyond its districts (entities of no known place) is never shown, hence one of the hidden ones.
-#}
{% macro hidden_figures(cells, least_people, least_entities, is_complementary=true) -%}
    with judged as (
        select
            as_of_date,
            table_code,
            level,
            rests_on,
            unit_code,
            is_province,
            people,
            row_count,
            not is_province and (people < {{ least_people }} or row_count < {{ least_entities }}) as is_hidden
        from {{ cells }}
        where row_count > 0

        union all

        select
            as_of_date,
            table_code,
            level,
            rests_on,
            null as unit_code,
            false as is_province,
            sum(case when is_province then people else -people end) as people,
            sum(case when is_province then row_count else -row_count end) as row_count,
            sum(case when is_province then people else -people end) < {{ least_people }}
            or sum(case when is_province then row_count else -row_count end) < {{ least_entities }} as is_hidden
        from {{ cells }}
        group by as_of_date, table_code, level, rests_on
        having
            sum(case when is_province then row_count else -row_count end) > 0
            -- The ends of a range are told of the province alone.
            and bool_or(not is_province)
    ),

    {% set ns = namespace(before='judged') -%}
    {% for level in range(3) -%}
        bounded_{{ level }} as (
            select
                as_of_date,
                table_code,
                level,
                rests_on,
                unit_code,
                is_province,
                people,
                row_count,
                is_hidden or level = {{ level }} and coalesce(
                    rests_on && array_agg(table_code) filter (where is_hidden) over (
                        partition by as_of_date, unit_code
                    ),
                    false
                ) as is_hidden
            from {{ ns.before }}
        ),

        ranked_{{ level }} as (
            select
                *,
                row_number() over (
                    partition by as_of_date, table_code
                    order by is_province, (is_hidden or unit_code is null) desc, row_count, unit_code
                ) as place,
                count(*) filter (where not is_province and (is_hidden or unit_code is null)) over (
                    partition by as_of_date, table_code
                ) as hidden_count,
                bool_or(is_hidden and not is_province) over (partition by as_of_date, table_code) as has_hidden
            from bounded_{{ level }}
        ),

        pooled_{{ level }} as (
            select
                *,
                not is_province and sum(people) over places - max(people) over places >= {{ least_people }} as is_safe
            from ranked_{{ level }}
            window places as (partition by as_of_date, table_code order by place rows unbounded preceding)
        ),

        hidden_{{ level }} as (
            select
                as_of_date,
                table_code,
                level,
                rests_on,
                unit_code,
                is_province,
                people,
                row_count,
                is_hidden
                {%- if is_complementary %}
                    or level = {{ level }}
                    and has_hidden
                    and place <= greatest(
                        hidden_count,
                        -- Without such a place all of them are, and the province is.
                        coalesce(
                            min(place) filter (where is_safe) over (partition by as_of_date, table_code),
                            max(place) over (partition by as_of_date, table_code)
                        )
                    )
                {%- endif %} as is_hidden
            from pooled_{{ level }}
        ),

        {% set ns.before = 'hidden_' ~ level -%}
    {% endfor -%}
    decided as (
        select * from {{ ns.before }}
    )

    select
        as_of_date,
        table_code,
        unit_code
    from decided
    where
        is_hidden
        and unit_code is not null
{%- endmacro %}


{#-
The figures about people as `hidden_figures` takes them. Regular workers bound those with an income; with the seasonal
ones they are all workers of a unit, of whom women, locals and insured are parts: where one of the two is hidden, so are
these. A breakdown is no cell: below the province none about people is shown.
-#}
{% macro cells_about_people(figures, province) -%}
    select
        as_of_date,
        {{ table_of_people(figures) }} as table_code,
        case
            when kpi_code = 'rural_workers' and variant = '' then 0
            when variant = '' or kpi_code = 'rural_workers' and variant = 'seasonal' then 1
            else 2
        end as level,
        case when kpi_code != 'rural_workers' or variant != '' then array['rural_workers/'] else '{}' end
        || case when variant != '' then array[kpi_code || '/'] else '{}' end
        || case
            when kpi_code = 'rural_workers' and variant not in ('', 'seasonal') then array['rural_workers/seasonal']
            else '{}'
        end as rests_on,
        unit_code,
        unit_code = {{ province }} as is_province,
        case when kpi_code = 'worker_income' then denominator else numerator end as people,
        row_count
    from {{ figures }}
    where breakdown = ''
{%- endmacro %}


{#-
The incomes that not every entity of the unit told, of `cells`: beside all regular workers, those with an income tell how
many have none, perhaps those of one entity. Of these the mean alone is shown, rounded (`rounded_mean`), and not even that
where the unit has fewer than `least_people` regular workers: of few, a rounded mean leaves few numbers of workers possible.
-#}
{% macro incomes_in_part(cells, least_people) -%}
    select
        incomes.as_of_date,
        incomes.table_code,
        incomes.unit_code,
        coalesce(regular.people < {{ least_people }}, true) as is_hidden
    from {{ cells }} as incomes
    left join {{ cells }} as regular
        on
            incomes.as_of_date = regular.as_of_date
            and incomes.unit_code = regular.unit_code
            and regular.table_code = 'rural_workers/'
    where
        incomes.table_code = 'worker_income/'
        and not coalesce(incomes.people = regular.people and incomes.row_count = regular.row_count, false)
{%- endmacro %}


{#-
A mean as it is shown: rounded down to a multiple of `step`, so that none is shown as meeting a target that it misses. All
its digits would tell of how many people it is: only for one number of them it is a sum of incomes in whole nghìn đồng.
-#}
{% macro rounded_mean(mean, step) -%}
    floor({{ mean }} / {{ step }}) * {{ step }}
{%- endmacro %}


{#- The code of the table that a figure about people stands in. -#}
{% macro table_of_people(figures) -%}
    {{ figures }}.kpi_code || '/' || {{ figures }}.variant
{%- endmacro %}


{#- A column without what must not be shown, of `shown` elsewhere. -#}
{% macro empty_where(condition, column, shown=column) -%}
    case when not ({{ condition }}) then {{ shown }} end as {{ column }}
{%- endmacro %}


{#- Before a model that lay in marts until readers were not to see it any more: an older warehouse has it there still. -#}
{% macro take_out_of_marts() -%}
    drop view if exists "marts"."{{ model.alias }}" cascade
{%- endmacro %}
