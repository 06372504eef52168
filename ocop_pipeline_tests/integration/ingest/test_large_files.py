"""An export too large for one piece is taken in as a whole or not at all."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from ocop_pipeline import intake
from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.document import Document
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.verdict import Verdict, judge_batch
from ocop_pipeline_tests.benchmarks.shopee_file import MAPPING, write_lines
from ocop_pipeline_tests.offices import Office

LINES = 30_000
"""Two pieces."""


@pytest.fixture
def export(office: Office, tmp_path: Path) -> bytes:
    office.settings.mappings.mkdir()
    (office.settings.mappings / "simple_vi.toml").write_text(MAPPING, encoding="utf-8")
    write_lines(tmp_path / "a.csv", LINES)
    return (tmp_path / "a.csv").read_bytes()


def states(office: Office) -> list[object]:
    return office.select("select outcome, rule, rows_read, rows_accepted from ingest.submission order by submission_id")


def test_a_file_in_pieces_is_one_load_with_the_period_of_all_and_its_bad_rows_aside(
    office: Office, export: bytes
) -> None:
    office.put("ecommerce_sales/ocop_dat_to/a.csv", export)
    office.take_in("ecommerce_sales")
    assert states(office) == [("accepted_with_rejections", None, LINES, LINES - 30)]
    (load,) = office.select(
        "select row_count, period_from = min(ordered_at)::date, period_to > max(ordered_at), "
        "count(distinct source_row) from ingest.load join raw.order_lines using (load_id) group by load.load_id"
    )
    assert load == (LINES - 30, True, True, LINES - 30)
    assert len(office.quarantine()) == 30
    (kept,) = office.files_under(office.settings.archive)
    text = kept.read_text(encoding="utf-8")
    assert text.count("\n") == LINES + 1
    assert "buyer00" not in text
    assert "Hùng Vương" not in text
    assert office.files_under(office.settings.inbox) == []


def test_the_same_file_in_pieces_again_changes_nothing(office: Office, export: bytes) -> None:
    for name in ("a.csv", "a.csv", "b.csv"):
        office.put(f"ecommerce_sales/ocop_dat_to/{name}", export)
        office.take_in("ecommerce_sales")
    assert [row[0] for row in states(office)] == ["accepted_with_rejections", "duplicate", "duplicate"]  # type: ignore[index]
    assert office.select("select count(*) from raw.order_lines") == [LINES - 30]
    assert office.select("select count(*) from ingest.quarantine") == [30]
    assert len(office.files_under(office.settings.archive)) == 1


def test_of_a_file_whose_second_piece_is_damaged_nothing_stays(office: Office, export: bytes) -> None:
    office.put("ecommerce_sales/ocop_dat_to/a.csv", export + b'"no end')
    office.take_in("ecommerce_sales")
    assert states(office) == [("rejected", "file_unreadable", 0, 0)]
    tables = "raw.order_lines", "ingest.load", "ingest.quarantine"
    assert [office.select(f"select count(*) from {table}") for table in tables] == [[0]] * 3  # noqa: S608
    assert office.files_under(office.settings.archive) == []


def test_a_file_that_changes_between_its_pieces_stays_in_the_inbox(
    office: Office, export: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.put("ecommerce_sales/ocop_dat_to/a.csv", export)

    def judge_and_touch(form: Form, documents: Sequence[Document | None], reference: Reference) -> Verdict:
        os.utime(path)
        return judge_batch(form, documents, reference)

    monkeypatch.setattr(intake, "judge_batch", judge_and_touch)
    office.take_in("ecommerce_sales")
    assert (states(office), office.select("select count(*) from raw.order_lines")) == ([], [0])
    assert office.files_under(office.settings.inbox) == [path]
    assert office.files_under(office.settings.archive) == []
    assert office.lines == ["ecommerce_sales/ocop_dat_to/a.csv: changed while it was read, stays"]


def test_a_file_most_of_whose_rows_are_bad_is_refused_before_they_are_listed(office: Office, export: bytes) -> None:
    office.put("ecommerce_sales/ocop_dat_to/a.csv", export.replace("Hoàn thành".encode(), b"Xong"))
    office.take_in("ecommerce_sales")
    assert [row[:2] for row in states(office)] == [("rejected", "too_many_bad_rows")]  # type: ignore[index]
    assert office.select("select count(*) from ingest.quarantine") == [0]
