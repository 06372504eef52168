"""Which run may take in the files of a source."""

from alembic import op

revision = "r0003_attempts"
down_revision = "r0002_deleted_copies"

_TABLE = """\
create table ingest.attempt (
    source text primary key,
    number bigint not null,
    run_id text not null,
    started_at timestamptz not null,
    emptied_at timestamptz
);
comment on table ingest.attempt is
    'One row is the run that may take in the files of a source: the last that began to. Earlier ones are refused.';
comment on column ingest.attempt.emptied_at is
    'When the last run began that took in all that lay in the inbox: what was not there then came later.';
"""


def upgrade() -> None:
    """Before the first attempt there is none."""
    op.get_bind().exec_driver_sql(_TABLE)
