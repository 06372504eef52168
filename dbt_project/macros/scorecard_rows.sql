{#-
Every KPI of the catalogue for the province and each district at each as-of date, held against its target.
`figures` is where the values come from. The trend behind the forecast is the stored month ends of kpi_values.
-#}
{% macro scorecard_rows(figures) -%}
    with due as (
        select
            as_of.as_of_date,
            as_of.unit_generation_date,
            kpis.kpi_code,
            kpis.sort_order as kpi_sort_order,
            kpis.name_vi as kpi_name_vi,
            kpis.name_en as kpi_name_en,
            kpis.measure_unit,
            kpis.definition_version,
            kpis.form,
            kpis.counted_in,
            kpis.breaks_with_units,
            kpis.restarts_yearly,
            units.unit_code,
            units.unit_name,
            units.sort_order as unit_sort_order
        from {{ ref('as_of') }} as as_of
        cross join {{ ref('kpi_catalogue') }} as kpis
        cross join (
            select distinct on (dim_unit.unit_code)
                dim_unit.unit_code,
                dim_unit.unit_name,
                dim_unit.sort_order
            from {{ ref('dim_unit') }} as dim_unit
            where dim_unit.is_in_scorecard
            order by dim_unit.unit_code, dim_unit.valid_from
        ) as units
        where as_of.is_asked
    ),

    -- A district without a target of its own is forecast for the day of the province's.
    deadlines as (
        select
            kpi_code,
            max(target_date) as target_date
        from {{ ref('int_targets') }}
        group by kpi_code
    ),

    -- Least squares over the last month ends. Exact sums, days counted from the as-of date: the order in which
    -- rows are read leaves no trace in the last digits, as it would with regr_slope() and its double precision.
    sums as (
        select
            due.as_of_date,
            due.kpi_code,
            due.unit_code,
            deadlines.target_date - due.as_of_date as days_ahead,
            count(*)::numeric as point_count,
            avg(points.as_of_date - due.as_of_date) as mean_x,
            avg(points.value) as mean_y,
            sum((points.as_of_date - due.as_of_date)::numeric * (points.as_of_date - due.as_of_date)) as sum_xx,
            sum((points.as_of_date - due.as_of_date) * points.value) as sum_xy,
            sum(points.value * points.value) as sum_yy
        from due
        inner join deadlines on due.kpi_code = deadlines.kpi_code
        inner join {{ ref('kpi_values') }} as points
            on
                due.kpi_code = points.kpi_code
                and due.unit_code = points.unit_code
                and points.variant = ''
                and points.breakdown = ''
                and points.value is not null
                and due.as_of_date >= points.as_of_date
                and due.as_of_date - make_interval(months => {{ parameter('forecast_points_maximum') }})
                < points.as_of_date
                -- What counts communes means something else from the day on which there are others.
                and (due.breaks_with_units is not true or due.unit_generation_date <= points.as_of_date)
        where
            due.as_of_date < deadlines.target_date
            and due.restarts_yearly is not true
        group by due.as_of_date, due.kpi_code, due.unit_code, deadlines.target_date
    ),

    trends as (
        select
            as_of_date,
            kpi_code,
            unit_code,
            point_count,
            mean_y,
            days_ahead - mean_x as distance_x,
            sum_xx - point_count * mean_x * mean_x as sxx,
            sum_xy - point_count * mean_x * mean_y as sxy,
            sum_yy - point_count * mean_y * mean_y as syy
        from sums
        where point_count >= {{ parameter('forecast_points_minimum') }}
    ),

    spreads as (
        select
            trends.as_of_date,
            trends.kpi_code,
            trends.unit_code,
            round(trends.mean_y + trends.sxy / trends.sxx * trends.distance_x, 6) as forecast_value,
            round(
                student.quantile * sqrt(
                    greatest(trends.syy - trends.sxy * trends.sxy / trends.sxx, 0) / (trends.point_count - 2)
                    * (1 + 1 / trends.point_count + trends.distance_x * trends.distance_x / trends.sxx)
                ),
                6
            ) as half_width
        from trends
        -- Student's t, 97.5 %: the forecast interval covers 95 %.
        left join (
            values
            (4, 2.776), (5, 2.571), (6, 2.447), (7, 2.365), (8, 2.306), (9, 2.262), (10, 2.228)
        ) as student (degrees_of_freedom, quantile)
            on trends.point_count - 2 = student.degrees_of_freedom
    ),

    forecasts as (
        select
            as_of_date,
            kpi_code,
            unit_code,
            {{ not_below_zero('forecast_value') }} as forecast_value,
            {{ not_below_zero('forecast_value - half_width') }} as forecast_low,
            {{ not_below_zero('forecast_value + half_width') }} as forecast_high
        from spreads
    ),

    -- Read once: of an asked day nothing is stored.
    computed as materialized (
        select
            as_of_date,
            kpi_code,
            unit_code,
            variant,
            value,
            numerator,
            denominator,
            is_suppressed,
            row_count,
            submission_count
        from {{ figures }}
        where
            breakdown = ''
            and (variant = '' or (kpi_code = 'rural_workers' and variant = 'entities_missing_report'))
    ),

    figures as (
        select * from computed
        where variant = ''
    ),

    -- Of labour every entity with a valid product owes a report.
    labour as (
        select
            as_of_date,
            unit_code,
            coalesce(sum(row_count) filter (where variant = ''), 0) / nullif(sum(row_count), 0) as completeness
        from computed
        where kpi_code = 'rural_workers'
        group by as_of_date, unit_code
    ),

    compared as (
        select
            due.*,
            figures.value,
            figures.numerator,
            figures.denominator,
            targets.target_version,
            targets.target_value,
            targets.target_upper_value,
            targets.baseline_value,
            targets.baseline_date,
            targets.target_date,
            targets.target_rule,
            trim_scale(case due.form when 'labour_reports' then labour.completeness else completeness.completeness end)
                as completeness,
            coalesce(targets.comparison, 'tracked') as comparison,
            coalesce(figures.is_suppressed, false) as is_suppressed,
            coalesce(figures.row_count, 0) as row_count,
            coalesce(figures.submission_count, 0) as submission_count,
            {{ at_most_all('forecasts.forecast_value') }} as forecast_value,
            {{ at_most_all('forecasts.forecast_low') }} as forecast_low,
            {{ at_most_all('forecasts.forecast_high') }} as forecast_high,
            coalesce(sums.point_count, 0)::bigint as forecast_point_count,
            case due.counted_in
                when 'value' then {{ least_to_meet('targets.target_value') }} - figures.value
                when 'numerator'
                    then {{ least_to_meet('targets.target_value * figures.denominator') }} - figures.numerator
            end as missing_count,
            coalesce(
                due.breaks_with_units
                and due.unit_generation_date > due.as_of_date - make_interval(
                    months => {{ parameter('forecast_points_maximum') }}
                )
                and due.unit_generation_date > (
                    select min(communes.valid_from) from {{ ref('dim_unit') }} as communes
                    where communes.unit_kind = 'commune'
                ),
                false
            ) as has_series_break,
            {{ meets('figures.value') }} as is_met,
            {{ meets('forecasts.forecast_value') }} as is_forecast_met,
            extract(year from age(targets.target_date, due.as_of_date)) * 12
            + extract(month from age(targets.target_date, due.as_of_date)) as months_left
        from due
        left join {{ ref('int_targets') }} as targets
            on
                due.kpi_code = targets.kpi_code
                and due.unit_code = targets.unit_code
        left join figures
            on
                due.as_of_date = figures.as_of_date
                and due.kpi_code = figures.kpi_code
                and due.unit_code = figures.unit_code
        left join forecasts
            on
                due.as_of_date = forecasts.as_of_date
                and due.kpi_code = forecasts.kpi_code
                and due.unit_code = forecasts.unit_code
        left join sums
            on
                due.as_of_date = sums.as_of_date
                and due.kpi_code = sums.kpi_code
                and due.unit_code = sums.unit_code
        left join {{ ref('int_completeness') }} as completeness
            on
                due.as_of_date = completeness.as_of_date
                and due.form = completeness.form
                and due.unit_code = completeness.unit_code
        left join labour
            on
                due.as_of_date = labour.as_of_date
                and due.unit_code = labour.unit_code
    )

    select
        as_of_date,
        kpi_code,
        unit_code,
        kpi_sort_order,
        kpi_name_vi,
        kpi_name_en,
        unit_name,
        unit_sort_order,
        unit_generation_date,
        value,
        numerator,
        denominator,
        measure_unit,
        target_version,
        comparison,
        target_value,
        target_upper_value,
        baseline_value,
        baseline_date,
        target_date,
        target_rule,
        target_value - value as gap,
        case when missing_count < 0 then 0 else trim_scale(missing_count) end as shortfall_count,
        trim_scale((value - baseline_value) / nullif(target_value - baseline_value, 0)) as progress_share,
        case
            when months_left > 0 and value >= target_value then 0
            when months_left > 0 then trim_scale((target_value - value) / months_left)
        end as required_per_month,
        trim_scale(forecast_value) as forecast_value,
        trim_scale(forecast_low) as forecast_low,
        trim_scale(forecast_high) as forecast_high,
        case
            when forecast_value is not null then 'least_squares'
            when restarts_yearly then 'none_restarts_yearly'
        end as forecast_method,
        forecast_point_count,
        case
            when value is null then 'not_measured'
            when target_value is null then 'tracked'
            when is_met then 'met'
            when as_of_date > target_date then 'missed'
            when is_forecast_met then 'on_track'
            else 'at_risk'
        end as status,
        coalesce(value > target_upper_value, false) as is_above_band,
        has_series_break,
        completeness,
        is_suppressed,
        row_count,
        submission_count,
        definition_version,
        {{ build_id() }} as build_id
    from compared
{%- endmacro %}
