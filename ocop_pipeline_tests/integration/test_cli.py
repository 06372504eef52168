"""The command as a user types it: exit codes, and one clear line when something is wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ocop_pipeline.settings import PROJECT_ROOT, Settings
from ocop_pipeline.warehouse.server import Role, open_warehouse
from ocop_pipeline_tests.commands import asked, ocop
from ocop_pipeline_tests.conftest import standing_home, temporary_folder
from ocop_pipeline_tests.files import csv_text

pytestmark = pytest.mark.slow
TEMPLATE = ("template", "district_submissions", "-o", "/nowhere/a.xlsx")


@pytest.fixture(scope="module")
def used() -> Iterator[Path]:
    """A home after a night with one good file and one of a kind that is not accepted."""
    with standing_home() as home:
        inbox = home / "inbox" / "district_submissions" / "231"
        inbox.mkdir(parents=True)
        rows = [["Mã sản phẩm", "Doanh thu kỳ"], ["A", "1000"]]
        (inbox / "product_values_2023-06.csv").write_text(csv_text(rows), encoding="utf-8")
        (inbox / "bao-cao.docx").write_bytes(b"x")
        done = asked(home, "run")
        assert done.returncode == 0, done.stderr
        yield home


def test_rejected_files_are_data_unless_strict_is_asked_for(used: Path) -> None:
    (used / "inbox" / "district_submissions" / "231" / "bao-cao-2.docx").write_bytes(b"y")
    done = asked(used, "run", "--strict")
    assert done.returncode == 2
    assert "extension_not_accepted" in done.stdout


def test_a_home_without_a_warehouse_says_what_to_do() -> None:
    with temporary_folder() as home:
        done = asked(home, "scorecard")
        assert done.returncode == 1
        assert "run `ocop demo` or `ocop run` first" in done.stderr
        assert list(home.iterdir()) == []


def test_the_demo_refuses_a_home_that_is_in_use(used: Path) -> None:
    done = ocop(used, "demo")
    assert done.returncode == 1
    assert "is in use" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("scorecard", "--as-of", "31/02/2023"), 2, "is no day"),
        (("submissions", "--period", "tháng 13/2023"), 2, "is not a report period"),
        (("query", "selekt 1"), 1, "syntax error"),
        (("query", "delete from marts.dim_date"), 1, "permission denied|read-only"),
        (("query", "select * from raw.order_lines"), 1, "permission denied"),
        (("query", "set role none; select * from ingest.quarantine"), 1, "permission denied"),
        (("query", "commit; set role none; begin read write; create table marts.mine (a int)"), 1, "permission denied"),
        (("up", "--port", "99999"), 2, "not in the range"),
        ((*TEMPLATE, "--unit", "999", "--period", "2023-06"), 1, "^ocop: no unit '999' reports for 2023-06"),
        ((*TEMPLATE, "--unit", "231", "--period", "tháng 13"), 2, "is not a report period"),
        ((TEMPLATE[0], "no_source", *TEMPLATE[2:], "--unit", "231", "--period", "2023"), 2, "not one of .district"),
    ],
)
def test_a_mistake_is_one_clear_line(used: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = asked(used, *arguments)
    assert done.returncode == code
    assert re.search(said, done.stderr)
    assert "Traceback" not in done.stderr


def test_a_template_is_made_with_and_without_a_warehouse(used: Path) -> None:
    with temporary_folder() as empty:
        arguments = (*TEMPLATE[:3], str(empty / "a.xlsx"), "--unit", "231", "--period", "2023-06")
        done = asked(empty, *arguments)
        assert (done.returncode, "nothing is filled in beforehand" in done.stderr) == (0, True)
        done = asked(used, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert load_workbook(empty / "a.xlsx").sheetnames[0] == "Thông tin"


def test_what_went_back_names_the_answer(used: Path) -> None:
    (answer,) = (used / "outbox" / "231").rglob("tra-lai-*-bao-cao.xlsx")
    assert f"outbox/231/{answer.parent.name}/{answer.name}" in asked(used, "submissions", "--returned").stdout


def test_an_unreachable_server_fails_in_one_line_without_the_password(used: Path) -> None:
    done = ocop(used, "run", OCOP_WAREHOUSE_URL="postgresql://somebody:secret@127.0.0.1:9/ocop")
    assert done.returncode == 1
    assert "secret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.startswith("ocop: ")


def test_submissions_lists_every_file_with_its_outcome(used: Path) -> None:
    done = asked(used, "submissions", "--format", "csv")
    assert done.returncode == 0
    assert "accepted,1,1,0,district_submissions/231/product_values_2023-06.csv" in done.stdout
    assert "rejected,0,0,0,district_submissions/231/bao-cao.docx" in done.stdout
    table = asked(used, "submissions")
    assert "Chỉ nhận tệp .xlsx, .xlsm" in " ".join(table.stdout.split())


def test_a_file_that_a_later_one_replaced_is_shown_as_replaced(used: Path) -> None:
    inbox = used / "inbox" / "district_submissions" / "232"
    inbox.mkdir(parents=True)
    for revenue in ("1000", "2000"):
        rows = [["Mã sản phẩm", "Doanh thu kỳ"], ["A", revenue]]
        (inbox / f"product_values_2023-06_{revenue}.csv").write_text(csv_text(rows), encoding="utf-8")
    (used / "inbox" / "lạc.xlsx").write_bytes(b"x")
    done = asked(used, "run")
    assert "inbox/lạc.xlsx is hidden, a link or in no source's folder" in done.stderr
    files = json.loads(asked(used, "submissions", "--format", "json").stdout)[-2:]
    assert [file["superseded_by"] for file in files] == [files[1]["submission_id"], None]


def test_a_cell_that_was_mended_is_counted_by_the_run_and_listed(used: Path) -> None:
    inbox = used / "inbox" / "district_submissions" / "233"
    inbox.mkdir(parents=True)
    rows = [["Mã sản phẩm", "Doanh thu kỳ"], ["A", "12,5 triệu"]]
    (inbox / "product_values_2023-06.csv").write_text(csv_text(rows), encoding="utf-8")
    assert "cells mended: 1 (1 tệp)" in asked(used, "run").stdout
    (cell,) = json.loads(ocop(used, "submissions", "--repairs", "--format", "json").stdout)
    assert (cell["column"], cell["said"], cell["read"], cell["rule"]) == (
        "revenue_vnd",
        "12,5 triệu",
        "12500000",
        "unit_conversion",
    )
    table = ocop(used, "submissions", "--repairs", str(cell["submission_id"])).stdout
    assert "Doanh thu kỳ" in table
    assert "quy đổi đơn vị" in table


def test_the_readme_s_queries_run_as_the_reader(used: Path) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", (PROJECT_ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    statements = [statement for block in blocks for statement in block.split(";") if statement.strip()]
    assert len(statements) >= 3
    with (
        open_warehouse(Settings(home=used, warehouse_url=None)) as warehouse,
        warehouse.engine(Role.READER).connect() as connection,
    ):
        for statement in statements:
            connection.exec_driver_sql(statement)
