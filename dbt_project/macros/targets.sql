{#- A forecast of what can only be counted or summed stops at 0; growth and funding (refunds) can be negative. -#}
{% macro not_below_zero(value) -%}
    case when {{ value }} < 0 and kpi_code not in ('value_growth', 'support_funding') then 0 else {{ value }} end
{%- endmacro %}


{#- Does a value meet its target; null without one. -#}
{% macro meets(value) -%}
    case
        when targets.comparison = 'strictly_more' then {{ value }} > targets.target_value
        else {{ value }} >= targets.target_value
    end
{%- endmacro %}


{#- The least whole number that meets a target of things counted one by one. -#}
{% macro least_to_meet(target) -%}
    case when targets.comparison = 'strictly_more' then floor({{ target }}) + 1 else ceil({{ target }}) end
{%- endmacro %}


{#- A forecast of things out of all stops at all of them: a share at 1, districts served at their number. -#}
{% macro at_most_all(forecast) -%}
    -- least() passes over nulls: without a forecast it would give all there are, without a denominator the forecast.
    case
        when figures.value is not null and {{ forecast }} is not null
            then least(
                {{ forecast }},
                case due.counted_in when 'numerator' then 1 when 'value' then figures.denominator end
            )
    end
{%- endmacro %}
