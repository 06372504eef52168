{{ registry_aliases('entity') }}
