-- A view: how old a disagreement is changes with the day it is looked at. Figures about people are not shown: they are
-- those of one entity.
{{ config(materialized='view') }}

with asked as (
    select coalesce(nullif(current_setting('ocop.as_of', true), '')::date, {{ today() }}) as as_of_date
),

standing as (
    select
        disagreements.*,
        rules.asked,
        rules.operator,
        rules.importance,
        rules.sort_order,
        rules.name_vi as rule_name_vi,
        rules.name_en as rule_name_en,
        rules.to_do_vi,
        rules.to_do_en,
        told.subject_kind,
        told.measure_unit,
        told.name_vi as left_name_vi,
        told.name_en as left_name_en,
        other.name_vi as right_name_vi,
        other.name_en as right_name_en,
        asked.as_of_date,
        told.is_about_people or other.is_about_people as is_suppressed
    from {{ ref('int_disagreements') }} as disagreements
    inner join asked on disagreements.stands_since_date <= asked.as_of_date
    inner join {{ ref('reconciliation_rules') }} as rules on disagreements.rule_code = rules.rule_code
    inner join {{ ref('reconciliation_measures') }} as told on disagreements.left_measure = told.measure
    inner join {{ ref('reconciliation_measures') }} as other on disagreements.right_measure = other.measure
),

-- Where the subject is: its district while there were districts, then its commune.
placed as (
    select
        standing.*,
        coalesce(products.product_name, entities.entity_name, communes.unit_name) as subject_name,
        coalesce(products.territory_code, entities.territory_code, communes.territory_code) as territory_code,
        coalesce(districts.unit_code, mapped.in_commune_code, communes.unit_code) as place_code
    from standing
    left join {{ ref('dim_product') }} as products
        on
            standing.subject_key = products.product_key
            and standing.subject_kind = 'product'
    left join {{ ref('dim_entity') }} as entities
        on
            standing.subject_key = entities.entity_key
            and standing.subject_kind = 'entity'
    left join {{ ref('dim_unit') }} as communes
        on
            standing.subject_key = communes.unit_code
            and standing.subject_kind = 'commune'
            and standing.period_to - 1 >= communes.valid_from
            and (communes.valid_to is null or standing.period_to - 1 < communes.valid_to)
    left join {{ ref('dim_unit') }} as districts
        on
            coalesce(products.territory_code, entities.territory_code) = districts.unit_code
            and standing.period_to - 1 >= districts.valid_from
            and (districts.valid_to is null or standing.period_to - 1 < districts.valid_to)
    left join {{ ref('int_communes_mapped') }} as mapped
        on
            coalesce(products.commune_code, entities.commune_code) = mapped.commune_code
            and coalesce(products.commune_valid_from, entities.commune_valid_from) = mapped.valid_from
            and mapped.in_valid_from = (
                select max(generations.valid_from) from {{ ref('dim_unit') }} as generations
                where
                    generations.unit_kind = 'commune'
                    and generations.valid_from <= standing.period_to - 1
            )
),

answered as (
    select
        placed.*,
        told.file_name as left_file_name,
        other.file_name as right_file_name,
        greatest(told.received_at, other.received_at) as known_since,
        coalesce(
            case placed.asked
                when 'left_sender' then told.unit_code
                when 'right_sender' then other.unit_code
            end,
            placed.place_code,
            {{ parameter('programme_province', 'text') }}
        ) as unit_code
    from placed
    left join {{ ref('stg_ledger__submissions') }} as told on placed.left_submission_id = told.submission_id
    left join {{ ref('stg_ledger__submissions') }} as other on placed.right_submission_id = other.submission_id
)

select
    answered.rule_code,
    answered.unit_code,
    units.unit_name,
    answered.territory_code,
    answered.subject_kind,
    answered.subject_key,
    answered.subject_name,
    answered.period_from,
    answered.period_to,
    answered.importance,
    answered.measure_unit,
    answered.left_measure,
    answered.operator,
    answered.right_measure,
    answered.is_suppressed,
    answered.as_of_date,
    answered.stands_since_date,
    answered.known_since,
    answered.left_submission_id,
    answered.left_file_name,
    answered.left_source_sheet,
    answered.left_source_row,
    answered.left_row_count,
    answered.right_submission_id,
    answered.right_file_name,
    answered.right_source_sheet,
    answered.right_source_row,
    answered.right_row_count,
    answered.sort_order,
    answered.rule_name_vi,
    answered.rule_name_en,
    answered.left_name_vi,
    answered.left_name_en,
    answered.right_name_vi,
    answered.right_name_en,
    answered.to_do_vi,
    answered.to_do_en,
    case when not answered.is_suppressed then answered.left_value end as left_value,
    case when not answered.is_suppressed then answered.right_value end as right_value,
    case when not answered.is_suppressed then answered.difference end as difference,
    case when not answered.is_suppressed then answered.relative_difference end as relative_difference,
    case when not answered.is_suppressed then answered.allowed_difference end as allowed_difference,
    answered.as_of_date - answered.stands_since_date as age_days
from answered
left join {{ ref('dim_unit') }} as units
    on
        answered.unit_code = units.unit_code
        and answered.period_to - 1 >= units.valid_from
        and (units.valid_to is null or answered.period_to - 1 < units.valid_to)
