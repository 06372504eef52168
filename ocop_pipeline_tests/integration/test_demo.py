"""The whole way once per seed: `ocop demo` as a user runs it, held against the generator's own answer key."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from openpyxl import load_workbook

from ocop_pipeline.demo import DEFAULT_SEED
from ocop_pipeline.demo.shop_files import UNMATCHED_ORDER
from ocop_pipeline.demo.shop_layouts import BUYER, BUYER_PHONE
from ocop_pipeline.reports.reporting import all_reports, reports_of
from ocop_pipeline.reports.scorecard import breakdowns_of, scorecard_of
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.vietnamese.periods import parse_period
from ocop_pipeline.warehouse.errors import WarehouseError
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse
from ocop_pipeline_tests.commands import asked, ocop
from ocop_pipeline_tests.conftest import temporary_folder
from ocop_pipeline_tests.integration.conftest import Demo

pytestmark = pytest.mark.slow
BUILT = {
    "certified_products",
    "rural_workers",
    "worker_income",
    "value_growth",
    "new_entities",
    "linked_products_share",
    "units_with_sales_point",
    "participating_communes_share",
    "product_value",
    "trade_promotion_events",
    "online_sales",
    "support_funding",
}
NAMES = ("kpi", "as_of", "unit_code", "variant", "breakdown", "member")
NUMBERS = ("value", "numerator", "denominator")
NOTHING = {**dict.fromkeys(NUMBERS), "is_suppressed": False}


@pytest.fixture(scope="module", params=[DEFAULT_SEED, pytest.param(7, marks=pytest.mark.thorough)])
def demo(request: pytest.FixtureRequest, demo_of: Callable[[int], Demo]) -> Demo:
    """The simulated province, and another one."""
    return demo_of(request.param)


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def computed(demo: Demo) -> dict[tuple[str, ...], dict[str, Any]]:
    """What the pipeline says, by NAMES."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for as_of in sorted({figure["as_of"] for figure in demo.key["figures"]}):
        for by in ("province", "district"):
            for answer in (
                scorecard_of(demo.warehouse, date.fromisoformat(as_of), by),
                breakdowns_of(demo.warehouse, date.fromisoformat(as_of), by),
            ):
                for row in rows_of(answer):
                    found[tuple(str(row[name]) for name in NAMES)] = row
    return found


