{#-
The figures of one KPI from its evidence: for the province and each territory, per variant and breakdown member.

`evidence` has as_of_date, variant, territory_code, numerator, denominator, submission_id, and the columns that
`breakdowns` names as {breakdown: column}. A row counts for its territory and for the province, one of no territory
for the province alone, and with `district_only` one whose `is_district_only` is true for its territory alone (a fair
of three districts is one fair of the province). `row_count` says for how many source rows a row stands.

The variants in `ratios` are the numerator over the denominator, the others the numerator; a ratio over less than
`least` is not measured. `zeros` names variants that are 0 where nothing counts, from the day `since` on; without it
such a figure is missing: nothing was reported. With `reported_form` it is 0 only where a report of that form has come
in for a month of the window: a year of which nobody tells is not a year without events.

A KPI about people lies in `intermediate`: what of it must not be shown is settled where all are united.
-#}
{% macro kpi_rows(
    evidence,
    breakdowns={},
    ratios=[],
    least=none,
    zeros=[],
    since='null',
    row_count='(load_id is not null)::int',
    district_only=false,
    reported_form=none
) -%}
    {%- set columns = (['is_district_only'] if district_only else []) + (breakdowns.values() | list) -%}
    {%- set members = [('', "''")] + (breakdowns.items() | list) -%}
    with rows_of_evidence as materialized (
        select
            as_of_date,
            variant,
            territory_code,
            {% for column in columns -%}
                {{ column }},
            {% endfor -%}
            submission_id,
            numerator,
            denominator,
            {{ row_count }} as row_count
        from {{ evidence }}
    ),

    sums_by_territory as (
        select
            as_of_date,
            variant,
            territory_code,
            {% for column in columns -%}
                {{ column }},
            {% endfor -%}
            sum(numerator) as numerator,
            sum(denominator) as denominator,
            sum(row_count) as row_count
        from rows_of_evidence
        group by
            {% for column in columns -%}
                {{ column }},
            {% endfor -%}
            as_of_date,
            variant,
            territory_code
    ),

    -- Files are counted apart from the sums and step by step, each step hashed: count(distinct) beside the sums would
    -- sort millions of rows by all these texts.
    files_by_territory as (
        select distinct
            as_of_date,
            variant,
            territory_code,
            {% for column in columns -%}
                {{ column }},
            {% endfor -%}
            submission_id
        from rows_of_evidence
    ),

    units as (
        select
            unit_code,
            unit_kind
        from {{ ref('dim_unit') }}
        where is_in_scorecard
        group by unit_code, unit_kind
    ),

    sums as (
        select
            sums_by_territory.as_of_date,
            units.unit_code,
            sums_by_territory.variant,
            members.breakdown,
            members.member,
            sum(sums_by_territory.numerator) as numerator,
            sum(sums_by_territory.denominator) as denominator,
            sum(sums_by_territory.row_count) as row_count
        from sums_by_territory
        inner join units
            on
                {{ counts_for('sums_by_territory', 'units', district_only) }}
        cross join lateral (
            values
            ('', '')
            {%- for breakdown, column in breakdowns.items() %},
            ('{{ breakdown }}', sums_by_territory.{{ column }}::text)
            {%- endfor %}
        ) as members (breakdown, member)
        where members.member is not null
        group by
            sums_by_territory.as_of_date,
            units.unit_code,
            sums_by_territory.variant,
            members.breakdown,
            members.member
    ),

    -- Most files tell of one territory: of these no two rows are one file of the province.
    files_of_several_territories as (
        select submission_id
        from files_by_territory
        group by submission_id
        having min(coalesce(territory_code, '')) != max(coalesce(territory_code, ''))
    ),

    {% for breakdown, column in members -%}
        {%- set is_once_already = columns == ([column] if breakdown else []) -%}
        files_by_{{ breakdown or 'unit' }} as {{ 'not materialized' if is_once_already }} (
            select {{ 'distinct' if not is_once_already }}
                as_of_date,
                territory_code,
                variant,
                {{ column }}::text as member,
                {{ 'is_district_only,' if district_only }}
                submission_id
            from files_by_territory
        ),

    {% endfor -%}

    files as (
        {% for breakdown, column in members -%}
            select
                as_of_date,
                territory_code as unit_code,
                variant,
                '{{ breakdown }}' as breakdown,
                member,
                count({{ 'distinct ' if district_only }}submission_id) as submission_count
            from files_by_{{ breakdown or 'unit' }}
            where territory_code not in (select units.unit_code from units where units.unit_kind = 'province')
            group by as_of_date, territory_code, variant, member

            union all

            select
                as_of_date,
                (select units.unit_code from units where units.unit_kind = 'province') as unit_code,
                variant,
                '{{ breakdown }}' as breakdown,
                member,
                count(submission_id) as submission_count
            from (
                {% for kind, distinct in [('is null', ''), ('is not null', 'distinct')] -%}
                    select {{ distinct }}
                        told.as_of_date,
                        told.variant,
                        told.member,
                        told.submission_id
                    from files_by_{{ breakdown or 'unit' }} as told
                    left join files_of_several_territories as several on told.submission_id = several.submission_id
                    where
                        several.submission_id {{ kind }}
                        {{ 'and not told.is_district_only' if district_only }}
                    {{ 'union all' if not loop.last }}
                {% endfor %}
            ) as each_once
            group by as_of_date, variant, member
            {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

    counted as (
        select
            sums.*,
            files.submission_count
        from sums
        inner join files
            on
                sums.as_of_date = files.as_of_date
                and sums.unit_code = files.unit_code
                and sums.variant = files.variant
                and sums.breakdown = files.breakdown
                and sums.member = files.member
    ),

    {% if reported_form -%}
        reported as materialized (
            select distinct
                months.as_of_date,
                reports.territory_code
            from {{ ref('int_as_of_months') }} as months
            inner join {{ ref('int_reports_monthly') }} as reports on months.month_date = reports.month_date
            where
                reports.form = '{{ reported_form }}'
                and reports.received_count > 0
        ),

    {% endif -%}
    due as (
        select
            as_of.as_of_date,
            units.unit_code,
            zeros.variant,
            '' as breakdown,
            '' as member
        from {{ ref('as_of') }} as as_of
        cross join units
        cross join unnest({{ "array['" ~ zeros | join("', '") ~ "']" if zeros else "'{}'::text[]" }}) as zeros (variant)
        where
            as_of.as_of_date >= {{ since }}
            {%- if reported_form %}
            and exists (
                select from reported
                where
                    reported.as_of_date = as_of.as_of_date
                    and (reported.territory_code = units.unit_code or units.unit_kind = 'province')
            )
            {%- endif %}
    ),

    filled as (
        select
            coalesce(counted.as_of_date, due.as_of_date) as as_of_date,
            coalesce(counted.unit_code, due.unit_code) as unit_code,
            coalesce(counted.variant, due.variant) as variant,
            coalesce(counted.breakdown, due.breakdown) as breakdown,
            coalesce(counted.member, due.member) as member,
            case when due.unit_code is null then counted.numerator else coalesce(counted.numerator, 0) end
                as numerator,
            counted.denominator,
            coalesce(counted.row_count, 0)::bigint as row_count,
            coalesce(counted.submission_count, 0) as submission_count
        from counted
        full join due
            on
                counted.as_of_date = due.as_of_date
                and counted.unit_code = due.unit_code
                and counted.variant = due.variant
                and counted.breakdown = due.breakdown
                and counted.member = due.member
    )

    select
        as_of_date,
        unit_code,
        variant,
        breakdown,
        member,
        {% if ratios -%}
            case
                when variant not in ('{{ ratios | join("', '") }}') then numerator
                {% if least -%}
                    when denominator < {{ least }} then null
                {% endif -%}
                -- Twelve digits: what is left of the rounding of a part's contribution does not show.
                else trim_scale(round(numerator / nullif(denominator, 0), 12))
            end as value,
        {%- else -%}
            numerator as value,
        {%- endif %}
        numerator,
        denominator,
        row_count,
        submission_count
    from filled
{%- endmacro %}


{#- Does a row of `evidence` count for a unit: its territory's, and the province's unless it is told to be the former's. -#}
{% macro counts_for(evidence, units, district_only=false) -%}
    (
        {{ evidence }}.territory_code = {{ units }}.unit_code
        or {{ units }}.unit_kind = 'province'
        {%- if district_only %}
        and not {{ evidence }}.is_district_only
        {%- endif %}
    )
{%- endmacro %}
