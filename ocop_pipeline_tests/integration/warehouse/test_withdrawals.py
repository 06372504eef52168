"""Taking a file back: what it had replaced counts again, and every moment stays as it was known."""

from datetime import datetime
from typing import Any

import pytest

from ocop_pipeline.warehouse.ledger import publish
from ocop_pipeline.warehouse.receipts import Outcome, Receipt
from ocop_pipeline.warehouse.schema import initialise
from ocop_pipeline.warehouse.server import Warehouse
from ocop_pipeline.warehouse.withdrawals import WithdrawalError, withdraw
from ocop_pipeline_tests.conftest import TOY_FORM
from ocop_pipeline_tests.integration.warehouse.test_ledger import CURRENT, a_load, a_submission, select, send

COUNTED = "select load_id, known_from, row_count, submission_id from ingest.load_at order by 1"
STATES = "select submission_id, state, superseded_by from ingest.submission_state order by 1"


def moment(warehouse: Warehouse) -> datetime:
    found: datetime = select(warehouse, "select max(known_from) from ingest.load")[0]
    return found


def position(warehouse: Warehouse, known_at: datetime | None = None) -> Any:  # noqa: ANN401 - a number
    return select(warehouse, "select position from ingest.ledger_position", known_at)[0]


def test_after_a_withdrawal_all_is_as_it_was_before_the_correction(any_warehouse: Warehouse) -> None:
    first = send(any_warehouse, "a", "old")
    before = select(any_warehouse, COUNTED)
    correction = send(any_warehouse, "b", "new", "newer")
    assert correction.replaced == (first.submission_id,)
    between, then = moment(any_warehouse), position(any_warehouse)
    done = withdraw(any_warehouse, correction.submission_id, "sent for another district")
    assert done.counts_again == ((first.submission_id, "toy_values"),)
    assert select(any_warehouse, CURRENT) == ["old"]
    assert select(any_warehouse, COUNTED) == before
    assert select(any_warehouse, CURRENT, known_at=between) == ["new", "newer"]
    assert position(any_warehouse) > then
    assert position(any_warehouse, known_at=between) == then
    assert select(any_warehouse, STATES) == [(1, "accepted", None), (2, "withdrawn", None)]
    assert select(any_warehouse, "select reason from ingest.withdrawal") == ["sent for another district"]


def test_a_first_version_that_is_withdrawn_leaves_nothing_and_still_moves_the_ledger(warehouse: Warehouse) -> None:
    first = send(warehouse, "a", "old")
    then = position(warehouse)
    assert withdraw(warehouse, first.submission_id, "wrong").counts_again == ()
    assert select(warehouse, CURRENT) == []
    assert position(warehouse) > then
    assert select(warehouse, "select product_code from raw.toy_values") == ["old"]


def test_withdrawn_versions_never_come_back_by_another_withdrawal(warehouse: Warehouse) -> None:
    one, two, three = (send(warehouse, name, name).submission_id for name in "abc")
    withdraw(warehouse, two, "wrong")
    assert select(warehouse, CURRENT) == ["c"]
    withdraw(warehouse, three, "wrong too")
    assert select(warehouse, CURRENT) == ["a"]
    assert select(warehouse, STATES) == [(one, "accepted", None), (two, "withdrawn", None), (three, "withdrawn", None)]
    send(warehouse, "d", "d")
    assert select(warehouse, CURRENT) == ["d"]
    assert select(warehouse, STATES)[0] == (one, "superseded", 4)


def test_of_lines_that_stand_beside_others_only_the_withdrawn_file_s_go(warehouse: Warehouse) -> None:
    for name in "ab":
        send(warehouse, name, name, is_superseding=False)
    assert withdraw(warehouse, 1, "test data").counts_again == ()
    assert select(warehouse, CURRENT) == ["b"]


def test_a_file_is_superseded_when_others_have_taken_all_its_parts(warehouse: Warehouse) -> None:
    publish(warehouse, Receipt(a_submission("a"), (a_load("x"), a_load("y", unit="230"))))
    send(warehouse, "b", "x")
    assert select(warehouse, STATES)[0] == (1, "accepted", None)
    send(warehouse, "c", "y", unit="230")
    assert select(warehouse, STATES) == [(1, "superseded", 3), (2, "accepted", None), (3, "accepted", None)]


@pytest.mark.parametrize(
    ("number", "reason", "said"),
    [
        (9, "x", "there is no submission 9"),
        (2, "x", "brought no rows: it is rejected"),
        (3, "x", "was withdrawn already"),
        (1, "  ", "say why"),
    ],
)
def test_what_cannot_be_withdrawn_says_why(warehouse: Warehouse, number: int, reason: str, said: str) -> None:
    send(warehouse, "a", "a")
    publish(warehouse, Receipt(a_submission("b", outcome=Outcome.REJECTED)))
    send(warehouse, "c", "c", unit="230")
    withdraw(warehouse, 3, "wrong")
    with pytest.raises(WithdrawalError, match=said):
        withdraw(warehouse, number, reason)
    assert select(warehouse, "select count(*) from ingest.withdrawal") == [1]


def test_a_warehouse_of_an_earlier_version_takes_withdrawals_too(warehouse: Warehouse) -> None:
    send(warehouse, "a", "a")
    with warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(
            "alter table ingest.load add constraint load_check1 check ((known_to is null) = (closed_by is null))"
        )
        connection.exec_driver_sql("drop table ingest.alembic_version, ingest.attempt, ingest.deleted_copy")
        connection.exec_driver_sql("delete from ingest.deployment where key = 'schema'")
    initialise(warehouse, [TOY_FORM])
    withdraw(warehouse, 1, "wrong")
    assert select(warehouse, CURRENT) == []
