"""Arrow tables into raw tables by COPY: the fastest way measured, a third of the time of row inserts or less.

Belongs here: that one way. Stays out: what the rows mean and which load they are of (`ledger`).
"""

import io

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from sqlalchemy import Connection

_ROWS_AT_A_TIME = 100_000
_WITHOUT_HEADER = csv.WriteOptions(include_header=False)


def copy_rows(connection: Connection, form: str, rows: pa.Table, *, load_id: int, submission_id: int) -> None:
    """Append the rows to `raw.<form>` with the numbers of their load, inside the connection's transaction.

    Nulls arrive as null and empty texts as empty texts: Arrow quotes every text and no null.
    """
    columns = ["load_id", "submission_id", *rows.column_names]
    command = f"copy raw.{form} ({', '.join(columns)}) from stdin with (format csv)"
    cursor = connection.connection.cursor()
    for start in range(0, rows.num_rows, _ROWS_AT_A_TIME):
        part = _without_nan(rows.slice(start, _ROWS_AT_A_TIME))
        numbers = (pa.repeat(pa.scalar(number, pa.int64()), part.num_rows) for number in (load_id, submission_id))
        numbered = pa.table([*numbers, *part.columns], names=columns)
        buffer = io.BytesIO()
        csv.write_csv(numbered, buffer, _WITHOUT_HEADER)
        buffer.seek(0)
        cursor.copy_expert(command, buffer)


def _without_nan(rows: pa.Table) -> pa.Table:
    """NaN becomes null: PostgreSQL would keep it as a number that spoils every sum."""
    for index, field in enumerate(rows.schema):
        if pa.types.is_floating(field.type):
            column = rows.column(index)
            cleaned = pc.if_else(pc.is_nan(column), pa.scalar(None, field.type), column)
            rows = rows.set_column(index, field, cleaned)
    return rows
