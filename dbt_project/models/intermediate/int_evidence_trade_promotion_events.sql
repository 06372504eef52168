-- One fair of three districts is one fair of the province, told in three rows: the first of them counts it.
with told as (
    select
        events.*,
        as_of.as_of_date,
        row_number() over (
            partition by as_of.as_of_date, events.event_code
            order by events.start_date, events.load_id, events.source_sheet, events.source_row
        ) as place_in_province,
        row_number() over (
            partition by as_of.as_of_date, events.event_code, events.territory_code
            order by events.start_date, events.load_id, events.source_sheet, events.source_row
        ) as place_in_territory
    from {{ ref('as_of') }} as as_of
    inner join {{ ref('fct_promotion_events') }} as events
        on
            as_of.as_of_date >= events.start_date
            and date_trunc('year', as_of.as_of_date::timestamp) <= events.start_date
    where events.is_in_programme
)

select
    told.as_of_date,
    parts.variant,
    parts.territory_code,
    parts.is_district_only,
    told.event_code,
    parts.numerator,
    null::numeric as denominator,
    told.load_id,
    told.submission_id,
    told.source_sheet,
    told.source_row
from told
cross join
    lateral (
        values
        ('', null, false, (told.place_in_province = 1)::int::numeric),
        ('', told.territory_code, true, (told.place_in_territory = 1)::int::numeric),
        ('products_shown', told.territory_code, false, told.product_count::numeric),
        ('sales', told.territory_code, false, told.sales_vnd::numeric),
        ('contracts', told.territory_code, false, told.contract_count::numeric)
    ) as parts (variant, territory_code, is_district_only, numerator)
where
    parts.numerator is not null
    and (parts.territory_code is not null or not parts.is_district_only)
