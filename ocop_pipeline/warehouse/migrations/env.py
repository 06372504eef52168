"""What alembic runs in order to migrate: over the connection, and in the transaction, that it is handed."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="ingest")
with context.begin_transaction():
    context.run_migrations()
