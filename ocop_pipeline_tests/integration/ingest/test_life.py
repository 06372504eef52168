"""Known errors put right, files read again by other rules, and what one file changed against the one before."""

import csv
from datetime import date
from pathlib import Path

import pytest

from ocop_pipeline.corrections import FILE_NAME, CorrectionError, load_corrections
from ocop_pipeline.replay.reading import Replayed, Selection, replay
from ocop_pipeline.replay.wording import replay_lines
from ocop_pipeline.reports.arrivals import corrections_of, submission_table, submissions_of
from ocop_pipeline.reports.versions import version_difference, version_notes, version_rows
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_VALUES
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline_tests.files import csv_text, header, rows_of, sheet, xlsx
from ocop_pipeline_tests.offices import Office

TODAY = date(2023, 9, 15)
VALUES = "product_code, revenue_vnd::int"


def value(code: str, revenue: object) -> dict[str, object]:
    return {"product_code": code, "revenue_vnd": revenue}


def values(*rows: dict[str, object], unit: str = "231") -> bytes:
    return xlsx(header(unit=unit) | sheet(PRODUCT_VALUES, *rows))


@pytest.fixture
def seeds(office: Office) -> Path:
    """The reference data, copied so that a test may add to it."""
    folder = office.settings.root / "dbt_project" / "seeds"
    folder.mkdir(parents=True)
    for path in office.settings.seeds.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    office.settings = Settings(home=office.settings.home, warehouse_url=None, dbt_project=folder.parent)
    return folder


def decide(seeds: Path, **facts: object) -> None:
    """Add a correction of the revenue of SP1 in 231's June."""
    usual: dict[str, object] = {
        "correction_id": "C1",
        "unit_code": "231",
        "period": "2023-06",
        "form": "product_values",
        "row_key": "SP1",
        "column_name": "revenue_vnd",
        "said": "1000",
        "correct": "7000",
        "reason": "sent in thousands",
        "decided_on": "2023-08-01",
        "source": "letter of the district",
    }
    names = (seeds / FILE_NAME).read_text(encoding="utf-8").splitlines()[0].split(",")
    with (seeds / FILE_NAME).open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, names, restval="").writerow({**usual, **facts})


def rename_unit(seeds: Path, before: str, after: str) -> None:
    path = seeds / "units.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def read_again(office: Office, *numbers: int, is_applied: bool = False, is_rejected: bool = False) -> list[Replayed]:
    selection = Selection(numbers, is_rejected=is_rejected)
    return replay(office.settings, office.warehouse, selection, is_applied=is_applied)


def inventory(office: Office, seeds: Path) -> list[tuple[object, ...]]:
    answer = corrections_of(office.warehouse, load_corrections(seeds))
    return [(row[0], row[1], row[2], row[9]) for row in answer.rows]


def test_a_known_error_is_corrected_before_judging_and_the_archive_keeps_what_was_sent(
    office: Office, seeds: Path
) -> None:
    decide(seeds)
    decide(seeds, correction_id="C2", row_key="SP2", said="?", correct="5000")
    decide(seeds, correction_id="C3", period="2023-07")
    sent = values(value("SP1", 1000), value("SP2", "?"), value("SP3", 1000))
    office.put("district_submissions/231/a.xlsx", sent)
    office.take_in()
    assert office.current("product_values", VALUES) == [("SP1", 7000), ("SP2", 5_000), ("SP3", 1000)]
    assert inventory(office, seeds) == [
        ("C1", "applied", 1, "1000"),
        ("C2", "applied", 1, "?"),
        ("C3", "unused", None, None),
    ]
    assert (office.settings.archive / str(submissions(office.warehouse)[1].archive_path)).read_bytes() == sent


def test_a_correction_whose_cell_says_something_else_is_stale_and_changes_nothing(office: Office, seeds: Path) -> None:
    decide(seeds)
    decide(seeds, correction_id="C2", row_key="SP9")
    office.put("district_submissions/231/a.xlsx", values(value("SP1", 1001)))
    office.take_in()
    assert office.current("product_values", VALUES) == [("SP1", 1001)]
    assert [line.split(": ", 1)[1] for line in office.lines[1:]] == [
        f"correction C1 is stale: the cell says “1001”; look at {FILE_NAME}",
        f"correction C2 is stale: its row is not there; look at {FILE_NAME}",
    ]
    assert inventory(office, seeds) == [("C1", "stale", 1, "1001"), ("C2", "stale", 1, None)]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"form": "products"}, "there is no form 'products'"),
        ({"column_name": "x"}, "product_values has no column 'x'"),
        ({"unit_code": ""}, "name the file by sha256, or by unit_code and period"),
        ({"row_key": ""}, "name the row by source_row, or by row_key"),
        ({"reason": ""}, "correction_id and reason must not be empty"),
        ({"period": "tháng 13/2023"}, "is not a report period"),
    ],
)
def test_a_line_that_names_nothing_is_refused_with_its_number(seeds: Path, facts: dict[str, str], said: str) -> None:
    decide(seeds)
    decide(seeds, **facts)
    with pytest.raises(CorrectionError, match=f"line 3: .*{said}"):
        load_corrections(seeds)


