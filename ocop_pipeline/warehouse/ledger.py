"""The ledger: every file that arrived, what became of it, and since when its rows count.

Belongs here: writing one file's outcome in one transaction, and reading the ledger back. Stays out: reading
files and judging rows (`sources`, `quality`), where files go afterwards (`ingest`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, NestedTransaction, RowMapping, text

from ocop_pipeline.warehouse.copying import Copying
from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.numbering import Attempt, next_submission, publishing
from ocop_pipeline.warehouse.receipts import (
    Blame,
    Outcome,
    Published,
    QuarantinedRow,
    Receipt,
    RepairedCell,
    Submission,
)
from ocop_pipeline.warehouse.server import Role, Warehouse
from ocop_pipeline.warehouse.versions import Loads, newest_of


@dataclass(frozen=True)
class KnownFile:
    """An accepted file that the ledger has; `counted_until` is None while all of it counts."""

    submission_id: int
    counted_until: datetime | None

    def is_repeated_by(self, modified_at: datetime | None) -> bool:
        """Whether the same bytes, last written to at that time, say nothing new.

        They do when the file no longer counts and they were put there after that: its sender wants it back. An
        older copy, left in another folder, must not undo a correction.
        """
        return self.counted_until is None or modified_at is None or modified_at <= self.counted_until


def publish(
    warehouse: Warehouse,
    first: Receipt,
    following: Iterable[Receipt] = (),
    *,
    attempt: Attempt | None = None,
    lying_since: datetime | None = None,
) -> Published:
    """Write one file's receipt: all of it or, with a WarehouseError, nothing.

    A file that is read in pieces has a receipt for each, whose submission says what is known so far; the last one's is
    the file's. Whatever is raised while the following ones are made undoes the file as well.

    A file that has lain at its place `lying_since`, before the ledger was told of it, was left there by a run that was
    killed: where the ledger would only be told the same again, the answer is what it was told then.

    Publishing happens one file at a time, so numbers and `known_from` grow in the order of the commits. A night's
    `attempt` must be the last at its source.
    """
    with publishing(warehouse, attempt) as connection:
        submission_id = next_submission(connection)
        rows = connection.begin_nested()
        with Copying(connection) as copying:
            loads = Loads(copying, submission_id)
            last = first
            for last in chain([first], following):
                _write_details(copying.connection, submission_id, last)
                loads.add(last.loads, last.submission.replay_of)
            copying.wait()
        submission, counted_until = _unless_duplicate(connection, last.submission)
        told = _told_before(connection, submission, lying_since) if lying_since else None
        if told is not None:
            rows.rollback()
            return Published(told, submission, counted_until=counted_until)
        replaced = _finish(connection, submission_id, submission, loads, rows)
        newer = newest_of(connection, replaced, submission.modified_at)
    return Published(submission_id, submission, replaced, newer, counted_until)


def _finish(
    connection: Connection, submission_id: int, submission: Submission, loads: Loads, rows: NestedTransaction
) -> tuple[int, ...]:
    """Write the file itself; of a duplicate nothing else stays."""
    facts = {"submission_id": submission_id, **asdict(submission)}
    if submission.outcome is Outcome.DUPLICATE:
        rows.rollback()
        _insert(connection, "submission", facts)
        return ()
    _insert(connection, "submission", facts)
    replaced = loads.finish(submission.source)
    rows.commit()
    return replaced


def _write_details(connection: Connection, submission_id: int, receipt: Receipt) -> None:
    _write_quarantine(connection, submission_id, receipt.quarantine)
    _write_repairs(connection, submission_id, receipt.repairs)
    if receipt.corrections:
        used = [{"submission_id": submission_id, **asdict(correction)} for correction in receipt.corrections]
        _insert(connection, "correction", used)


FileKey = tuple[str, date, date, str]
"""By what a source's file is known: unit code, period [from, to), sha256. The same bytes can be two shops' files, or
the same figures of two months."""


@dataclass(frozen=True)
class KnownFiles:
    """The last accepted submission of each file of a source.

    By what it says, wherever in the inbox it lay; and by where it lay, `inbox_path` and sha256: the same bytes at the
    same place say the same, and need not be read again.
    """

    by_content: Mapping[FileKey, KnownFile]
    by_place: Mapping[tuple[str, str], KnownFile]


def accepted_files(warehouse: Warehouse, source: str) -> KnownFiles:
    """The accepted files of a source. A rejected file is not among them: it may be sent again."""
    with one_line_errors(), warehouse.engine(Role.LOADER).connect() as connection:
        found = connection.execute(
            text(
                "select s.unit_code, s.period_from, s.period_to, s.sha256, s.inbox_path, s.submission_id, "
                "st.counted_until "
                "from ingest.submission as s inner join ingest.submission_state as st using (submission_id) "
                "where s.source = :source and s.outcome in ('accepted', 'accepted_with_rejections') "
                "order by s.submission_id"
            ),
            {"source": source},
        ).all()
    known = [(row, KnownFile(row.submission_id, row.counted_until)) for row in found]
    return KnownFiles(
        {(row.unit_code, row.period_from, row.period_to, row.sha256): file for row, file in known},
        {(row.inbox_path, row.sha256): file for row, file in known},
    )


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
                "select form, source_sheet, source_row, rules, reasons_vi, reasons_en, cells, blamed "
                "from ingest.quarantine where submission_id = :number order by form, source_sheet, source_row"
            ),
            {"number": submission_id},
        )
        return [
            QuarantinedRow(
                **{**row, "rules": tuple(row["rules"]), "blamed": tuple(Blame(**blame) for blame in row["blamed"])}
            )
            for row in found.mappings()
        ]


def _unless_duplicate(connection: Connection, submission: Submission) -> tuple[Submission, datetime | None]:
    """The submission, or that of a duplicate and since when the earlier file does not count as a whole.

    Two processes may have read the same file at once. A replay repeats no file but the one that it reads again.
    """
    if submission.outcome is Outcome.REJECTED:
        return submission, None
    earlier = connection.execute(
        text(
            "select max(submission_id) from ingest.submission where source = :source and sha256 = :sha256 "
            "and unit_code is not distinct from :unit_code "
            "and period_from is not distinct from cast(:period_from as date) "
            "and period_to is not distinct from cast(:period_to as date) "
            "and outcome in ('accepted', 'accepted_with_rejections') "
            "and submission_id is distinct from cast(:replay_of as bigint) "
            "and (replay_of is null or replay_of is distinct from cast(:replay_of as bigint))"
        ),
        asdict(submission),
    ).scalar()
    number = submission.duplicate_of or earlier
    if number is None:
        return submission, None
    counted_until = connection.execute(
        text("select counted_until from ingest.submission_state where submission_id = :number"), {"number": number}
    ).scalar()
    if submission.outcome is not Outcome.DUPLICATE:
        if not KnownFile(number, counted_until).is_repeated_by(submission.modified_at):
            return submission, None
        submission = replace(submission, outcome=Outcome.DUPLICATE, duplicate_of=number)
    return replace(submission, rows_read=0, rows_accepted=0, rows_rejected=0), counted_until


def _told_before(connection: Connection, submission: Submission, lying_since: datetime) -> int | None:
    """The number under which the ledger was told of this very file, if that is all there is to say of it."""
    outcomes = {
        Outcome.REJECTED: [Outcome.REJECTED],
        Outcome.DUPLICATE: [Outcome.ACCEPTED, Outcome.ACCEPTED_WITH_REJECTIONS, Outcome.DUPLICATE],
    }
    found: int | None = connection.execute(
        text(
            "select max(submission_id) from ingest.submission where source = :source and inbox_path = :inbox_path "
            "and sha256 = :sha256 and outcome = any(:outcomes) and received_at >= :lying_since"
        ),
        {**asdict(submission), "outcomes": outcomes.get(submission.outcome, []), "lying_since": lying_since},
    ).scalar()
    return found


def _write_quarantine(connection: Connection, submission_id: int, rows: tuple[QuarantinedRow, ...]) -> None:
    if rows:
        written = [
            {
                **{field.name: getattr(row, field.name) for field in fields(row)},
                "submission_id": submission_id,
                "rules": list(row.rules),
                "cells": json.dumps(dict(row.cells), ensure_ascii=False, default=str),
                "blamed": json.dumps([asdict(blame) for blame in row.blamed], ensure_ascii=False),
            }
            for row in rows
        ]
        _insert(connection, "quarantine", written)


def _write_repairs(connection: Connection, submission_id: int, repairs: tuple[RepairedCell, ...]) -> None:
    names = [field.name for field in fields(RepairedCell)]
    if repairs:
        # A column of a whole file may be mended: arrays take a tenth of the time of row by row.
        columns = {name: [getattr(repair, name) for repair in repairs] for name in names}
        unnested = ", ".join(f"cast(:{name} as {'integer' if name == 'source_row' else 'text'}[])" for name in names)
        connection.execute(
            text(
                f"insert into ingest.repair (submission_id, {', '.join(names)}) "  # noqa: S608 - our own names
                f"select :submission_id, t.* from unnest({unnested}) as t"
            ),
            {"submission_id": submission_id, **columns},
        )


def _insert(connection: Connection, table: str, rows: dict[str, Any] | list[dict[str, Any]]) -> None:
    names = list(rows[0] if isinstance(rows, list) else rows)
    places = ", ".join(f":{name}" for name in names)
    connection.execute(text(f"insert into ingest.{table} ({', '.join(names)}) values ({places})"), rows)  # noqa: S608


def _submission(row: RowMapping) -> Submission:
    facts = {field.name: row[field.name] for field in fields(Submission)}
    return Submission(**{**facts, "outcome": Outcome(row["outcome"])})
