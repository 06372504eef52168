"""A night over reports that say personal data wherever they can: only the files kept as sent say it afterwards."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ocop_pipeline.contracts import ColumnType, Form
from ocop_pipeline.defs.dbt_models import dbt_models, hidden_columns
from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.district_forms import (
    ENTITIES,
    FORMS,
    PRODUCT_EVENTS,
    PRODUCT_VALUES,
    SUPPORT_DISBURSEMENTS,
)
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline.sources.registries import ENTITY_ALIASES
from ocop_pipeline.transform import manifest_path
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, open_warehouse
from ocop_pipeline_tests.commands import asked, ocop
from ocop_pipeline_tests.conftest import standing_home
from ocop_pipeline_tests.files import Rows, csv_text, header, rows_of, sheet, xlsx

pytestmark = pytest.mark.slow

PERSON, PHONE, CITIZEN_ID, EMAIL = "Chim Hoàng Yến", "0987204613", "025191007531", "chim.yen@example.com"
GROUPED_PHONE, GROUPED_ID, ABROAD = "0987 204 613", "025 191 007 531", "+84 987204613"
TRACES = re.compile(
    r"chim\.yen|Hoàng Yến|987[ .-]?204[ .-]?613|(?<!\d)0?25[ .-]?191[ .-]?007[ .-]?531(?!\d)", re.IGNORECASE
)
PLANTED = f"ĐT {GROUPED_PHONE}, {ABROAD}, CCCD {CITIZEN_ID}, {EMAIL}, liên hệ: {PERSON}"
HOUSEHOLD_CODE = re.compile(r"8012[ .-]?345[ .-]?678")
"""The tax code that a household business had before its owner's citizen id became it."""
PERSONAL_HEADINGS = ("Điện thoại", "Số điện thoại", "CCCD", "Email", "Người lập")
_CELLS: dict[ColumnType, object] = {
    ColumnType.INTEGER: 5,
    ColumnType.NUMBER: 5,
    ColumnType.DATE: "09/06/2023",
    ColumnType.BOOLEAN: "có",
    ColumnType.COMMUNE: "Hiền Lương",
}
_OWN_CELLS: dict[str, object] = {"report_period": "2023-Q2", "mean_income_vnd": 6000}


def filled(form: Form, number: int) -> list[object]:
    """A row that breaks no rule, with keys of its own."""
    cells: list[object] = []
    for column in form.columns:
        if column.choices is not None:
            cells.append(next(iter(column.choices)))
        elif column.type is ColumnType.TEXT:
            cells.append(_OWN_CELLS.get(column.name, f"X{number}"))
        else:
            cells.append(
                _OWN_CELLS.get(column.name, None if column.name.endswith("_income_vnd") else _CELLS[column.type])
            )
    return cells


def planted(form: Form) -> Rows:
    """Each cell of a form once with personal data in it and once with nothing else, between a title and signatures."""
    rows: list[list[object]] = []
    for position, column in enumerate(form.columns):
        if column.name in _OWN_CELLS:
            continue
        for cell in (PLANTED, GROUPED_PHONE, CITIZEN_ID if column.type is not ColumnType.NUMBER else GROUPED_ID):
            row = filled(form, len(rows))
            row[position] = cell
            rows.append(row)
    extra = [PHONE, 987204613, CITIZEN_ID, EMAIL, PERSON]
    headings = [column.heading for column in form.columns]
    return [
        [f"Người lập: {PERSON}, {PHONE}"],
        [*headings, *PERSONAL_HEADINGS, "Ghi chú"],
        *([*row, *extra, PLANTED] for row in rows),
        [None, f"Người lập biểu {GROUPED_PHONE}"],
        [None, PERSON],
    ]