def test_a_file_s_difference_names_each_row_and_cell_with_its_places(office: Office) -> None:
    office.put("district_submissions/231/a.xlsx", values(value("SP1", 1_000), value("SP2", 2_000), value("SP3", 3_000)))
    office.put(
        "district_submissions/231/b.xlsx", values(value("SP3", 3_000), value("SP2", 20_000), value("SP4", 4_000))
    )
    office.take_in()
    difference = version_difference(office.warehouse, 2, TODAY)
    assert difference.replaced == (1,)
    assert [(c.key, c.column, c.before, c.after, c.place_before, c.place_after) for c in difference.changes] == [
        (("SP1",), None, None, None, ("Giá trị", 2), None),
        (("SP4",), None, None, None, None, ("Giá trị", 4)),
        (("SP2",), "revenue_vnd", 2_000, 20_000, ("Giá trị", 3), ("Giá trị", 3)),
    ]
    assert [row[5] for row in version_rows(difference).rows if row[5] != "kpi"] == ["removed", "added", "changed"]
    assert "Thay thế số 1." in list(version_notes(difference))
    assert version_difference(office.warehouse, 1, TODAY).replaced == ()


def test_a_replay_shows_what_today_s_rules_change_and_writes_only_when_it_is_told_to(
    office: Office, seeds: Path
) -> None:
    entity = {"entity_code": "E1", "entity_name": "HTX", "entity_type": "HTX", "commune_code": "Xã Mới"}
    sent = xlsx(header() | sheet(ENTITIES, entity) | sheet(PRODUCT_VALUES, value("SP1", 1000)))
    office.put("district_submissions/231/a.xlsx", sent)
    office.take_in()
    assert read_again(office, 1)[0].is_changed is False
    rename_unit(seeds, "Xã Đan Thượng", "Xã Mới")
    decide(seeds)
    before = office.everything_stored()
    (shown,) = read_again(office, 1)
    assert office.everything_stored() == before
    assert shown.is_changed
    assert [row.form for row in shown.rescued] == ["entities"]
    assert {(c.form, c.column, c.before, c.after) for c in shown.changes} == {
        ("entities", None, None, None),
        ("product_values", "revenue_vnd", 1000, 7000),
    }
    assert "accepted_with_rejections -> accepted, 1 -> 2 rows, 2 changes" in next(replay_lines([shown]))
    read_again(office, 1, is_applied=True)
    assert office.current("product_values", VALUES) == [("SP1", 7000)]
    assert office.current("entities", "entity_code") == ["E1"]
    answer = submissions_of(office.warehouse, None)
    assert [(row[13], row[9], row[14]) for row in answer.rows] == [("superseded", 2, None), ("accepted", None, 1)]
    assert submission_table(answer)[0][2] == "đã được thay thế; thay bằng số 2"
    assert read_again(office, 2)[0].is_changed is False


def test_a_replay_never_brings_back_what_a_later_file_replaced(office: Office, seeds: Path) -> None:
    rename_unit(seeds, "Huyện Hạ Hoà", "Huyện Khác")
    office.put("district_submissions/a.xlsx", values(value("SP1", 1_000), unit="Huyện Hạ Hòa"))
    office.take_in()
    office.put("district_submissions/231/b.xlsx", values(value("SP1", 2_000)))
    office.take_in()
    rename_unit(seeds, "Huyện Khác", "Huyện Hạ Hoà")
    (one,) = read_again(office, 1, is_applied=True)
    assert (one.note, one.published) == ("not replayed: a later file has its place", None)
    office.put("district_submissions/231/c.xlsx", values(value("SP1", 3_000)))
    office.take_in()
    (two,) = read_again(office, 2)
    assert two.note == "not replayed: it is superseded"
    assert office.current("product_values", VALUES) == [("SP1", 3_000)]


def test_a_rejected_file_that_is_accepted_now_leaves_the_rejected_ones(office: Office, seeds: Path) -> None:
    rename_unit(seeds, "Huyện Hạ Hoà", "Huyện Khác")
    office.put("district_submissions/a.xlsx", values(value("SP1", 1_000), unit="Huyện Hạ Hòa"))
    office.put("district_submissions/cụt.xlsx", values(value("SP1", 1_000))[:500])
    office.take_in()
    rename_unit(seeds, "Huyện Khác", "Huyện Hạ Hoà")
    shown = read_again(office, is_rejected=True, is_applied=True)
    assert [one.is_changed for one in shown] == [True, False]
    assert str(shown[1].note).startswith("still rejected: file_unreadable")
    assert office.current("product_values", VALUES) == [("SP1", 1_000)]
    assert [path.name.split("-", 1)[1] for path in office.files_under(office.settings.rejected)] == [
        "cụt.xlsx",
        "cụt.xlsx.ly-do.txt",
    ]
    assert [row[13] for row in submissions_of(office.warehouse, None).rows] == ["superseded", "rejected", "accepted"]
    assert submissions(office.warehouse)[3].archive_path


def test_what_was_kept_without_names_cannot_be_read_again_and_says_so(office: Office) -> None:
    rows = [["Sàn", "Gian hàng", "Mã SKU", "Mã sản phẩm"], ["shopee", "ocop_dat_to", "A", "SP1"]]
    office.put("ecommerce_sales/sku_products.csv", csv_text(rows))
    office.take_in("ecommerce_sales")
    assert "only its contract columns were kept" in str(read_again(office, 1)[0].note)
    with pytest.raises(WarehouseError, match="there is no submission 9"):
        read_again(office, 9)


def test_a_one_form_csv_is_read_again_under_its_own_name(office: Office, seeds: Path) -> None:
    name = "product_values_2023-06.csv"
    office.put(f"district_submissions/231/{name}", csv_text(rows_of(PRODUCT_VALUES, value("SP1", 1000))))
    office.take_in()
    decide(seeds)
    (one,) = read_again(office, 1, is_applied=True)
    assert one.published is not None
    assert office.current("product_values", f"{VALUES}, source_sheet") == [("SP1", 7000, name)]


def test_files_that_still_lie_in_the_inbox_are_received(office: Office) -> None:
    answer = submissions_of(office.warehouse, None, [("district_submissions", "district_submissions/231/a.xlsx")])
    assert submission_table(answer)[0][2] == "trong hộp thư đến, chờ xử lý"
