{#- Is a month one of the twelve before or the twelve after the month of certification, which is in neither. -#}
{% macro is_around(month_date, certified_month_date) -%}
    {{ month_date }} >= {{ certified_month_date }} - interval '12 months'
    and {{ month_date }} <= {{ certified_month_date }} + interval '12 months'
    and {{ month_date }} != {{ certified_month_date }}
{%- endmacro %}


{#-
A month's part in its product's growth; null where what was before is not above 0. The growth is the sum of these
rounded parts, so the rows of the evidence add up to it to the last digit.
-#}
{% macro growth_part(amount, before, is_after) -%}
    case when {{ before }} > 0 then
        -- An amount of 24 decimals makes the division give as many.
        trim_scale(
            round(round(case when {{ is_after }} then {{ amount }} else -{{ amount }} end, 24) / {{ before }}, 24)
        )
    end
{%- endmacro %}
