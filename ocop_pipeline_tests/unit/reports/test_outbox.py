"""Workbooks in the outbox are made when what they say changes, and not to see whether it has."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from ocop_pipeline.reports.outbox import MADE_OF, Outbox

PATH = "231/2023-06/doi-chieu.xlsx"


@pytest.fixture
def made() -> list[str]:
    """What workbooks were made of, in order."""
    return []


def keep(root: Path, made: list[str], *said: object) -> Outbox:
    def make(made_of: str, *said: object) -> bytes:
        made.append(str(said))
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as workbook:
            workbook.set_custom_property(MADE_OF, made_of)
            workbook.add_worksheet("Đối chiếu").write_string(0, 0, str(said))
        return content.getvalue()

    outbox = Outbox(root)
    outbox.keep(PATH, make, said, 3)
    return outbox


def test_a_workbook_is_made_once_for_what_it_says(tmp_path: Path, made: list[str]) -> None:
    said = ("Huyện Đoan Hùng", [{"value": Decimal("1.5"), "day": date(2023, 6, 30)}])
    assert keep(tmp_path, made, *said).written == [PATH]
    again = keep(tmp_path, made, *said)
    assert (again.written, again.lying, len(made)) == ([], {PATH: 3}, 1)
    assert keep(tmp_path, made, "Huyện Đoan Hùng", [{"value": Decimal("1.6")}]).written == [PATH]
    assert len(made) == 2


def test_one_that_is_gone_or_damaged_is_made_again(tmp_path: Path, made: list[str]) -> None:
    target = tmp_path / PATH
    for damage in (target.unlink, lambda: target.write_bytes(b"PK"), lambda: target.write_bytes(b"")):
        keep(tmp_path, made, "a")
        damage()
        assert keep(tmp_path, made, "a").written == [PATH]


def test_one_that_cannot_be_written_is_told_and_stops_nothing(tmp_path: Path, made: list[str]) -> None:
    (tmp_path / "231").write_text("a file where the folder should be", encoding="utf-8")
    outbox = keep(tmp_path, made, "a")
    assert (outbox.written, outbox.lying, list(outbox.failed)) == ([], {}, [PATH])
