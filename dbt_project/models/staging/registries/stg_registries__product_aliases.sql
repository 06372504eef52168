{{ registry_aliases('product') }}
