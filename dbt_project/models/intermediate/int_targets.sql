-- The targets that count: as the document sets them, and each district's part where a rule shares them out.
with active as (
    select
        kpi_code,
        unit_code,
        target_version,
        comparison,
        target_value::numeric as target_value,
        target_upper_value::numeric as target_upper_value,
        baseline_value::numeric as baseline_value,
        baseline_date,
        target_date
    from {{ ref('targets') }}
    where is_active
),

communes as (
    select
        allocations.kpi_code,
        communes.territory_code,
        count(*)::numeric as commune_count,
        sum(count(*)) over (partition by allocations.kpi_code) as all_commune_count
    from {{ ref('target_allocations') }} as allocations
    inner join {{ ref('dim_unit') }} as communes
        on
            allocations.allocation_date >= communes.valid_from
            and allocations.allocation_date < coalesce(communes.valid_to, 'infinity')
    where
        communes.unit_kind = 'commune'
        and communes.territory_code is not null
    group by allocations.kpi_code, communes.territory_code
)

select
    kpi_code,
    unit_code,
    target_version,
    comparison,
    target_value,
    target_upper_value,
    baseline_value,
    baseline_date,
    target_date,
    case when target_value is not null then 'as_set' end as target_rule
from active

union all

select
    active.kpi_code,
    communes.territory_code as unit_code,
    active.target_version,
    active.comparison,
    case allocations.allocation_rule
        when 'one_each' then 1
        when 'same_value' then active.target_value
        -- Rounded up: districts that all reach their part exceed the target together.
        when 'by_commune_count' then ceil(active.target_value * communes.commune_count / communes.all_commune_count)
    end as target_value,
    case when allocations.allocation_rule = 'same_value' then active.target_upper_value end as target_upper_value,
    null as baseline_value,
    null as baseline_date,
    active.target_date,
    allocations.allocation_rule as target_rule
from active
inner join {{ ref('target_allocations') }} as allocations
    on
        active.kpi_code = allocations.kpi_code
        and active.target_version = allocations.target_version
inner join communes on active.kpi_code = communes.kpi_code
where
    active.unit_code = {{ parameter('programme_province', 'text') }}
    -- A target that the document sets for the district itself goes first.
    and not exists (
        select 1 from active as own
        where
            own.kpi_code = active.kpi_code
            and own.unit_code = communes.territory_code
    )
