"""An office with an inbox and a warehouse, for tests of what becomes of files.

Belongs here: putting files in, taking them in, looking at what came of it. Stays out: what a test expects.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from ocop_pipeline.ingest import SourceOutcome, ingest_source
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.receipts import QuarantinedRow
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Role, Warehouse
from ocop_pipeline_tests.conftest import temporary_folder

FORMS = [form for source in ALL_SOURCES for form in source.forms]


class Office:
    """Puts files into the inbox, a minute apart, takes them in, and looks at what came of them."""

    def __init__(self, home: Path, warehouse: Warehouse) -> None:
        self.settings = Settings(home=home, warehouse_url=None)
        self.warehouse = warehouse
        self.lines: list[str] = []
        self._minutes = 0

    def put(self, path: str, content: bytes | str) -> Path:
        target = self.settings.inbox / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        self._minutes += 1
        os.utime(target, (1_700_000_000 + 60 * self._minutes,) * 2)
        return target

    def take_in(self, source_name: str = "district_submissions") -> SourceOutcome:
        source = next(source for source in ALL_SOURCES if source.name == source_name)
        return ingest_source(source, self.settings, self.warehouse, "run-1", self.lines.append)

    def select(self, sql: str, known_at: datetime | None = None) -> list[Any]:
        answer = fetch(self.warehouse, sql, role=Role.TRANSFORMER, known_at=known_at)
        return [row[0] if len(row) == 1 else row for row in answer.rows]

    def current(self, form: str, columns: str) -> list[Any]:
        """The rows that count, in the order of their places."""
        return self.select(
            f"select {columns} from raw.{form} join ingest.load_at using (load_id) "  # noqa: S608 - names of the test
            "order by load_id, source_row, source_sheet"
        )

    def quarantine(self) -> dict[tuple[str, int], list[QuarantinedRow]]:
        """The refused rows by file name and row."""
        found: dict[tuple[str, int], list[QuarantinedRow]] = {}
        for number, submission in ledger.submissions(self.warehouse).items():
            for row in ledger.quarantine_of(self.warehouse, number):
                found.setdefault((submission.file_name, row.source_row), []).append(row)
        return found

    def everything_stored(self) -> str:
        """Every row of the ledger and of raw, as text."""
        tables = self.select(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema in ('ingest', 'raw') and table_type = 'BASE TABLE' order by 1"
        )
        assert len(tables) > len(FORMS)
        rows = [self.select(f"select t::text from {table} t order by 1") for table in tables]  # noqa: S608
        return "\n".join(row for table in rows for row in table)

    def files_under(self, folder: Path) -> list[Path]:
        return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def open_office(warehouse: Warehouse) -> Iterator[Office]:
    initialise(warehouse, FORMS)
    ledger_tables = (f"ingest.{name}" for name in ("attempt", "submission", "load", "quarantine", "repair"))
    tables = ", ".join([*ledger_tables, *(f"raw.{form.name}" for form in FORMS)])
    with warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(f"truncate {tables} cascade")
    with temporary_folder() as home:
        yield Office(home, warehouse)
