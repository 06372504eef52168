{{ registry_aliases('sales_point') }}
