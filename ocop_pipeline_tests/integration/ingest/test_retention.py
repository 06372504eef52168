"""What the night deletes after the days that were set, and what rests on a file for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from ocop_pipeline.sources.district_forms import PRODUCT_VALUES, SALES_POINTS
from ocop_pipeline.warehouse.dumping import dump
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.withdrawals import withdraw
from ocop_pipeline_tests.files import csv_text, header, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import Office

FILE = "district_submissions/231/product_values_2023-06.csv"
LIMIT = 30
UNGUARDED = "set local session_replication_role = replica;"
"""Lets a superuser do what the ledger refuses even to its owner."""


def values(revenue: object) -> str:
    return csv_text(rows_of(PRODUCT_VALUES, {"product_code": "SP1", "revenue_vnd": revenue}))


def owner_does(office: Office, sql: str, **parameters: object) -> None:
    with office.warehouse.engine(None).begin() as connection:
        connection.execute(text(sql), parameters)


def age(office: Office, days: int) -> None:
    """Let everything in the ledger have happened as many days earlier."""
    ago = timedelta(days=days)
    owner_does(office, "update ingest.submission set received_at = received_at - :ago", ago=ago)
    owner_does(office, "update ingest.load set known_from = known_from - :ago, known_to = known_to - :ago", ago=ago)
    owner_does(office, "update ingest.withdrawal set withdrawn_at = withdrawn_at - :ago", ago=ago)
    owner_does(office, f"{UNGUARDED} update ingest.publication set known_at = known_at - :ago", ago=ago)  # noqa: S608


def spend_night(office: Office, **days: int) -> list[str]:
    office.settings = office.settings.model_copy(update=days)
    office.lines.clear()
    office.take_in()
    return office.lines


def copies(office: Office) -> list[str]:
    """The files in the archive; what the ledger names is what is there."""
    names = [
        path.relative_to(office.settings.archive).as_posix() for path in office.files_under(office.settings.archive)
    ]
    office.settings.root.chmod(0o777)
    assert list(dump(office.warehouse, office.settings.root / "dump").archived) == names
    return names


def path_of(office: Office, number: int) -> str:
    return str(submissions(office.warehouse)[number].archive_path)


@pytest.fixture
def corrected(office: Office) -> Office:
    """Submission 1 was corrected by submission 2."""
    office.put(FILE, values(1_000))
    office.put(FILE.replace(".csv", "_sua.csv"), values(2_000))
    office.take_in()
    return office


def test_a_copy_of_a_file_that_no_longer_counts_is_deleted_after_its_time_and_not_before(corrected: Office) -> None:
    gone, current = path_of(corrected, 1), path_of(corrected, 2)
    age(corrected, LIMIT - 1)
    assert spend_night(corrected, archive_days=LIMIT) == []
    assert copies(corrected) == sorted([gone, current])
    age(corrected, 2)
    assert spend_night(corrected, archive_days=LIMIT) == [
        f"archive/{gone}: deleted, it has not counted for more than {LIMIT} days"
    ]
    assert copies(corrected) == [current]
    assert spend_night(corrected, archive_days=LIMIT) == []
    assert corrected.select("select revenue_vnd::int from raw.product_values order by 1") == [1_000, 2_000]


def test_nothing_is_deleted_unless_it_was_asked_for(corrected: Office) -> None:
    age(corrected, 10_000)
    assert spend_night(corrected) == []
    assert len(copies(corrected)) == 2


@contextmanager
def published(office: Office) -> Iterator[None]:
    """A publication that rests on what is known now."""
    owner_does(
        office,
        "insert into ingest.publication (as_of_date, known_at, ledger_position, project_fingerprint) "
        "select current_date, max(known_from), max(load_id), 'x' from ingest.load",
    )
    try:
        yield
    finally:
        owner_does(office, f"{UNGUARDED} delete from ingest.publication")  # noqa: S608


def test_the_copy_behind_a_published_figure_is_never_deleted(office: Office) -> None:
    office.put(FILE, values(1_000))
    office.take_in()
    with published(office):
        for revenue in (2_000, 3_000):
            office.put(FILE.replace(".csv", f"_{revenue}.csv"), values(revenue))
            office.take_in()
        age(office, 10_000)
        spend_night(office, archive_days=LIMIT)
        assert copies(office) == sorted([path_of(office, 1), path_of(office, 3)])


def test_a_withdrawn_file_loses_its_copy_and_the_one_that_counts_again_keeps_it(corrected: Office) -> None:
    withdraw(corrected.warehouse, 2, "sai huyện")
    age(corrected, LIMIT + 1)
    spend_night(corrected, archive_days=LIMIT)
    assert copies(corrected) == [path_of(corrected, 1)]


def test_a_copy_that_a_later_submission_of_the_same_bytes_rests_on_stays(corrected: Office) -> None:
    age(corrected, LIMIT + 1)
    corrected.put(FILE, values(1_000)).touch()
    corrected.take_in()
    assert path_of(corrected, 3) == path_of(corrected, 1)
    spend_night(corrected, archive_days=LIMIT)
    assert path_of(corrected, 1) in copies(corrected)


def test_a_copy_of_a_file_whose_rows_nobody_has_sent_again_stays_for_its_answer(office: Office) -> None:
    bad = {"sales_point_code": "D1", "sales_point_name": "Cửa hàng", "opened_date": "khi nào"}
    good = {"product_code": "SP1", "revenue_vnd": 1_000}
    office.put(
        "district_submissions/231/a.xlsx", xlsx(header() | sheet(PRODUCT_VALUES, good) | sheet(SALES_POINTS, bad))
    )
    office.put(FILE, values(2_000))
    office.take_in()
    assert office.select("select state from ingest.submission_state where submission_id = 1") == ["superseded"]
    age(office, LIMIT + 1)
    spend_night(office, archive_days=LIMIT)
    assert path_of(office, 1) in copies(office)


def test_a_copy_that_cannot_be_deleted_is_told_and_stays_in_the_ledger(corrected: Office) -> None:
    path = corrected.settings.archive / path_of(corrected, 1)
    kept = path.read_bytes()
    path.unlink()
    path.mkdir()
    age(corrected, LIMIT + 1)
    (line,) = spend_night(corrected, archive_days=LIMIT)
    assert line.startswith(f"archive/{path_of(corrected, 1)}: cannot be deleted (")
    path.rmdir()
    path.write_bytes(kept)
    assert len(copies(corrected)) == 2


def cells(office: Office) -> dict[str, list[object]]:
    """What the refused rows say, by file."""
    return {name: list(row.cells.values()) for (name, _), rows in office.quarantine().items() for row in rows}


def test_a_refused_row_that_came_again_is_emptied_after_its_time_and_an_open_one_is_not(office: Office) -> None:
    again, never = "product_values_2023-06.csv", "product_values_2023-07.csv"
    for name in (again, never):
        office.put(f"district_submissions/231/{name}", values("nhiều"))
    office.take_in()
    office.put(f"district_submissions/231/{again}", values(1_000))
    office.take_in()
    before = cells(office)
    assert "nhiều" in before[again]
    reasons = office.select("select reasons_vi from ingest.quarantine order by submission_id")
    age(office, LIMIT - 1)
    assert spend_night(office, quarantine_days=LIMIT) == []
    assert cells(office) == before
    age(office, 2)
    assert spend_night(office, quarantine_days=LIMIT) == [
        f"1 refused rows emptied, they came more than {LIMIT} days ago"
    ]
    assert cells(office) == before | {again: []}
    assert office.select("select reasons_vi from ingest.quarantine order by submission_id") == reasons
    assert spend_night(office, quarantine_days=LIMIT) == []
