{{ kpi_rows(
    ref('int_online_sales_windowed'),
    breakdowns={'marketplace': 'marketplace'},
    ratios=['share_of_product_value'],
    row_count='line_count'
) }}
