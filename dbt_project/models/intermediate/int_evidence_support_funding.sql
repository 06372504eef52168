select
    as_of.as_of_date,
    '' as variant,
    disbursements.territory_code,
    disbursements.voucher_key,
    disbursements.entity_key,
    disbursements.funding_source,
    disbursements.amount_vnd as numerator,
    null::numeric as denominator,
    disbursements.load_id,
    disbursements.submission_id,
    disbursements.source_sheet,
    disbursements.source_row
from {{ ref('as_of') }} as as_of
inner join {{ ref('fct_support_disbursements') }} as disbursements
    on
        as_of.as_of_date >= disbursements.disbursed_date
        and date_trunc('year', as_of.as_of_date::timestamp) <= disbursements.disbursed_date
where disbursements.is_in_programme
