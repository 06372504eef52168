"""What was last deployed to this warehouse: one remembered word per thing.

Belongs here: reading and writing `ingest.deployment`. Stays out: what is deployed, and how.
"""

from sqlalchemy import text

from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.server import Role, Warehouse

PROJECT, BUILD = "dbt_project", "dbt_build"
"""Under these keys stand the project that the relations were made from (its fingerprint), and what the figures were
last built from: fingerprint, ledger position and month, with blanks between."""


def deployed(warehouse: Warehouse, key: str) -> str | None:
    """The word remembered for `key`, or None."""
    with one_line_errors(), warehouse.engine(Role.LOADER).connect() as connection:
        found = connection.execute(text("select value from ingest.deployment where key = :key"), {"key": key})
        value: str | None = found.scalar()
        return value


def remember_deployed(warehouse: Warehouse, key: str, value: str) -> None:
    """Remember `value` for `key`."""
    with one_line_errors(), warehouse.engine(Role.LOADER).begin() as connection:
        connection.execute(
            text(
                "insert into ingest.deployment (key, value) values (:key, :value) "
                "on conflict (key) do update set value = excluded.value"
            ),
            {"key": key, "value": value},
        )