def as_one_table(rows: Rows) -> Rows:
    """Without title and signatures, which a CSV file has no room for."""
    return rows[1:-2]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home after a night with a workbook, CSV files, labour reports, and files that are refused as a whole."""
    about = {f"Người lập ({PHONE})": PERSON, "Điện thoại": PHONE, "Ghi chú": PLANTED}
    refused = rows_with_a_wrong_total()
    files: dict[str, bytes | str] = {
        "district_submissions/231/bao-cao.xlsx": xlsx(header(**about) | {form.sheet: planted(form) for form in FORMS}),
        f"district_submissions/231/entities_2023-05_{PHONE}.csv": csv_text(as_one_table(planted(ENTITIES))),
        "district_submissions/231/ky-la.xlsx": xlsx(header(PLANTED, **about) | {ENTITIES.sheet: planted(ENTITIES)}),
        "district_submissions/231/don-vi-la.xlsx": xlsx(
            header("2023-07", PLANTED) | {ENTITIES.sheet: planted(ENTITIES)}
        ),
        "district_submissions/231/tong-sai.xlsx": xlsx(header("2023-08") | {PRODUCT_VALUES.sheet: refused}),
        "labour_statistics/231/lao-dong.xlsx": xlsx(
            header("2023-Q2", **about) | {LABOUR_REPORTS.sheet: planted(LABOUR_REPORTS)}
        ),
        "district_submissions/231/z-ho.xlsx": xlsx(header("2023-04") | household_in_every_form()),
        "labour_statistics/228/ho.csv": csv_text(
            rows_of(LABOUR_REPORTS, HOUSEHOLD | {"report_period": "2023-Q1", "total_workers": 1, "regular_workers": 1})
        ),
        "registries/so.xlsx": xlsx(
            sheet(
                ENTITY_ALIASES,
                {"entity_key": "ho-mai", "alias_kind": "mã số thuế", "alias": "8012345678", "reason": "Một hộ"},
            )
        ),
        "labour_statistics/227/lao-dong.csv": csv_text(as_one_table(planted(LABOUR_REPORTS))),
    }
    with standing_home() as home:
        for name, content in files.items():
            target = home / "inbox" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        done = ocop(home, "run", timeout=900)
        assert done.returncode == 0, done.stdout + done.stderr
        assert not TRACES.search(done.stdout + done.stderr)
        yield home


HOUSEHOLD = {"entity_code": "8012345678", "entity_name": "Hộ Mai", "entity_type": "hộ kinh doanh"}


def household_in_every_form() -> dict[str, Rows]:
    """A household business under its code, also in a row that goes back."""
    again = HOUSEHOLD | {"entity_name": "Hộ Mai Hai", "joined_date": "không rõ"}
    product = {"product_name": "Bánh", "event_kind": "đăng ký", "entity_code": "8012 345 678"}
    support = {"voucher_number": "C1", "funding_source": "ngân sách tỉnh", "amount_vnd": 5_000_000}
    return (
        sheet(ENTITIES, HOUSEHOLD, again)
        | sheet(PRODUCT_EVENTS, product)
        | sheet(SUPPORT_DISBURSEMENTS, support | {"entity_code": "8012345678", "disbursed_date": "2023-04-03"})
    )


def rows_with_a_wrong_total() -> Rows:
    good = filled(PRODUCT_VALUES, 1)
    total: list[object] = [None] * len(good)
    total[0], total[4] = f"Tổng cộng ({PLANTED})", 999
    return [[*(column.heading for column in PRODUCT_VALUES.columns)], good, total]


def texts_of(path: Path) -> str:
    """What a file says, of a workbook what its parts say."""
    content = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    return content.decode(errors="replace")


def test_every_table_of_the_warehouse_is_free_of_it(home: Path) -> None:
    with open_warehouse(Settings(home=home, warehouse_url=None)) as warehouse:
        relations = fetch(
            warehouse,
            "select table_schema, table_name from information_schema.tables where table_schema in "
            "('raw', 'ingest', 'staging', 'intermediate', 'marts')",
            role=Role.TRANSFORMER,
        ).rows
        found = []
        for schema, name in relations:
            rows = fetch(warehouse, f'select t::text from "{schema}"."{name}" as t', role=Role.TRANSFORMER).rows  # noqa: S608
            found += [f"{schema}.{name}: {row[0]}" for row in rows if TRACES.search(row[0])]
        assert found == []
        states = fetch(
            warehouse, "select outcome, count(*) from ingest.submission group by 1 order by 1", role=Role.LOADER
        )
        assert states.rows == (("accepted", 2), ("accepted_with_rejections", 5), ("rejected", 3))
        hidden = "select count(*) > 50, bool_and(said = '•••') from ingest.repair where rule = 'personal_data'"
        assert fetch(warehouse, hidden, role=Role.LOADER).rows == ((True, True),)


def test_no_file_of_the_home_holds_it_but_what_the_archive_keeps_as_sent(home: Path) -> None:
    as_sent = {path for path in (home / "archive" / "district_submissions").rglob("*") if path.is_file()}
    as_sent |= {path for path in (home / "inbox" / "rejected").rglob("*") if path.is_file() and path.suffix != ".txt"}
    kept = [
        path for path in home.rglob("*") if path.is_file() and path not in as_sent and "/warehouse/" not in str(path)
    ]
    assert [path.name for path in kept if TRACES.search(texts_of(path))] == []
    assert [path.name for path in home.rglob("*") if TRACES.search(path.name)] == []
    assert {path.suffix for path in kept} >= {".db", ".txt", ".xlsx", ".csv"}
    assert len(as_sent) == 6


def test_dagster_keeps_no_code_of_a_household(home: Path) -> None:
    """Its UI has no login."""
    kept = [path for path in (home / "dagster").rglob("*") if path.is_file()]
    assert [path.name for path in kept if HOUSEHOLD_CODE.search(texts_of(path))] == []


def test_every_column_that_says_such_a_code_is_marked_and_none_of_a_mart_does(home: Path) -> None:
    settings = Settings(home=home, warehouse_url=None)
    specs = dbt_models(manifest_path(settings)).specs_by_key
    marked = {(*key.path, column) for key, spec in specs.items() for column in hidden_columns(spec)}
    found = set()
    with open_warehouse(settings) as warehouse:
        relations = fetch(
            warehouse,
            "select table_schema, table_name from information_schema.tables where table_schema in ('staging', 'marts') "
            "or (table_schema = 'intermediate' and table_type = 'BASE TABLE')",
            role=Role.TRANSFORMER,
        ).rows
        for schema, name in relations:
            sql = f"""
                select distinct cells.key from "{schema}"."{name}" as t, jsonb_each_text(to_jsonb(t)) as cells
                where cells.value ~ '{HOUSEHOLD_CODE.pattern}'
            """  # noqa: S608 - names of dbt
            found |= {(schema, name, column) for (column,) in fetch(warehouse, sql, role=Role.TRANSFORMER).rows}
    assert found <= marked
    assert {schema for schema, _, _ in found} == {"staging", "intermediate"}


def test_no_command_shows_it(home: Path) -> None:
    for command in (
        ("submissions",),
        *(("submissions", f"--{what}") for what in ("returned", "repairs")),
        ("registry",),
    ):
        done = asked(home, *command, "--format", "json")
        assert done.returncode == 0, done.stderr
        assert not TRACES.search(done.stdout)


def test_the_answer_copy_keeps_what_is_no_personal_data_of_a_cell(home: Path) -> None:
    (answer,) = (home / "outbox" / "231" / "2023-06").glob("*bao-cao.xlsx")
    workbook = load_workbook(answer)
    names = [row[1] for row in workbook[ENTITIES.sheet].iter_rows(min_row=3, values_only=True)]
    assert "ĐT •••, CCCD •••, liên hệ: •••" in names
    headings = [cell.value for cell in workbook[ENTITIES.sheet][2]]
    extra = [headings.index(heading) for heading in (*PERSONAL_HEADINGS, "Ghi chú")]
    rows = list(workbook[ENTITIES.sheet].iter_rows(min_row=3, values_only=True))
    assert {row[position] for row in rows for position in extra} == {None}