def differences(figure: dict[str, Any], row: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Where the row does not say what the key says; what the key marks as suppressed must not be said at all."""
    expected = NOTHING if figure["is_suppressed"] else figure
    wrong: list[tuple[Any, ...]] = [
        (name, expected[name], row[name]) for name in NUMBERS if not is_equal(expected[name], row[name])
    ]
    if row["is_suppressed"] != figure["is_suppressed"]:
        wrong.append(("is_suppressed", figure["is_suppressed"], row["is_suppressed"]))
    return wrong


def is_equal(expected: float | None, got: Any) -> bool:  # noqa: ANN401 - a number of any kind
    """Nothing is not the same as 0."""
    if expected is None or got is None:
        return expected is None and got is None
    return float(got) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_every_figure_of_the_answer_key_is_on_the_scorecard_and_no_other(demo: Demo) -> None:
    on_scorecard = computed(demo)
    expected = {tuple(str(figure[name]) for name in NAMES): figure for figure in demo.key["figures"]}
    wrong = []
    for place in expected.keys() | on_scorecard.keys():
        found = differences(expected.get(place, NOTHING), on_scorecard.get(place, NOTHING))
        wrong += [(place, *difference) for difference in found]
    assert {place[0] for place in expected} == BUILT
    assert len(expected) == len(demo.key["figures"]) > 3000
    assert sorted(wrong, key=str) == []


def sums_by_figure(demo: Demo, day: date, sql: str) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    answer = fetch(demo.warehouse, sql, role=Role.TRANSFORMER, as_of=day)
    return {(kpi, variant, unit): tuple(rest) for kpi, variant, unit, *rest in answer.rows}


@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2022, 3, 10), date(2023, 11, 24), date(2023, 12, 31)])
def test_the_rows_behind_each_figure_add_up_to_it_exactly(demo: Demo, day: date) -> None:
    figures = sums_by_figure(
        demo,
        day,
        "select kpi_code, variant, unit_code, coalesce(numerator, 0), coalesce(denominator, 0), row_count, "
        "submission_count from marts.kpi_values_at where breakdown = '' and variant <> 'median' and not is_suppressed "
        "and (value is null or numerator is not null)",
    )
    rows = sums_by_figure(
        demo,
        day,
        "select kpi_code, variant, unit_code, coalesce(sum(numerator), 0), coalesce(sum(denominator), 0), "
        "count(load_id), count(distinct submission_id) from intermediate.int_evidence_united group by 1, 2, 3",
    )
    nothing = (0, 0, 0, 0)
    assert {place: rows.get(place, nothing) for place in figures} == figures
    assert day < date(2023, 11, 24) or {kpi for kpi, variant, _ in figures if not variant} == BUILT


def test_no_figure_about_few_people_can_be_read_in_the_marts(demo: Demo) -> None:
    hidden = "select count(*), count(value), count(numerator), count(denominator) from marts.{} where is_suppressed"
    stored = fetch(demo.warehouse, hidden.format("kpi_values")).rows[0]
    assert stored[0] > 0 or demo.seed != DEFAULT_SEED
    assert stored[1:] == (0, 0, 0)
    assert fetch(demo.warehouse, hidden.format("kpi_scorecard")).rows[0][1:] == (0, 0, 0)
    small = fetch(
        demo.warehouse,
        "select unit_code, value from marts.kpi_values "
        "where value is not null and unit_code <> '25' and breakdown = '' "
        "and kpi_code = 'rural_workers' and variant <> 'entities_missing_report' and (row_count < 2 or value < 5)",
    )
    assert small.rows == ()
    incomes = fetch(
        demo.warehouse,
        "select unit_code, value from marts.kpi_values where kpi_code = 'worker_income' and unit_code <> '25' "
        "and (variant <> '' or value is not null and (row_count < 2 or denominator < 5))",
    )
    assert incomes.rows == ()
    for hidden_relation in ("fct_labour_reports", "kpi_rural_workers", "kpi_worker_income", "int_evidence_united"):
        with pytest.raises(WarehouseError, match="permission denied"):
            fetch(demo.warehouse, f"table intermediate.{hidden_relation}")
        for known in (f"as_known.{hidden_relation}", f"as_known.{hidden_relation}()"):
            with pytest.raises(WarehouseError, match="permission denied"):
                fetch(demo.warehouse, f"select * from {known}")  # noqa: S608 - our own name


def test_what_was_known_is_asked_of_functions_that_a_server_can_plan(demo: Demo) -> None:
    then = datetime(2024, 1, 15, 17, tzinfo=VIETNAM)
    session: dict[str, Any] = {"as_of": date(2023, 12, 31), "known_at": then}
    assert len(fetch(demo.warehouse, "select * from as_known.kpi_scorecard_at()", **session).rows) == 12 * 14
    on = "select * from marts.kpi_scorecard_on('2023-12-31', '2024-01-15 17:00+07')"
    assert len(fetch(demo.warehouse, on).rows) == 12 * 14
    # The views below them nest so deep that one plan took 21 GB.
    with pytest.raises(WarehouseError, match="permission denied"):
        fetch(demo.warehouse, "table as_known.kpi_scorecard_at")


def test_only_the_auditor_sees_what_single_entities_told_of_their_people(demo: Demo) -> None:
    day = ("--as-of", "2023-11-24", "--format", "json")
    read, audited = (
        json.loads(asked(demo.home, "trace", "rural_workers", *who, *day).stdout) for who in ((), ("--auditor",))
    )
    places = [[(row["file"], row["sheet"], row["row"]) for row in rows] for rows in (read, audited)]
    assert places[0] == places[1] != []
    assert {row["numerator"] for row in read} == {None}
    figure = next(
        figure
        for figure in demo.key["figures"]
        if (figure["kpi"], figure["as_of"], figure["unit_code"], figure["variant"])
        == ("rural_workers", "2023-11-24", "25", "")
    )
    assert sum(row["numerator"] for row in audited) == figure["value"]
    lowest = ("trace", "worker_income", "--variant", "lowest", *day)
    assert json.loads(asked(demo.home, *lowest).stdout) == []
    assert len(json.loads(asked(demo.home, *lowest, "--auditor").stdout)) == 1
    told = asked(demo.home, "trace", "rural_workers", "--as-of", "2023-11-24").stdout.splitlines()[-1]
    assert "each of the people of one entity: what they say is for --auditor" in told


def test_the_demo_is_calibrated_to_the_directive(demo: Demo) -> None:
    rows = {row["kpi"]: row for row in rows_of(scorecard_of(demo.warehouse, date(2023, 11, 24), "province"))}
    first_rows = {
        day: rows_of(scorecard_of(demo.warehouse, day, "province"))[0]
        for day in (date(2020, 12, 31), date(2023, 1, 31))
    }

    assert len(rows) == 12
    assert rows["certified_products"]["value"] == 194
    assert first_rows[date(2020, 12, 31)]["value"] == 28
    assert first_rows[date(2023, 1, 31)]["value"] == 139
    assert 4000 < rows["rural_workers"]["value"] <= 6000
    assert rows["units_with_sales_point"]["value"] < 13
    certified = fetch(
        demo.warehouse,
        "select numerator, denominator from marts.kpi_values_at where kpi_code = 'participating_communes_share' "
        "and variant = 'certified' and unit_code = '25'",
        as_of=date(2023, 11, 24),
    ).rows[0]
    assert certified[0] < 125
    assert certified[1] == 225
    assert rows["worker_income"]["status"] == "met"
    assert 0.1 <= rows["value_growth"]["value"] <= 0.15
    assert rows["value_growth"]["denominator"] >= 8
    assert rows["product_value"]["value"] > 360e9
    assert {kpi for kpi, row in rows.items() if row["status"] == "not_measured"} == set()


def test_each_planned_mistake_is_found_and_nothing_else(demo: Demo) -> None:
    answer = fetch(demo.warehouse, "select unnest(rules) from ingest.quarantine", role=Role.LOADER)
    assert Counter(rule for (rule,) in answer.rows) == demo.key["quarantined"]
    answer = fetch(
        demo.warehouse,
        "select inbox_path, rule from ingest.submission where outcome = 'rejected'",
        role=Role.LOADER,
    )
    assert dict(answer.rows) == demo.key["rejected_files"]


def test_of_the_uneven_month_one_district_each_is_missing_late_rejected_and_restated(demo: Demo) -> None:
    found: dict[str, str] = {}
    for report in reports_of(demo.warehouse, parse_period("2024-01")):
        for fate in (report.status, *(["restated"] if report.is_restated else [])):
            if fate != "on_time":
                assert fate not in found
                found[fate] = report.unit_code
    assert found == demo.key["uneven_month"]


def test_of_all_months_before_nothing_is_missing_or_late(demo: Demo) -> None:
    until = parse_period("2023").end
    owed = [report for report in all_reports(demo.warehouse) if report.period.end <= until]
    fates = Counter(report.status for report in owed if report.source == "district_submissions")
    # A sheet whose only row is a planned mistake has brought nothing.
    assert fates["on_time"] + fates["rejected"] == fates.total()
    assert fates["rejected"] <= len(demo.key["bad_rows"])
    rates = fetch(
        demo.warehouse,
        "select received_share, on_time_share from marts.kpi_reporting_rates where unit_code = '25' "
        "and source = 'district_submissions' and period_from = '2024-01-01'",
    )
    assert [[float(share) for share in row] for row in rates.rows] == [pytest.approx([11 / 13, 10 / 13])]


def test_the_output_shows_the_scorecard_and_what_went_back(demo: Demo) -> None:
    assert "194" in demo.output
    assert "mô phỏng" in demo.output
    assert "chưa đo" not in demo.output
    assert "OCOP scorecard of Tỉnh Phú Thọ as of 24/11/2023" in demo.output
    for path in demo.key["rejected_files"]:
        assert Path(path).name in demo.output
    for row in demo.key["bad_rows"]:
        assert row["rule"] in demo.output


def first_column(path: Path, sheet: str) -> set[object]:
    """What stands below the heading of a sheet's first column."""
    return {row[0] for row in load_workbook(path)[sheet].iter_rows(min_row=2, values_only=True)}


def test_a_template_names_what_the_unit_itself_had_reported(demo: Demo, tmp_path: Path) -> None:
    template = tmp_path / "a.xlsx"
    made = asked(
        demo.home, *("template", "district_submissions", "--unit", "227", "--period", "2023-10", "-o", str(template))
    )
    assert (made.returncode, made.stderr) == (0, "")
    (sent,) = (demo.home / "archive" / "district_submissions" / "227").glob("*-bao-cao-2023-10.xlsx")
    assert first_column(template, "Chủ thể") == first_column(sent, "Chủ thể")
    assert set() < first_column(template, "Giá trị") <= first_column(sent, "Giá trị")
    assert first_column(template, "Sản phẩm") == first_column(template, "Kinh phí") == set()
    made = asked(
        demo.home, *("template", "labour_statistics", "--unit", "227", "--period", "2023-Q3", "-o", str(template))
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert first_column(template, "Báo cáo lao động") == {"2023-Q3"}


def test_each_file_with_a_planned_mistake_is_answered(demo: Demo) -> None:
    returned = json.loads(asked(demo.home, "submissions", "--returned", "--format", "json").stdout)
    answers = {file["answer"] for file in returned if file["answer"]}
    asked_back = [file["file"].partition("/")[0] for file in returned if file["answer"]]
    assert set(asked_back) == {"district_submissions", "labour_statistics"}
    assert answers == {path.relative_to(demo.home / "outbox").as_posix() for path in demo.home.rglob("tra-lai-*.xlsx")}


@pytest.mark.parametrize(("lang", "said"), [("en", "not stated"), ("vi", "chưa ghi")])
def test_the_breakdowns_fit_a_terminal_and_their_groups_add_up(demo: Demo, lang: str, said: str) -> None:
    asked_for = ("scorecard", "--as-of", "2023-11-24", "--breakdown", "--lang", lang)
    shown = asked(demo.home, *asked_for).stdout
    assert max(map(len, shown.splitlines())) <= 120
    figures = json.loads(asked(demo.home, *asked_for, "--format", "json").stdout)
    groups = {
        row["member"]: row["value"]
        for row in figures
        if (row["kpi"], row["variant"], row["breakdown"]) == ("certified_products", "", "product_group")
    }
    assert sum(groups.values()) == 194
    assert ("unknown" in groups) == (said in shown)


def contents(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of raw and marts, in order."""
    tables = fetch(
        warehouse,
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in ('raw', 'marts') and table_type = 'BASE TABLE'",
        role=Role.TRANSFORMER,
    ).rows
    return {
        f"{schema}.{name}": sorted(
            fetch(warehouse, f'select t::text from "{schema}"."{name}" as t', role=Role.TRANSFORMER).rows  # noqa: S608
        )
        for schema, name in tables
    }


def test_the_return_of_an_order_that_no_export_tells_of_is_shown(demo: Demo) -> None:
    returns = fetch(demo.warehouse, "select order_id, is_matched from marts.fct_order_returns order by is_matched").rows
    assert [order for order, is_matched in returns if not is_matched] == [UNMATCHED_ORDER]
    assert len(returns) > 1


@pytest.mark.parametrize("demo", [DEFAULT_SEED], indirect=True)
def test_nothing_of_the_buyers_is_in_any_schema_or_event_or_file_behind_the_reader(demo: Demo) -> None:
    """Each export names buyers in every column about them, also on the row that went to quarantine."""
    traces = re.compile(rf"{BUYER}|(?<!\d){BUYER_PHONE}\d{{4}}(?!\d)", re.IGNORECASE)
    relations = fetch(
        demo.warehouse,
        "select table_schema, table_name from information_schema.tables where table_schema in "
        "('raw', 'ingest', 'staging', 'intermediate', 'marts') and table_name not like '%evidence%'",
        role=Role.TRANSFORMER,
    ).rows
    assert {schema for schema, _ in relations} == {"raw", "ingest", "staging", "intermediate", "marts"}
    wanted = {"traces": rf"{BUYER}|(^|[^0-9]){BUYER_PHONE}[0-9]{{4}}($|[^0-9])"}
    found = []
    for schema, name in relations:
        sql = f'select count(*) from "{schema}"."{name}" as t where t::text ~* :traces'  # noqa: S608 - names of dbt
        found += [name] if fetch(demo.warehouse, sql, wanted, role=Role.TRANSFORMER).rows != ((0,),) else []
    events = [path for path in (demo.home / "dagster").rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in events)
    for folder in ("archive", "outbox"):
        events += [path for path in (demo.home / folder).rglob("*") if path.is_file()]
    found += [path.name for path in events if traces.search(path.read_bytes().decode(errors="replace"))]
    assert found == []
    assert not traces.search(demo.output)


@pytest.mark.parametrize("demo", [DEFAULT_SEED], indirect=True)
def test_a_night_without_new_files_changes_nothing(demo: Demo) -> None:
    before = contents(demo.warehouse)
    done = asked(demo.home, "run")
    assert done.returncode == 0, done.stderr
    assert "nothing changed" in done.stdout
    assert contents(demo.warehouse) == before
    assert len(before) > 20


@pytest.mark.parametrize("demo", [DEFAULT_SEED], indirect=True)
def test_the_same_files_again_are_duplicates_and_count_once(demo: Demo) -> None:
    before = contents(demo.warehouse)
    done = ocop(demo.home, "demo", "--seed", str(demo.seed))
    assert done.returncode == 0, done.stderr
    assert "trùng" in done.stdout
    assert contents(demo.warehouse) == before


def test_nothing_is_left_running_after_the_demo() -> None:
    with temporary_folder() as home:
        done = ocop(home, "scorecard")
        assert done.returncode == 1
        assert "run `ocop demo`" in done.stderr
        left = [p for p in psutil.process_iter(["cmdline"]) if str(home) in " ".join(p.info["cmdline"] or [])]
        assert left == []


def test_the_mart_names_exactly_the_disagreements_of_the_key(demo: Demo) -> None:
    found = fetch(
        demo.warehouse, "select rule_code, unit_code, subject_key, period_from::text from marts.fct_disagreements"
    ).rows
    expected = [(one["rule"], one["unit_code"], one["subject"], one["start"]) for one in demo.key["disagreements"]]
    assert sorted(found) == sorted(expected)
    figures = "select left_value, right_value from marts.fct_disagreements where rule_code = 'workers_disagree'"
    assert fetch(demo.warehouse, figures).rows == ((None, None), (None, None))


def test_who_must_answer_finds_the_disagreements_in_the_folder_of_the_period(demo: Demo) -> None:
    one = next(one for one in demo.key["disagreements"] if one["rule"] == "workers_disagree")
    period = parse_period({"04-01": "2023-Q2", "07-01": "2023-Q3"}[one["start"][5:]]).label
    sheet = load_workbook(demo.home / "outbox" / one["unit_code"] / period / "doi-chieu.xlsx")["Đối chiếu"]
    rows = [list(row) for row in sheet.iter_rows(min_row=6, values_only=True)]
    (row,) = [row for row in rows if row[1] == "Lao động ở biểu Chủ thể khác báo cáo lao động"]
    assert (row[5], row[7]) == (one["left"], one["right"])
    assert "trang Chủ thể, dòng" in str(row[4])
    listed = json.loads(asked(demo.home, "disagreements", "--rule", "workers_disagree", "--format", "json").stdout)
    assert {(row["unit_code"], row["left_value"]) for row in listed} >= {(one["unit_code"], None)}
