-- The programme's figure beside the newest one of the province whose year had ended by then.
with figures as (
    select
        contexts.context_code,
        contexts.sort_order,
        contexts.kpi_code,
        contexts.is_share,
        contexts.name_vi,
        contexts.name_en,
        contexts.note_vi,
        contexts.note_en,
        facts.indicator,
        facts.place_name,
        facts.unit_code,
        facts.figure_year,
        facts.period_from,
        facts.period_to,
        facts.is_preliminary,
        facts.submission_id,
        facts.source_sheet,
        facts.source_row,
        facts.value * contexts.factor as province_value,
        -- Since the mergers the province is larger than the programme's territories.
        not exists (
            select 1 from {{ ref('dim_unit') }} as communes
            where
                communes.unit_kind = 'commune'
                and communes.territory_code is null
                and communes.valid_from < facts.period_to
                and coalesce(communes.valid_to, 'infinity') >= facts.period_to
        ) as is_same_territory
    from {{ ref('statistics_indicators') }} as contexts
    inner join {{ ref('fct_province_indicators') }} as facts
        on
            contexts.indicator = facts.indicator
            and coalesce(contexts.category, '') = facts.category
    where
        facts.figure_quarter is null
        and facts.value is not null
        and facts.unit_code = {{ parameter('programme_province', 'text') }}
)

select distinct on (reported.as_of_date, figures.context_code)
    reported.as_of_date,
    figures.context_code,
    figures.sort_order,
    figures.name_vi,
    figures.name_en,
    figures.note_vi,
    figures.note_en,
    reported.kpi_code,
    reported.unit_code,
    reported.value,
    reported.measure_unit,
    reported.is_suppressed,
    figures.indicator,
    figures.place_name,
    figures.figure_year,
    figures.is_preliminary,
    figures.is_same_territory,
    figures.province_value,
    figures.submission_id,
    figures.source_sheet,
    figures.source_row,
    reported.build_id,
    case
        when figures.is_share and figures.is_same_territory
            then trim_scale(reported.value / nullif(figures.province_value, 0))
    end as province_share,
    extract(year from reported.as_of_date)::integer - figures.figure_year as years_between
from {{ ref('kpi_values') }} as reported
inner join figures
    on
        reported.kpi_code = figures.kpi_code
        and reported.unit_code = figures.unit_code
        and reported.as_of_date >= figures.period_to - 1
where
    reported.variant = ''
    and reported.breakdown = ''
order by
    reported.as_of_date asc, figures.context_code asc, figures.period_from desc, figures.submission_id desc,
    figures.place_name asc
