-- These KPIs sum up files and products, their evidence lists rows: both must give one figure, resting on as many rows
-- and files. The newest month end stands for all: it is asked for in each branch, so that no other is computed.
with reported as (
    select max(period_to) as last_date
    from {{ ref('fct_product_values') }}
),

newest as (
    select min(as_of.as_of_date) as as_of_date
    from {{ ref('as_of') }} as as_of
    inner join reported on as_of.as_of_date >= reported.last_date - 1
),

both_ways as (
    {% for kpi_code, sums in [
        ('product_value', 'int_product_values_windowed'), ('value_growth', 'int_value_growth_windowed')
    ] %}
        select
            '{{ kpi_code }}' as kpi_code,
            evidence.as_of_date,
            evidence.variant,
            evidence.territory_code,
            evidence.numerator,
            evidence.denominator,
            1 as row_count,
            evidence.submission_id,
            'rows' as way
        from {{ ref('int_evidence_' ~ kpi_code) }} as evidence
        where evidence.as_of_date = (select newest.as_of_date from newest)

        union all

        select
            '{{ kpi_code }}' as kpi_code,
            sums.as_of_date,
            sums.variant,
            sums.territory_code,
            sums.numerator,
            sums.denominator,
            sums.row_count,
            sums.submission_id,
            'sums' as way
        from {{ ref(sums) }} as sums
        where sums.as_of_date = (select newest.as_of_date from newest)
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

figures as (
    select
        both_ways.kpi_code,
        both_ways.as_of_date,
        both_ways.variant,
        both_ways.territory_code,
        both_ways.way,
        sum(both_ways.numerator) as numerator,
        sum(both_ways.denominator) as denominator,
        sum(both_ways.row_count) as row_count,
        count(distinct both_ways.submission_id) as submission_count
    from both_ways
    group by
        both_ways.kpi_code,
        both_ways.as_of_date,
        both_ways.variant,
        both_ways.territory_code,
        both_ways.way
)

select
    kpi_code,
    as_of_date,
    variant,
    territory_code
from figures
group by kpi_code, as_of_date, variant, territory_code, numerator, denominator, row_count, submission_count
having count(*) != 2
