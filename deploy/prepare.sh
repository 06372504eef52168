#!/bin/sh
# Makes what compose.yaml needs beside itself, each once: home/, and secrets/ with passwords that nobody has seen.
# To be run as root, in the folder where compose.yaml lies or from anywhere.
set -eu
cd "$(dirname "$0")"

# Files of 600 could not be read in the containers, whose accounts are others; nobody gets through the folder.
umask 022
mkdir -p secrets
chmod 700 secrets

random() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }
secret() { [ -e "secrets/$1" ] || printf '%s' "$2" > "secrets/$1"; }

secret postgres_password "$(random)"
secret ocop_warehouse_url "postgresql://ocop:$(random)@postgres:5432/ocop"
secret ocop_dagster_url "postgresql+psycopg2://dagster:$(random)@postgres:5432/dagster?options=-crole%3Dnone%20-ctimezone%3DUTC"
secret ocop_reader_password "$(random)"
# Who is told of failures (OCOP_ALERTS), and who may look: a line per person, `name hash`. Both begin with nobody.
secret ocop_alerts ""
secret web_users '# A line per person: name, blank, what `docker compose run --rm proxy caddy hash-password` prints.
'

[ -d home ] || install -d -o 1000 -g 1000 home
