{{ config(
    materialized='ledger_table',
    in_parts={
        'columns': ['rule_code', 'left_measure', 'right_measure'],
        'listed_in': 'seeds.reconciliation_rules'
    }
) }}

-- Not in marts as it stands: some of it are one entity's people.
with compared as (
    select
        rules.rule_code,
        rules.left_measure,
        rules.right_measure,
        rules.operator,
        told.subject_key,
        told.period_from,
        told.period_to,
        told.told_value as left_value,
        told.row_count as left_row_count,
        told.submission_id as left_submission_id,
        told.source_sheet as left_source_sheet,
        told.source_row as left_source_row,
        other.told_value as right_value,
        other.row_count as right_row_count,
        other.submission_id as right_submission_id,
        other.source_sheet as right_source_sheet,
        other.source_row as right_source_row,
        other.period_from as right_period_from,
        other.period_to as right_period_to,
        other.subject_key is not null as is_right_told,
        told.told_value - coalesce(other.told_value, 0) as difference,
        greatest(abs(told.told_value), abs(coalesce(other.told_value, 0))) as larger_value,
        trim_scale(
            greatest(
                rules.absolute_tolerance,
                rules.relative_tolerance * greatest(abs(told.told_value), abs(coalesce(other.told_value, 0)))
            )
        ) as allowed_difference
    from {{ ref('reconciliation_rules') }} as rules
    inner join {{ ref('int_measures_united') }} as told on rules.left_measure = told.measure
    left join {{ ref('int_measures_united') }} as other
        on
            rules.right_measure = other.measure
            and told.subject_key = other.subject_key
            and (told.period_from - make_interval(months => rules.right_months_before))::date = other.period_from
            and (told.period_to - make_interval(months => rules.right_months_before))::date = other.period_to
            -- From nothing the year before nothing jumps: it began.
            and (rules.right_months_before = 0 or other.told_value > 0)
)

select
    rule_code,
    left_measure,
    right_measure,
    subject_key,
    period_from,
    period_to,
    left_value,
    left_row_count,
    left_submission_id,
    left_source_sheet,
    left_source_row,
    right_value,
    right_row_count,
    right_submission_id,
    right_source_sheet,
    right_source_row,
    difference,
    allowed_difference,
    trim_scale(abs(difference) / nullif(larger_value, 0)) as relative_difference,
    greatest(period_to, right_period_to) - 1 as stands_since_date
from compared
where
    case operator
        when 'equals' then is_right_told and abs(difference) > allowed_difference
        when 'at_most' then is_right_told and difference > allowed_difference
        when 'needs' then not is_right_told and difference > allowed_difference
    end
