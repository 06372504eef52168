"""The ledger: every file that arrived, what became of it, and since when its rows count.

Belongs here: writing one file's outcome in one transaction, and reading the ledger back. Stays out: reading
files and judging rows (`sources`, `quality`), where files go afterwards (`ingest`).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, RowMapping, text

from ocop_pipeline.warehouse.copying import copy_rows
from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.server import Role, Warehouse

_PUBLISH_LOCK = 4_553_002


class Outcome(StrEnum):
    """What became of a file as a whole."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_REJECTIONS = "accepted_with_rejections"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One file that arrived: the columns of `ingest.submission`.

    The period is [period_from, period_to). `inbox_path` is relative to the inbox, with slashes. `rule`,
    `place` and the reasons say why a file was rejected as a whole. `arrived_at` is when it was put into the inbox,
    `received_at` when it was taken in.
    """

    source: str
    file_name: str
    inbox_path: str
    sha256: str
    size_bytes: int
    received_at: datetime
    outcome: Outcome
    run_id: str
    arrived_at: datetime | None = None
    unit_code: str | None = None
    period_label: str | None = None
    period_from: date | None = None
    period_to: date | None = None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rule: str | None = None
    place: str | None = None
    reason_vi: str | None = None
    reason_en: str | None = None
    duplicate_of: int | None = None
    archive_path: str | None = None


@dataclass(frozen=True)
class LoadPart:
    """The good rows of one form, unit and period: the columns `source_sheet`, `source_row` and any of the form's.

    With `is_superseding` they take the place of the rows that the same form, unit and period had before;
    without, they stand beside them and the models choose (order lines).
    """

    form: str
    unit_code: str
    period_from: date | None
    period_to: date | None
    rows: pa.Table
    is_superseding: bool = True


@dataclass(frozen=True)
class QuarantinedRow:
    """One source row that was rejected: the rules it broke, the reasons, and its cells as sent."""

    form: str
    source_sheet: str
    source_row: int
    rules: tuple[str, ...]
    reasons_vi: str
    reasons_en: str
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Receipt:
    """All that one file leaves behind."""

    submission: Submission
    loads: tuple[LoadPart, ...] = ()
    quarantine: tuple[QuarantinedRow, ...] = ()


@dataclass(frozen=True)
class Published:
    """The number the file got, and the submission as written: a duplicate when another process was faster."""

    submission_id: int
    submission: Submission


def publish(warehouse: Warehouse, receipt: Receipt) -> Published:
    """Write one file's receipt: all of it or, with a WarehouseError, nothing.

    Publishing happens one file at a time, so numbers and `known_from` grow in the order of the commits.
    """
    with one_line_errors(), warehouse.engine(Role.LOADER).begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _PUBLISH_LOCK})
        receipt = _unless_duplicate(connection, receipt)
        submission_id = _next_number(connection, "submission")
        _insert(connection, "submission", {"submission_id": submission_id, **asdict(receipt.submission)})
        _write_loads(connection, submission_id, receipt)
        _write_quarantine(connection, submission_id, receipt.quarantine)
    return Published(submission_id, receipt.submission)


FileKey = tuple[str, date, date, str]
"""By what a source's file is known: unit code, period [from, to), sha256. The same bytes can be two shops' files, or
the same figures of two months."""


def accepted_files(warehouse: Warehouse, source: str) -> dict[FileKey, int]:
    """The first accepted submission of each file of a source, wherever in the inbox it lay.

    A rejected file is not among them: it may be sent again.
    """
    with one_line_errors(), warehouse.engine(Role.LOADER).connect() as connection:
        found = connection.execute(
            text(
                "select unit_code, period_from, period_to, sha256, submission_id from ingest.submission "
                "where source = :source and outcome in ('accepted', 'accepted_with_rejections') "
                "order by submission_id desc"
            ),
            {"source": source},
        )
        return {
            (row["unit_code"], row["period_from"], row["period_to"], row["sha256"]): row["submission_id"]
            for row in found.mappings()
        }


def last_received_at(warehouse: Warehouse, source: str) -> datetime | None:
    """When a file of the source was last taken in: what lies in its inbox now was not there then."""
    with one_line_errors(), warehouse.engine(Role.LOADER).connect() as connection:
        sql = text("select max(received_at) from ingest.submission where source = :source")
        found: datetime | None = connection.execute(sql, {"source": source}).scalar()
        return found


def submissions(
    warehouse: Warehouse, *, run_id: str | None = None, period: tuple[date, date] | None = None
) -> dict[int, Submission]:
    """The files that arrived, by number; of one run, or for a period that overlaps [from, to)."""
    period_from, period_to = period or (None, None)
    with one_line_errors(), warehouse.engine(Role.LOADER).connect() as connection:
        found = connection.execute(
            text(
                "select * from ingest.submission where coalesce(run_id = :run_id, true) "
                "and (cast(:period_from as date) is null or (period_from < :period_to and period_to > :period_from)) "
                "order by submission_id"
            ),
            {"run_id": run_id, "period_from": period_from, "period_to": period_to},
        )
        return {row["submission_id"]: _submission(row) for row in found.mappings()}


def quarantine_of(warehouse: Warehouse, submission_id: int) -> list[QuarantinedRow]:
    """The rejected rows of one file, in the order of the file."""
    with one_line_errors(), warehouse.engine(Role.LOADER).connect() as connection:
        found = connection.execute(
            text(
                "select form, source_sheet, source_row, rules, reasons_vi, reasons_en, cells from ingest.quarantine "
                "where submission_id = :number order by form, source_sheet, source_row"
            ),
            {"number": submission_id},
        )
        return [QuarantinedRow(**{**row, "rules": tuple(row["rules"])}) for row in found.mappings()]


def _unless_duplicate(connection: Connection, receipt: Receipt) -> Receipt:
    """The receipt, or that of a duplicate: two processes may have read the same file at once."""
    submission = receipt.submission
    if submission.outcome not in {Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REJECTIONS}:
        return receipt
    earlier = connection.execute(
        text(
            "select min(submission_id) from ingest.submission where source = :source and sha256 = :sha256 "
            "and unit_code is not distinct from :unit_code "
            "and period_from is not distinct from cast(:period_from as date) "
            "and period_to is not distinct from cast(:period_to as date) "
            "and outcome in ('accepted', 'accepted_with_rejections')"
        ),
        asdict(submission),
    ).scalar()
    if earlier is None:
        return receipt
    duplicate = replace(submission, outcome=Outcome.DUPLICATE, duplicate_of=earlier)
    return Receipt(replace(duplicate, rows_read=0, rows_accepted=0, rows_rejected=0))


def _write_loads(connection: Connection, submission_id: int, receipt: Receipt) -> None:
    known_from: datetime = connection.exec_driver_sql(
        # Later than all before it, even when the clock was set back.
        "select greatest(clock_timestamp(), max(known_from) + interval '1 microsecond') from ingest.load"
    ).scalar_one()
    for part in receipt.loads:
        load_id = _next_number(connection, "load")
        load = {
            "load_id": load_id,
            "submission_id": submission_id,
            "source": receipt.submission.source,
            "form": part.form,
            "unit_code": part.unit_code,
            "period_from": part.period_from,
            "period_to": part.period_to,
            "known_from": known_from,
            "row_count": part.rows.num_rows,
            "is_superseding": part.is_superseding,
        }
        if part.is_superseding:
            connection.execute(_CLOSE, load)
        _insert(connection, "load", load)
        copy_rows(connection, part.form, part.rows, load_id=load_id, submission_id=submission_id)


_CLOSE = text(
    "update ingest.load set known_to = :known_from, closed_by = :load_id "
    "where known_to is null and is_superseding and form = :form and unit_code = :unit_code "
    "and period_from is not distinct from cast(:period_from as date) "
    "and period_to is not distinct from cast(:period_to as date)"
)


def _write_quarantine(connection: Connection, submission_id: int, rows: tuple[QuarantinedRow, ...]) -> None:
    if rows:
        written = [
            {
                **{field.name: getattr(row, field.name) for field in fields(row)},
                "submission_id": submission_id,
                "rules": list(row.rules),
                "cells": json.dumps(dict(row.cells), ensure_ascii=False, default=str),
            }
            for row in rows
        ]
        _insert(connection, "quarantine", written)


def _next_number(connection: Connection, table: str) -> int:
    """Under the publish lock; a sequence's numbers would not be in the order of the commits."""
    found = connection.exec_driver_sql(f"select coalesce(max({table}_id), 0) + 1 from ingest.{table}")  # noqa: S608
    return int(found.scalar_one())


def _insert(connection: Connection, table: str, rows: dict[str, Any] | list[dict[str, Any]]) -> None:
    names = list(rows[0] if isinstance(rows, list) else rows)
    places = ", ".join(f":{name}" for name in names)
    connection.execute(text(f"insert into ingest.{table} ({', '.join(names)}) values ({places})"), rows)  # noqa: S608


def _submission(row: RowMapping) -> Submission:
    facts = {field.name: row[field.name] for field in fields(Submission)}
    return Submission(**{**facts, "outcome": Outcome(row["outcome"])})
