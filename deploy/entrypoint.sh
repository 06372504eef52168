#!/bin/sh
# Dagster's own programs find the URL of their history in the environment only.
set -eu
OCOP_DAGSTER_URL=$(cat "$OCOP_SECRETS/ocop_dagster_url")
export OCOP_DAGSTER_URL
exec "$@"
