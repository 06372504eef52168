-- Products that take part but are not certified, or not for long; the certified ones that last are nobody's next step.
with taking_part as (
    select
        as_of.as_of_date,
        as_of.unit_generation_date,
        participations.product_key,
        bool_or(participations.is_certified) as was_ever_certified
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('fct_participations') }} as participations
        on
            as_of.as_of_date >= participations.event_date
            and as_of.as_of_date < coalesce(participations.withdrawn_date, 'infinity')
    group by as_of.as_of_date, as_of.unit_generation_date, participations.product_key
),

-- The newest decision of each, whether its term is over or not.
decided as (
    select distinct on (as_of.as_of_date, certificates.product_key)
        as_of.as_of_date,
        certificates.product_key,
        certificates.is_certified,
        certificates.stars,
        certificates.score,
        certificates.term_to
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('fct_certificates') }} as certificates on as_of.as_of_date >= certificates.valid_from
    inner join {{ ref('fct_participations') }} as participations
        on
            certificates.event_key = participations.event_key
            and as_of.as_of_date < coalesce(participations.withdrawn_date, 'infinity')
    order by
        as_of.as_of_date asc,
        certificates.product_key asc,
        certificates.valid_from desc,
        certificates.valid_to desc,
        certificates.event_key desc
),

threshold as (
    select min(score_from) as points_needed
    from {{ ref('star_ratings') }}
    where is_certified
),

standing as (
    select
        taking_part.as_of_date,
        taking_part.unit_generation_date,
        taking_part.product_key,
        decided.is_certified,
        decided.stars,
        decided.score,
        decided.term_to,
        star_ratings.sort_order as star_order,
        star_ratings.name_vi as stars_vi,
        star_ratings.name_en as stars_en,
        case when decided.is_certified then decided.term_to - taking_part.as_of_date end as days_left,
        case
            -- Without a score nobody knows; greatest() would pass over that.
            when not decided.is_certified and decided.score is not null
                then greatest(threshold.points_needed - decided.score, 0)
        end as points_missing,
        case
            when decided.product_key is null and taking_part.was_ever_certified then 'undated_certificate'
            when not coalesce(decided.is_certified, false) then 'below_three_stars'
            when expiring.product_key is not null then 'renewal_due'
            when decided.term_to > taking_part.as_of_date then 'certified'
            when
                decided.term_to
                > taking_part.as_of_date - make_interval(months => {{ parameter('renewal_grace_months') }})
                then 'renewal_overdue'
            else 'below_three_stars'
        end as candidate_kind
    from taking_part
    cross join threshold
    left join decided
        on
            taking_part.as_of_date = decided.as_of_date
            and taking_part.product_key = decided.product_key
    left join {{ ref('kpi_expiring_certificates_at') }} as expiring
        on
            taking_part.as_of_date = expiring.as_of_date
            and taking_part.product_key = expiring.product_key
    left join {{ ref('star_ratings') }} as star_ratings on decided.stars = star_ratings.stars
)

select
    standing.as_of_date,
    products.territory_code,
    standing.candidate_kind,
    standing.product_key,
    products.entity_key,
    mapped.in_commune_code as commune_code,
    products.product_name as candidate_name,
    null::text as sales_point_code,
    standing.days_left,
    standing.points_missing,
    row_number() over (
        partition by standing.as_of_date, products.territory_code, standing.candidate_kind
        order by
            -- The next to end, and the last to have ended, first.
            case when standing.candidate_kind != 'below_three_stars' then abs(standing.days_left) end asc,
            standing.stars is null asc,
            standing.score desc nulls last,
            standing.star_order desc nulls last,
            products.product_name asc,
            standing.product_key asc
    ) as rank_in_unit,
    case
        when standing.candidate_kind = 'undated_certificate' then 'Đã công nhận nhưng thiếu ngày quyết định'
        when standing.stars is null then 'Đã đăng ký, chưa được đánh giá'
        when standing.is_certified and standing.days_left > 0
            then standing.stars_vi || ', hết hạn ' || to_char(standing.term_to, 'DD/MM/YYYY')
        when standing.is_certified
            then standing.stars_vi || ', đã hết hạn từ ' || to_char(standing.term_to, 'DD/MM/YYYY')
        else standing.stars_vi || coalesce(', ' || replace(trim_scale(standing.score)::text, '.', ',') || ' điểm', '')
    end as hint_vi,
    case
        when standing.candidate_kind = 'undated_certificate' then 'Certified, but the day of the decision is missing'
        when standing.stars is null then 'Registered, not rated yet'
        when standing.is_certified and standing.days_left > 0
            then standing.stars_en || ', ends on ' || to_char(standing.term_to, 'YYYY-MM-DD')
        when standing.is_certified
            then standing.stars_en || ', ended on ' || to_char(standing.term_to, 'YYYY-MM-DD')
        else standing.stars_en || coalesce(', ' || trim_scale(standing.score)::text || ' points', '')
    end as hint_en
from standing
inner join {{ ref('dim_product') }} as products
    on
        standing.product_key = products.product_key
        and products.is_in_programme
left join {{ ref('int_communes_mapped') }} as mapped
    on
        products.commune_code = mapped.commune_code
        and products.commune_valid_from = mapped.valid_from
        and standing.unit_generation_date = mapped.in_valid_from
where standing.candidate_kind != 'certified'
