"""The tables of `ingest`, revision by revision.

Belongs here: which revision a warehouse is at, bringing it to the newest, and refusing one that is beyond that. Stays
out: what can be made anew at any time (`schema`): views, triggers, rights, and raw tables, which follow the forms.

A revision is a module of `versions`, r0002_<what>: its name, that of the one before it, and an `upgrade`. Once released
it never changes, so its SQL stands in it and it imports nothing of ours. It drops the views that read what it takes
away; they are made again after it. There is no way back but a backup.
"""

from pkgutil import iter_modules

from sqlalchemy import Connection, text

from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.migrations import versions

_HERE = "ocop_pipeline.warehouse:migrations"
_IS_RECORDED = """
select exists (
    select from information_schema.tables where table_schema = 'ingest' and table_name = 'alembic_version'
)
"""
"""The information schema shows whoever may not read the table that there is none; to_regclass would fail."""


class NewerVersionError(WarehouseError):
    """A newer version of ours has made it, so nothing of it may be touched; one line that says what to do."""


def revisions() -> list[str]:
    """The revisions that this version knows, the oldest first."""
    return sorted(module.name for module in iter_modules(versions.__path__))


def recorded_revision(connection: Connection) -> str | None:
    """The revision that the warehouse is at; None before the first, and for a user who may not know."""
    if not connection.execute(text(_IS_RECORDED)).scalar_one():
        return None
    found: str | None = connection.execute(text("select version_num from ingest.alembic_version")).scalar()
    return found


def require_known(revision: str | None, whose: str = "the warehouse") -> None:
    """A NewerVersionError that names the revision when this version does not know it."""
    if revision is not None and revision not in revisions():
        message = (
            f"{whose} was made by a newer version of ocop (its revision {revision} is unknown here); "
            "install that version, or go back to an older backup"
        )
        raise NewerVersionError(message)


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest revision, inside the connection's transaction; the schema `ingest` is there.

    A NewerVersionError says that they are beyond it.
    """
    require_known(recorded_revision(connection))
    # It takes half a second to import, and nearly always there is nothing to do.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _HERE)
    command.upgrade(config, "head")
