{{ config(post_hook="{{ as_of_function() }}") }}

{{ scorecard_rows(ref('int_kpis_united')) }}
