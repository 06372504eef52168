"""The warehouse: where PostgreSQL comes from, its tables, the ledger, reading it.

Belongs here: everything that knows SQLAlchemy, psycopg2 or the embedded server; nothing else imports them.
Stays out: what a file means (sources), whether a row is good (quality), what a figure is (dbt).

Use `server.open_warehouse`, then `schema.initialise`, `ledger.publish`, `query.fetch`.
"""
