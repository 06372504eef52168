with waiting as (
    select
        evidence.as_of_date,
        evidence.territory_code,
        units.unit_name
    from {{ ref('int_evidence_units_with_sales_point') }} as evidence
    inner join {{ ref('dim_unit') }} as units
        on
            evidence.territory_code = units.unit_code
            and units.unit_kind = 'district'
    where
        evidence.variant = ''
        and evidence.numerator = 0
)

select
    waiting.as_of_date,
    waiting.territory_code,
    null::text as product_key,
    null::text as entity_key,
    null::text as commune_code,
    stopped.sales_point_code,
    null::int as days_left,
    null::numeric as points_missing,
    coalesce(stopped.sales_point_name, waiting.unit_name) as candidate_name,
    case when stopped.sales_point_code is null then 'no_candidate_known' else 'stopped_sales_point' end
        as candidate_kind,
    row_number() over (
        partition by waiting.as_of_date, waiting.territory_code
        order by stopped.stopped_date desc, stopped.sales_point_code asc
    ) as rank_in_unit,
    coalesce(
        'Điểm đã dừng từ ' || to_char(stopped.stopped_date, 'DD/MM/YYYY') || ', có thể mở lại',
        'Địa bàn chưa từng có điểm bán'
    ) as hint_vi,
    coalesce(
        'Stopped on ' || to_char(stopped.stopped_date, 'YYYY-MM-DD') || ', could open again',
        'No point has ever been open here'
    ) as hint_en
from waiting
left join {{ ref('fct_sales_points') }} as stopped
    on
        waiting.territory_code = stopped.territory_code
        and waiting.as_of_date >= stopped.stopped_date
