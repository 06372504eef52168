{{ kpi_rows(ref('int_evidence_linked_products_share'), ratios=['']) }}
