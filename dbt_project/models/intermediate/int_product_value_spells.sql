{{ config(materialized='ledger_table', indexes=[{'columns': ['month_date']}]) }}

-- On which days reported months count, summed up by file: between two days on which a certificate begins or ends,
-- or a month enters or leaves the window, the same rows count. Ten years of 20,000 products are two million rows; each
-- of them with each of its twelve month ends would be twenty million, these are a tenth of that.
with certificates as (
    select
        certificates.product_key,
        products.territory_code,
        certificates.valid_from,
        certificates.valid_to,
        coalesce(certificates.product_group, products.product_group, 'unknown') as product_group,
        min(certificates.valid_from) over (partition by certificates.product_key) as first_decision_date
    from {{ ref('fct_certificates') }} as certificates
    inner join {{ ref('dim_product') }} as products
        on
            certificates.product_key = products.product_key
            and products.is_in_programme
    where certificates.valid_from is not null
),

months as (
    select
        product_key,
        submission_id,
        revenue_vnd,
        period_from as month_date,
        period_to - 1 as enters_date,
        (period_to + make_interval(months => {{ parameter('flow_window_months') }}))::date - 1 as leaves_date
    from {{ ref('fct_product_values') }}
),

counted as (
    select
        months.month_date,
        months.submission_id,
        certificates.territory_code,
        certificates.product_group,
        months.revenue_vnd,
        greatest(months.enters_date, certificates.valid_from) as counts_from,
        least(months.leaves_date, certificates.valid_to) as counts_to,
        certificates.first_decision_date <= months.enters_date as is_expected
    from months
    inner join certificates
        on
            months.product_key = certificates.product_key
            and months.enters_date < certificates.valid_to
            and months.leaves_date > certificates.valid_from
            and certificates.valid_from < certificates.valid_to
),

changes as (
    select
        counted.month_date,
        counted.submission_id,
        counted.territory_code,
        counted.product_group,
        ends.change_date,
        sum(ends.weight * counted.revenue_vnd) as revenue_vnd,
        sum(ends.weight) as row_count,
        sum(ends.weight) filter (where counted.is_expected) as expected_count
    from counted
    cross join lateral (values (counted.counts_from, 1), (counted.counts_to, -1)) as ends (change_date, weight)
    group by
        counted.month_date,
        counted.submission_id,
        counted.territory_code,
        counted.product_group,
        ends.change_date
),

running as (
    select
        month_date,
        submission_id,
        territory_code,
        product_group,
        change_date as counts_from,
        lead(change_date) over newer as counts_to,
        sum(revenue_vnd) over newer as revenue_vnd,
        (sum(row_count) over newer)::bigint as row_count,
        (coalesce(sum(expected_count) over newer, 0))::bigint as expected_count
    from changes
    window
        newer as (
            partition by month_date, submission_id, territory_code, product_group
            order by change_date
        )
)

select
    '' as variant,
    month_date,
    submission_id,
    territory_code,
    product_group,
    counts_from,
    counts_to,
    revenue_vnd,
    row_count,
    expected_count
from running
where row_count > 0

union all

-- How it was at the end of the month does not change with the day that is asked for.
select
    'while_valid' as variant,
    months.month_date,
    months.submission_id,
    certificates.territory_code,
    certificates.product_group,
    months.enters_date as counts_from,
    months.leaves_date as counts_to,
    sum(months.revenue_vnd) as revenue_vnd,
    count(*) as row_count,
    count(*) filter (where certificates.first_decision_date <= months.enters_date) as expected_count
from months
inner join certificates
    on
        months.product_key = certificates.product_key
        and months.enters_date >= certificates.valid_from
        and months.enters_date < certificates.valid_to
group by
    months.month_date,
    months.submission_id,
    certificates.territory_code,
    certificates.product_group,
    months.enters_date,
    months.leaves_date
