-- A preliminary figure never takes the place of a final one, however often its table is sent again.
with ranked as (
    select
        *,
        row_number() over (
            partition by indicator, measure_unit, place_name, year, quarter, dimension, category
            order by is_preliminary asc, known_from desc, load_id desc, source_row desc, source_sheet desc
        ) as recency
    from {{ ref('stg_labour_statistics__province_indicators') }}
),

newest as (
    select
        *,
        make_date(year::integer, coalesce(3 * quarter::integer - 2, 1), 1) as figure_from,
        make_interval(months => case when quarter is null then 12 else 3 end) as figure_length
    from ranked
    where recency = 1
)

select
    newest.indicator,
    newest.place_name,
    places.unit_code,
    newest.year::integer as figure_year,
    newest.quarter::integer as figure_quarter,
    newest.figure_from as period_from,
    newest.value,
    newest.flag,
    newest.is_preliminary,
    newest.load_id,
    newest.submission_id,
    newest.source_sheet,
    newest.source_row,
    coalesce(newest.measure_unit, '') as measure_unit,
    coalesce(newest.dimension, '') as dimension,
    coalesce(newest.category, '') as category,
    (newest.figure_from + newest.figure_length)::date as period_to
from newest
left join {{ ref('statistics_places') }} as places on lower(newest.place_name) = lower(places.place_name)
