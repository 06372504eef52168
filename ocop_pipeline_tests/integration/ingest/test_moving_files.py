"""Files that are still on their way, taken back, or closed to the reader stop nothing and lose nothing."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ocop_pipeline.sources.district_forms import PRODUCT_VALUES
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Outcome
from ocop_pipeline_tests.conftest import as_root
from ocop_pipeline_tests.files import csv_text, header, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import Office

VALUE = {"product_code": "SP1", "revenue_vnd": 5_000}
GOOD = xlsx(header() | sheet(PRODUCT_VALUES, VALUE))
CSV = csv_text(rows_of(PRODUCT_VALUES, VALUE))
UPLOAD = "district_submissions/231/product_values_2023-06.csv"
NEIGHBOUR = "district_submissions/232/a.xlsx"
NOBODY = 65534


@contextmanager
def meanwhile(action: Callable[[int], object]) -> Iterator[None]:
    """Do something a hundred times a second until the block ends."""
    is_over = threading.Event()

    def repeat() -> None:
        number = 0
        while not is_over.wait(0.01):
            number += 1
            action(number)

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def outcomes(office: Office) -> list[tuple[str, Outcome]]:
    return [(file.file_name, file.outcome) for file in submissions(office.warehouse).values()]


def test_a_file_that_grows_while_it_is_read_waits_for_the_next_run(office: Office) -> None:
    office.put(NEIGHBOUR, xlsx(header(unit="232") | sheet(PRODUCT_VALUES, VALUE)))
    growing = office.put(UPLOAD, CSV)

    def grow(number: int) -> None:
        with growing.open("a", encoding="utf-8") as more:
            more.write(f"SP-{number},,,,7000,\r\n")

    with meanwhile(grow):
        office.take_in()
    assert outcomes(office) == [("a.xlsx", Outcome.ACCEPTED)]
    assert office.lines[-1] == f"{UPLOAD}: changed while it was read, stays"
    office.take_in()
    assert outcomes(office)[1:] == [(growing.name, Outcome.ACCEPTED)]
    assert not office.files_under(office.settings.inbox)


def test_a_file_that_is_taken_back_while_others_are_read_was_never_sent(office: Office) -> None:
    office.put(NEIGHBOUR, xlsx(header(unit="232") | sheet(PRODUCT_VALUES, VALUE)))
    withdrawn = office.put(UPLOAD, CSV)
    with meanwhile(lambda _: withdrawn.unlink(missing_ok=True)):
        office.take_in()
    assert outcomes(office) == [("a.xlsx", Outcome.ACCEPTED)]
    assert office.select("select count(*) from raw.product_values") == [1]


@contextmanager
def as_nobody(home: Path) -> Iterator[None]:
    """Root may read everything: be somebody else for a while, to whom the home belongs."""
    for path in (home, *home.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@as_root
def test_a_file_that_may_not_be_read_is_rejected_and_the_others_go_on(office: Office) -> None:
    office.put("district_submissions/231/kín.xlsx", GOOD).chmod(0)
    office.put("district_submissions/231/rỗng.xlsx", b"")
    with as_nobody(office.settings.root):
        office.take_in()
    assert [(file.file_name, file.rule) for file in submissions(office.warehouse).values()] == [
        ("kín.xlsx", "file_unreadable"),
        ("rỗng.xlsx", "file_empty"),
    ]
    assert not office.files_under(office.settings.inbox / "district_submissions")
