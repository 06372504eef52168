-- The decision's rating wins; a score outside its band is worth a question to the district.
{{ config(severity='warn') }}

select
    event_key,
    stars,
    score
from {{ ref('fct_certificates') }}
where has_score_conflict
