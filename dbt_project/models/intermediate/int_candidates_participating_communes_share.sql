with waiting as (
    select
        evidence.as_of_date,
        evidence.territory_code,
        evidence.commune_code,
        units.unit_name as commune_name,
        as_of.unit_generation_date
    from {{ ref('int_evidence_participating_communes_share') }} as evidence
    inner join {{ ref('as_of') }} as as_of on evidence.as_of_date = as_of.as_of_date
    inner join {{ ref('dim_unit') }} as units
        on
            evidence.commune_code = units.unit_code
            and as_of.unit_generation_date = units.valid_from
    where
        evidence.variant = ''
        and evidence.numerator = 0
),

withdrawn as (
    select
        products.product_key,
        products.product_name,
        products.entity_key,
        products.commune_code,
        products.commune_valid_from,
        max(participations.withdrawn_date) as withdrawn_date
    from {{ ref('fct_participations') }} as participations
    inner join {{ ref('dim_product') }} as products on participations.product_key = products.product_key
    where participations.withdrawn_date is not null
    group by
        products.product_key,
        products.product_name,
        products.entity_key,
        products.commune_code,
        products.commune_valid_from
),

known as (
    select
        'withdrawn_product' as candidate_kind,
        product_key,
        entity_key,
        commune_code,
        commune_valid_from,
        product_name as known_name,
        withdrawn_date
    from withdrawn

    union all

    select
        'entity_in_commune' as candidate_kind,
        null as product_key,
        entity_key,
        commune_code,
        commune_valid_from,
        entity_name as known_name,
        null as withdrawn_date
    from {{ ref('dim_entity') }}
    where is_in_programme
),

located as (
    select
        known.*,
        mapped.in_commune_code,
        mapped.in_valid_from
    from known
    inner join {{ ref('int_communes_mapped') }} as mapped
        on
            known.commune_code = mapped.commune_code
            and known.commune_valid_from = mapped.valid_from
),

placed as (
    select
        waiting.as_of_date,
        waiting.territory_code,
        waiting.commune_code,
        waiting.commune_name,
        located.product_key,
        located.entity_key,
        located.known_name,
        located.withdrawn_date,
        coalesce(located.candidate_kind, 'no_candidate_known') as candidate_kind
    from waiting
    left join located
        on
            waiting.commune_code = located.in_commune_code
            and waiting.unit_generation_date = located.in_valid_from
            and waiting.as_of_date >= coalesce(located.withdrawn_date, '-infinity')
)

select
    as_of_date,
    territory_code,
    candidate_kind,
    product_key,
    entity_key,
    commune_code,
    null::text as sales_point_code,
    null::int as days_left,
    null::numeric as points_missing,
    coalesce(commune_name || ': ' || known_name, commune_name) as candidate_name,
    row_number() over (
        partition by as_of_date, territory_code, candidate_kind
        order by commune_name asc, withdrawn_date desc, known_name asc, product_key asc, entity_key asc
    ) as rank_in_unit,
    case candidate_kind
        when 'withdrawn_product' then 'Sản phẩm bị thu hồi ngày ' || to_char(withdrawn_date, 'DD/MM/YYYY')
        when 'entity_in_commune' then 'Chủ thể tại xã, chưa có sản phẩm của xã tham gia'
        else 'Xã chưa có sản phẩm tham gia, chưa biết chủ thể nào'
    end as hint_vi,
    case candidate_kind
        when 'withdrawn_product' then 'Product withdrawn on ' || to_char(withdrawn_date, 'YYYY-MM-DD')
        when 'entity_in_commune' then 'Entity in a commune that has no product yet'
        else 'Commune without a product, and no entity is known there'
    end as hint_en
from placed
