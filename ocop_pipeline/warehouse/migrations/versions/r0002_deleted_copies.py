"""Which files' copies were deleted from the archive, and that what a refused row said may be emptied."""

from alembic import op

revision = "r0002_deleted_copies"
down_revision = "r0001_tables"

_TABLES = """\
create table ingest.deleted_copy (
    submission_id bigint primary key references ingest.submission,
    deleted_at timestamptz not null
);
comment on table ingest.deleted_copy is
    'One row is a file whose copy in the archive was deleted: it had not counted for the days that were set.';
comment on column ingest.quarantine.cells is
    'What the row said, by heading; empty once the days that were set for it have passed.';
"""


def upgrade() -> None:
    """Make the table, and say of the column what may become of it."""
    op.get_bind().exec_driver_sql(_TABLES)
