"""What the planner knows of the tables that files are written to.

Belongs here: looking at a table again once it has grown. Stays out: what dbt makes: it looks itself.
"""

from sqlalchemy import text

from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.server import Warehouse

_OUTGROWN = """
select format('%I.%I', n.nspname, c.relname)
from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid
where
    n.nspname in ('ingest', 'raw') and c.relkind = 'r'
    and pg_relation_size(c.oid) > c.relpages * 1.1 * current_setting('block_size')::bigint
"""


def look_again(warehouse: Warehouse) -> None:
    """Analyse the tables of ledger and rows that have grown by a tenth since they were looked at.

    The server does so by itself, but up to a minute later: a night that built at once on ten million new lines, of
    which the planner had seen none, was not done after eight minutes.
    """
    with one_line_errors(), warehouse.engine(None).begin() as connection:
        for table in connection.scalars(text(_OUTGROWN)).all():
            connection.exec_driver_sql(f"analyze {table}")
