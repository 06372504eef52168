"""A mapping file is tried on a sample: what it would read, in lines that fit a terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ocop_pipeline.cli import command
from ocop_pipeline_tests.files import csv_text

TIKI = Path(__file__).parents[2] / "ocop_pipeline/sources/mappings/tiki.toml"
HEADINGS = ["Mã đơn", "Trạng thái", "SKU", "Số lượng", "Đơn giá", "Ngày đặt hàng", "Người mua", "Kho"]


def check(mapping: Path, sample: Path) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["mapping", "check", str(mapping), str(sample)])
    assert all(len(line) <= 120 for line in result.output.splitlines() if "Error" not in line)
    return result.exit_code, result.output


def test_it_says_what_it_would_read_and_what_not(tmp_path: Path) -> None:
    sample = tmp_path / "a.csv"
    row = ["A1", "Hoàn thành", "CHE", "2", "90.000", "2026-04-01 10:00:00", "Chim Yến", "K1"]
    sample.write_text(csv_text([HEADINGS, row, ["A2", "Lạ", *row[2:]]]), encoding="utf-8")
    code, said = check(TIKI, sample)
    assert code == 0
    for line in (
        "Tiki: 6 columns are read",
        "personal, dropped: Người mua",
        "not in the mapping, not read: Kho",
        "       1  Hoàn thành -> completed",
        "       1  Lạ -> UNKNOWN, goes to quarantine",
        "2 rows, of every status: quantity 4, gross_vnd 360,000, seller_discount_vnd 0, net_vnd 360,000",
    ):
        assert line in said
    assert "Chim Yến" not in said


def test_it_says_which_cells_the_night_would_send_back(tmp_path: Path) -> None:
    sample = tmp_path / "a.csv"
    row = ["A1", "Hoàn thành", "CHE", "hai", "90.000", "01.04.2026", "Chim Yến", "K1"]
    sample.write_text(csv_text([HEADINGS, row]), encoding="utf-8")
    code, said = check(TIKI, sample)
    assert code == 0
    assert "quantity: 1 cells cannot be read, go to quarantine: “hai”" in said
    assert "ordered_at: 1 cells cannot be read, go to quarantine: “01.04.2026”" in said


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (
            "title = 'x'\ntime = '%Y'\n[columns]\norder_id = 'Số điện thoại'\n",
            "a column of personal data can't",
        ),
        ("title = 'x'\ntime = '%Y'\n[columns]\norder = 'Mã đơn'\n", "[columns] order is none of"),
        ("title = 'x'\ntime = '%Y'\n[columns]\norder_id = 'Mã đơn'\n", "The required column “status” is missing"),
        ("title = 'x'\ntime = '%Y'\nshop = 'y'\n[columns]\n", "shop: Extra inputs are not permitted"),
        ("title = 'x'\ntime = '%Y'\n[columns]\n[status_words]\n'Giao' = 'daban'\n", "“Giao” = “daban” is no status"),
    ],
)
def test_a_fault_of_the_mapping_or_the_sample_is_one_line(tmp_path: Path, mapping: str, said: str) -> None:
    file, sample = tmp_path / "m.toml", tmp_path / "a.csv"
    file.write_text(mapping, encoding="utf-8")
    sample.write_text(csv_text([HEADINGS]), encoding="utf-8")
    code, output = check(file, sample)
    assert (code, len(output.strip().splitlines())) == (1, 1)
    assert said in output
