#!/bin/sh
# Runs once, when the database is made: the pipeline's login and database, and those of Dagster's history. Neither login
# may more than its own database, and each password is the one that stands in its URL.
set -eu

password_in() { sed -E 's|^[^:]+://[^:]+:([^@]+)@.*|\1|' "/run/secrets/$1"; }

ocop=$(password_in ocop_warehouse_url)
dagster=$(password_in ocop_dagster_url)
export ocop dagster

psql --username=postgres --set=ON_ERROR_STOP=1 <<'SQL'
\getenv ocop ocop
\getenv dagster dagster
create role ocop login createrole password :'ocop';
create role dagster login password :'dagster';
create database ocop owner ocop;
create database dagster owner dagster;
revoke connect, temporary on database dagster from public;
SQL
