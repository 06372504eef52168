-- A mean outside the stated range still counts; it is worth a question to who reported it.
{{ config(severity='warn') }}

select
    load_id,
    source_sheet,
    source_row
from {{ ref('fct_labour_reports') }}
where
    mean_income_vnd < lowest_income_vnd
    or mean_income_vnd > highest_income_vnd
