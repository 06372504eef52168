"""What one file leaves behind: all of it or nothing, once, and with every earlier version readable."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import pyarrow as pa
import pytest

from ocop_pipeline.warehouse.errors import WarehouseError, WarehouseGoneError
from ocop_pipeline.warehouse.ledger import KnownFile, KnownFiles, accepted_files, publish, quarantine_of, submissions
from ocop_pipeline.warehouse.numbering import begin_attempt, end_attempt
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.receipts import LoadPart, Outcome, Published, QuarantinedRow, Receipt, Submission
from ocop_pipeline.warehouse.server import Role, Warehouse

JUNE = (date(2023, 6, 1), date(2023, 7, 1))


def a_submission(sha256: str = "a", **facts: object) -> Submission:
    usual: dict[str, Any] = {
        "source": "toy",
        "file_name": "thang-6.xlsx",
        "inbox_path": "toy/231/thang-6.xlsx",
        "sha256": sha256,
        "size_bytes": 7,
        "received_at": datetime(2023, 7, 3, 8, 30, tzinfo=UTC),
        "outcome": Outcome.ACCEPTED,
        "run_id": "run-1",
        "unit_code": "231",
        "period_label": "tháng 6/2023",
        "period_from": JUNE[0],
        "period_to": JUNE[1],
        "rows_read": 1,
        "rows_accepted": 1,
    }
    return Submission(**{**usual, **facts})


def rows(*codes: str) -> pa.Table:
    return pa.table(
        {"source_sheet": ["Giá trị"] * len(codes), "source_row": range(2, len(codes) + 2), "product_code": codes}
    )


def a_load(*codes: str, unit: str = "231", is_superseding: bool = True) -> LoadPart:
    return LoadPart("toy_values", unit, *JUNE, rows(*codes), is_superseding)


def send(warehouse: Warehouse, sha256: str, *codes: str, unit: str = "231", is_superseding: bool = True) -> Published:
    return publish(
        warehouse, Receipt(a_submission(sha256), (a_load(*codes, unit=unit, is_superseding=is_superseding),))
    )


def select(warehouse: Warehouse, sql: str, known_at: datetime | None = None) -> list[Any]:
    answer = fetch(warehouse, sql, role=Role.TRANSFORMER, known_at=known_at)
    return [row[0] if len(row) == 1 else row for row in answer.rows]


CURRENT = "select product_code from raw.toy_values join ingest.load_at using (load_id) order by 1"


def test_a_file_is_written_with_its_rows_and_their_places(any_warehouse: Warehouse) -> None:
    published = send(any_warehouse, "a", "sp-1", "sp-2")
    assert submissions(any_warehouse) == {published.submission_id: published.submission}
    assert select(
        any_warehouse, "select submission_id, source_sheet, source_row, product_code from raw.toy_values"
    ) == [
        (published.submission_id, "Giá trị", 2, "sp-1"),
        (published.submission_id, "Giá trị", 3, "sp-2"),
    ]
    assert select(any_warehouse, "select row_count from ingest.load") == [2]
    assert select(any_warehouse, "select position from ingest.ledger_position") == [1]


def test_an_empty_ledger_has_a_position_too(warehouse: Warehouse) -> None:
    assert select(warehouse, "select position from ingest.ledger_position") == [0]


def test_every_type_arrives_as_it_was_and_empty_text_is_not_null(any_warehouse: Warehouse) -> None:
    ordered_at = datetime(2023, 11, 24, 2, 30)  # noqa: DTZ001 - raw holds local times
    table = pa.table(
        {
            "source_sheet": ["a", "a"],
            "source_row": [2, 3],
            "product_code": ['"Chè", xã Hưng Long\n\\.', ""],
            "worker_count": [7, None],
            "revenue_vnd": [float("nan"), 1.5],
            "opened_date": [date(2023, 11, 24), None],
            "ordered_at": pa.array([ordered_at, None], pa.timestamp("ns")),
            "is_woman_led": [False, None],
            "commune_code": pa.nulls(2),
        }
    )
    publish(any_warehouse, Receipt(a_submission(), (LoadPart("toy_values", "231", *JUNE, table),)))
    assert select(
        any_warehouse,
        "select product_code, worker_count, revenue_vnd, opened_date, ordered_at, is_woman_led, commune_code "
        "from raw.toy_values order by source_row",
    ) == [
        ('"Chè", xã Hưng Long\n\\.', 7, None, date(2023, 11, 24), ordered_at, False, None),
        ("", None, Decimal("1.5"), None, None, None, None),
    ]


def test_a_corrected_file_takes_the_place_of_the_earlier_one_and_both_stay_readable(any_warehouse: Warehouse) -> None:
    send(any_warehouse, "a", "old")
    send(any_warehouse, "elsewhere", "neighbour", unit="230")
    between = select(any_warehouse, "select max(known_from) from ingest.load")[0]
    send(any_warehouse, "b", "new", "newer")
    assert select(any_warehouse, CURRENT) == ["neighbour", "new", "newer"]
    assert select(any_warehouse, CURRENT, known_at=between) == ["neighbour", "old"]
    assert select(any_warehouse, CURRENT, known_at=datetime(2020, 1, 1, tzinfo=UTC)) == []
    assert select(any_warehouse, "select product_code from raw.toy_values order by 1") == [
        "neighbour",
        "new",
        "newer",
        "old",
    ]
    assert select(any_warehouse, "select load_id, closed_by from ingest.load order by 1") == [
        (1, 3),
        (2, None),
        (3, None),
    ]


def test_a_correction_without_rows_takes_the_place_too(warehouse: Warehouse) -> None:
    send(warehouse, "a", "old")
    send(warehouse, "b")
    assert select(warehouse, CURRENT) == []


def test_loads_that_stand_beside_each_other_never_close_one(warehouse: Warehouse) -> None:
    for sha256 in "abc":
        send(warehouse, sha256, f"line-{sha256}", is_superseding=False)
    assert select(warehouse, CURRENT) == ["line-a", "line-b", "line-c"]


def test_a_load_without_a_period_is_superseded_by_the_next_one(warehouse: Warehouse) -> None:
    for sha256 in "ab":
        part = LoadPart("toy_values", "shop", None, None, rows(sha256))
        publish(warehouse, Receipt(a_submission(sha256), (part,)))
    assert select(warehouse, CURRENT) == ["b"]


def test_the_same_file_again_changes_nothing_and_is_called_a_duplicate(any_warehouse: Warehouse) -> None:
    first = send(any_warehouse, "a", "sp-1")
    again = send(any_warehouse, "a", "sp-1")
    assert (again.submission.outcome, again.submission.duplicate_of) == (Outcome.DUPLICATE, first.submission_id)
    assert select(any_warehouse, "select count(*) from raw.toy_values") == [1]
    assert accepted_files(any_warehouse, "toy").by_content == {
        ("231", *JUNE, "a"): KnownFile(first.submission_id, None)
    }


def test_the_same_bytes_in_another_folder_are_another_file(warehouse: Warehouse) -> None:
    send(warehouse, "a", "sp-1")
    neighbour = a_submission("a", inbox_path="toy/230/thang-6.xlsx", unit_code="230")
    assert publish(warehouse, Receipt(neighbour)).submission.outcome is Outcome.ACCEPTED


def test_an_attempt_that_a_later_one_has_taken_over_from_publishes_nothing(warehouse: Warehouse) -> None:
    first, second = (begin_attempt(warehouse, "toy", run) for run in ("run-1", "run-2"))
    with pytest.raises(WarehouseError, match="run run-2 has taken over toy from this one, which must not go on"):
        publish(warehouse, Receipt(a_submission("a"), (a_load("sp-1"),)), attempt=first)
    assert submissions(warehouse) == {}
    assert publish(warehouse, Receipt(a_submission("a"), (a_load("sp-1"),)), attempt=second).submission_id == 1


def test_the_inbox_counts_as_emptied_when_an_attempt_has_ended_not_when_it_was_broken_off(warehouse: Warehouse) -> None:
    first = begin_attempt(warehouse, "toy", "run-1")
    send(warehouse, "a", "sp-1")
    broken_off = begin_attempt(warehouse, "toy", "run-2")
    end_attempt(warehouse, broken_off)
    ended = begin_attempt(warehouse, "toy", "run-3").emptied_at
    assert (first.emptied_at, broken_off.emptied_at) == (None, None)
    assert ended is not None
    assert [begin_attempt(warehouse, "toy", f"run-{run}").emptied_at for run in (4, 5)] == [ended] * 2


def test_a_lost_server_is_told_from_a_statement_that_fails(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseGoneError, match="server closed the connection"):
        fetch(warehouse, "select pg_terminate_backend(pg_backend_pid())", role=None)
    with pytest.raises(WarehouseError, match="division by zero") as failed:
        fetch(warehouse, "select 1 / 0", role=None)
    assert not isinstance(failed.value, WarehouseGoneError)


def test_a_rejected_file_may_be_sent_again(warehouse: Warehouse) -> None:
    publish(
        warehouse, Receipt(a_submission("a", outcome=Outcome.REJECTED, rule="sheet_missing", reason_vi="Thiếu trang"))
    )
    assert accepted_files(warehouse, "toy") == KnownFiles({}, {})
    assert send(warehouse, "a", "sp-1").submission.outcome is Outcome.ACCEPTED


def test_of_several_processes_that_send_one_file_one_is_accepted(warehouse: Warehouse) -> None:
    with ThreadPoolExecutor(4) as threads:
        sent = list(threads.map(lambda _: send(warehouse, "a", "sp-1").submission.outcome, range(4)))
    assert sorted(sent) == ["accepted", "duplicate", "duplicate", "duplicate"]
    assert select(warehouse, CURRENT) == ["sp-1"]


def test_numbers_and_moments_grow_in_the_order_of_the_commits(warehouse: Warehouse) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: send(warehouse, str(number), "x", unit=str(number)), range(12)))
    by_number = select(warehouse, "select load_id from ingest.load order by known_from")
    assert by_number == list(range(1, 13))


def test_a_load_that_cannot_be_written_leaves_nothing_at_all(any_warehouse: Warehouse) -> None:
    broken = pa.table({"source_sheet": ["a"], "source_row": [2], "worker_count": ["seven"]})
    receipt = Receipt(
        a_submission(),
        (a_load("sp-1"), LoadPart("toy_values", "230", *JUNE, broken)),
        (a_quarantined_row(),),
    )
    with pytest.raises(WarehouseError, match='invalid input syntax for type bigint: "seven"'):
        publish(any_warehouse, receipt)
    for table in ("ingest.submission", "ingest.load", "ingest.quarantine", "raw.toy_values"):
        assert select(any_warehouse, f"table {table}") == []


def a_quarantined_row(row: int = 5) -> QuarantinedRow:
    cells = {"Hạng sao": "mười", "Điểm": None}
    return QuarantinedRow("toy_values", "Sản phẩm", row, ("stars_unknown", "x"), "Không nhận ra.", "Unknown.", cells)


def test_rejected_rows_keep_their_place_their_reasons_and_their_cells(any_warehouse: Warehouse) -> None:
    quarantined = (a_quarantined_row(5), a_quarantined_row(9))
    partly = a_submission(outcome=Outcome.ACCEPTED_WITH_REJECTIONS, rows_rejected=2)
    number = publish(any_warehouse, Receipt(partly, (), quarantined)).submission_id
    assert quarantine_of(any_warehouse, number) == list(quarantined)


def test_submissions_are_found_by_run_and_by_period(warehouse: Warehouse) -> None:
    publish(warehouse, Receipt(a_submission("a")))
    publish(warehouse, Receipt(a_submission("b", run_id="run-2", period_from=None, period_to=None)))
    assert list(submissions(warehouse)) == [1, 2]
    assert list(submissions(warehouse, run_id="run-2")) == [2]
    assert list(submissions(warehouse, period=(date(2023, 6, 30), date(2023, 7, 1)))) == [1]
    assert list(submissions(warehouse, period=(date(2023, 7, 1), date(2023, 8, 1)))) == []


def test_a_replay_asks_what_has_its_place_only_once_the_rows_before_are_copied(warehouse: Warehouse) -> None:
    def parts() -> Iterator[LoadPart]:
        yield a_load(*(f"sp-{number}" for number in range(500_000)))
        while not select(warehouse, "select 1 from pg_stat_progress_copy"):
            continue
        yield a_load("sp-1", unit="230")

    send(warehouse, "a", "sp-1")
    publish(warehouse, Receipt(a_submission("a", replay_of=1), cast("tuple[LoadPart, ...]", parts())))
    assert select(warehouse, "select row_count from ingest.load where submission_id = 2") == [500_000, 1]
