"""A run that was broken off, or that wakes after another has done its work, leaves what one run would have left."""

from datetime import datetime
from typing import Any

import pytest

from ocop_pipeline import inbox
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.sources.district_forms import PRODUCT_VALUES
from ocop_pipeline.sources.document import Document
from ocop_pipeline.warehouse import ledger
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline.warehouse.receipts import Submission
from ocop_pipeline_tests.benchmarks.shopee_file import MAPPING, write_lines
from ocop_pipeline_tests.files import csv_text, rows_of
from ocop_pipeline_tests.offices import Office

GOOD = "district_submissions/231/product_values_2023-05.csv"
COPY = "district_submissions/231/product_values_2023-05_b.csv"
DAMAGED = "district_submissions/232/bao-cao-2023-06.xlsx"


class Killed(BaseException):
    """What nothing in the pipeline catches."""


def evening(office: Office) -> None:
    values = csv_text(rows_of(PRODUCT_VALUES, {"product_code": "SP1", "revenue_vnd": 5_000}))
    office.put(GOOD, values)
    office.put(COPY, values)
    office.put(DAMAGED, b"PK\x03\x04 cut off here")


def outcomes(office: Office) -> list[tuple[str, str, datetime | None]]:
    files = submissions(office.warehouse).values()
    return [(file.inbox_path, str(file.outcome), file.arrived_at) for file in files]


def as_saved(*files: tuple[str, str]) -> list[tuple[str, str, datetime]]:
    minutes = {GOOD: 1, COPY: 2, DAMAGED: 3}
    return [
        (place, what, datetime.fromtimestamp(1_700_000_000 + 60 * minutes[place], VIETNAM)) for place, what in files
    ]


@pytest.mark.parametrize(("step", "calls"), [("take_out", 1), ("take_out", 2), ("reject", 1)])
def test_a_run_broken_off_when_the_ledger_knows_a_file_is_gone_on_with_as_if_it_had_not_been(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str, calls: int
) -> None:
    evening(office)
    carry_out, seen = getattr(inbox, step), []

    def break_off(*arguments: object) -> None:
        seen.append(arguments)
        if len(seen) == calls:
            raise Killed
        carry_out(*arguments)

    monkeypatch.setattr(inbox, step, break_off)
    with pytest.raises(Killed):
        office.take_in()
    monkeypatch.undo()
    office.take_in()
    assert outcomes(office) == as_saved((GOOD, "accepted"), (COPY, "duplicate"), (DAMAGED, "rejected"))
    assert office.select("select count(*) from raw.product_values") == [1]
    assert [path for path in office.files_under(office.settings.inbox) if "rejected" not in path.parts] == []
    assert [path.suffix for path in office.files_under(office.settings.rejected)] == [".xlsx", ".txt"]


def test_a_run_that_wakes_after_another_has_taken_over_publishes_nothing_and_leaves_the_archive_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening(office)
    keep = inbox.Archiving.keep

    def fall_asleep(archiving: inbox.Archiving) -> str | None:
        kept = keep(archiving)
        monkeypatch.undo()
        office.take_in()
        return kept

    monkeypatch.setattr(inbox.Archiving, "keep", fall_asleep)
    with pytest.raises(WarehouseError, match="run-1 has taken over district_submissions from this one"):
        office.take_in()
    assert outcomes(office) == as_saved((GOOD, "accepted"), (COPY, "duplicate"), (DAMAGED, "rejected"))
    assert len(office.files_under(office.settings.archive)) == 1


def test_a_commit_whose_answer_is_lost_does_not_cost_the_archive_its_copy(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening(office)
    publish = ledger.publish

    def lose_the_answer(*arguments: Any, **more: Any) -> None:  # noqa: ANN401 - as they are
        publish(*arguments, **more)
        message = "server closed the connection unexpectedly"
        raise WarehouseError(message)

    monkeypatch.setattr(ledger, "publish", lose_the_answer)
    with pytest.raises(WarehouseError):
        office.take_in()
    monkeypatch.undo()
    office.take_in()
    (kept,) = office.files_under(office.settings.archive)
    files: dict[int, Submission] = submissions(office.warehouse)
    assert [file.archive_path for file in files.values()] == [
        kept.relative_to(office.settings.archive).as_posix(),
        None,
        None,
    ]


def test_what_a_killed_run_had_archived_of_a_file_in_pieces_is_archived_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.settings.mappings.mkdir()
    (office.settings.mappings / "simple_vi.toml").write_text(MAPPING, encoding="utf-8")
    export = office.put("ecommerce_sales/ocop_dat_to/a.csv", "")
    write_lines(export, 30_000)
    add = inbox.Archiving.add

    def break_off(archiving: inbox.Archiving, piece: Document) -> None:
        add(archiving, piece)
        raise Killed

    monkeypatch.setattr(inbox.Archiving, "add", break_off)
    monkeypatch.setattr(inbox.Archiving, "__exit__", lambda *_: None)
    with pytest.raises(Killed):
        office.take_in("ecommerce_sales")
    monkeypatch.undo()
    office.take_in("ecommerce_sales")
    (kept,) = office.files_under(office.settings.archive)
    assert kept.read_text(encoding="utf-8").count("\n") == 30_001
