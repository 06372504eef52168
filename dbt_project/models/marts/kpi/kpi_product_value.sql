{{ kpi_rows(
    ref('int_product_values_windowed'),
    breakdowns={'product_group': 'product_group'},
    ratios=['months_reported'],
    row_count='row_count'
) }}
