{%- set first_day -%}
    (
        select greatest(min(participations.event_date), {{ parameter('new_entity_baseline_date', 'date') }})
        from {{ ref('fct_participations') }} as participations
        -- greatest() passes over nulls: without any event nothing was measured.
        having count(*) > 0
    )
{%- endset -%}

{{ kpi_rows(
    ref('int_evidence_new_entities'),
    breakdowns={'entity_type': 'entity_type'},
    zeros=['', 'first_certified'],
    since=first_day
) }}
