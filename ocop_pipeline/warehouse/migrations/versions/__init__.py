"""The revisions, one module each; `migrations` says how to add one."""
