{{ scorecard_rows(ref('int_kpis_united')) }}
