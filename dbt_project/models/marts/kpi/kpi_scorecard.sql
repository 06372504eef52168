{{ config(materialized='ledger_table', by_month_end=true) }}

{{ scorecard_rows(ref('kpi_values')) }}
