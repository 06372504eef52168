"""The generated inbox as a whole: deterministic, calibrated for every seed, wrong only where it means to be."""

import csv
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from unicodedata import normalize

import openpyxl
import pytest

from ocop_pipeline.demo import DEFAULT_SEED, AnswerKey, Figure, generate
from ocop_pipeline.demo.shop_files import UNMATCHED_ORDER
from ocop_pipeline.demo.shop_layouts import BUYER, BUYER_PHONE
from ocop_pipeline.settings import PROJECT_ROOT
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.sources.district_forms import FORMS
from ocop_pipeline.sources.document import Arrival, FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.verdict import judge_batch

SEEDS_DIR = PROJECT_ROOT / "dbt_project" / "seeds"
DIRECTIVE_DAY = "2023-11-24"

NOT_ADDITIVE = {
    ("trade_promotion_events", ""),
    ("online_sales", "unmapped"),
    ("worker_income", ""),
    ("worker_income", "lowest"),
    ("worker_income", "highest"),
    ("value_growth", "median"),
}
"""A fair of three districts, what nobody can place, what is no sum, and sums that are shown of some districts only."""

Generate = Callable[[int], tuple[Path, AnswerKey]]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generate:
    made: dict[int, tuple[Path, AnswerKey]] = {}

    def of_seed(seed: int) -> tuple[Path, AnswerKey]:
        if seed not in made:
            inbox = tmp_path_factory.mktemp(f"seed{seed}") / "inbox"
            made[seed] = inbox, generate(inbox, seeds_dir=SEEDS_DIR, seed=seed)
        return made[seed]

    return of_seed


def _hashes(inbox: Path) -> dict[str, str]:
    files = [path for path in inbox.rglob("*") if path.is_file()]
    return {path.relative_to(inbox).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_and_the_same_key(generated: Generate, tmp_path: Path) -> None:
    inbox, key = generated(DEFAULT_SEED)
    again = generate(tmp_path, seeds_dir=SEEDS_DIR)
    assert _hashes(tmp_path) == _hashes(inbox)
    assert again == key


def test_another_seed_gives_another_province(generated: Generate) -> None:
    one, other = generated(1)[1], generated(2)[1]

    def by_district(key: AnswerKey) -> list[float | None]:
        return [f.value for f in key.figures if f.unit_code != "25" and f.as_of == DIRECTIVE_DAY]

    assert by_district(one) != by_district(other)
    for kpi in ("rural_workers", "product_value", "online_sales", "participating_communes_share"):
        assert one.figure(kpi, DIRECTIVE_DAY).value != other.figure(kpi, DIRECTIVE_DAY).value


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 1, 2, 3, 99])
def test_the_published_figures_come_out_for_every_seed(generated: Generate, seed: int) -> None:
    key = generated(seed)[1]

    def value(kpi: str, as_of: str = DIRECTIVE_DAY, **rest: str) -> float:
        found = key.figure(kpi, as_of, **rest).numerator
        assert found is not None
        return found

    dates = ("2020-12-31", "2022-12-31", "2023-01-31", DIRECTIVE_DAY, "2023-12-31")
    assert [value("certified_products", day) for day in dates] == [28, 139, 139, 194, 235]
    assert [value("certified_products", "2020-12-31", member=stars) for stars in "34"] == [20, 8]
    assert 4000 < value("rural_workers") < 6000
    assert 360e9 < value("product_value") < 420e9
    assert 0 < value("online_sales") < value("product_value") / 10
    assert value("units_with_sales_point") < 13
    assert value("participating_communes_share", variant="certified") < 125
    assert value("participating_communes_share", "2023-12-31") <= 125
    share = {kpi: key.figure(kpi, DIRECTIVE_DAY).value for kpi in ("worker_income", "linked_products_share")}
    assert 5e6 < (share["worker_income"] or 0) < 7e6
    assert 0.2 < (share["linked_products_share"] or 0) < 0.4


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 1, 2, 3, 99])
def test_the_growth_after_certification_is_measured_for_the_province_and_hardly_below(
    generated: Generate, seed: int
) -> None:
    key = generated(seed)[1]
    mean = key.figure("value_growth", DIRECTIVE_DAY)
    assert 0.11 < (mean.value or 0) < 0.14
    assert (mean.denominator or 0) >= 8
    beside = {key.figure("value_growth", DIRECTIVE_DAY, variant=v).value for v in ("median", "sum_over_sum", "price")}
    assert len({mean.value, *beside} - {None}) == 4
    measured = [f for f in key.figures if f.kpi == "value_growth" and f.as_of == DIRECTIVE_DAY and not f.variant]
    assert sum(figure.value is not None for figure in measured if figure.unit_code != "25") <= 4
    assert key.figure("value_growth", "2023-01-31").value is None


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 1, 2, 3, 99])
def test_new_producers_come_in_after_the_day_of_the_directive(generated: Generate, seed: int) -> None:
    key = generated(seed)[1]
    assert key.figure("new_entities", "2023-01-31").value is None
    assert key.figure("new_entities", DIRECTIVE_DAY).value == 0
    registered = key.figure("new_entities", "2023-12-31")
    certified = key.figure("new_entities", "2023-12-31", variant="first_certified")
    assert 0 < (registered.value or 0) < (certified.value or 0)


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 1])
def test_districts_add_up_to_the_province(generated: Generate, seed: int) -> None:
    key = generated(seed)[1]
    of_districts: dict[tuple[str, ...], float] = defaultdict(float)
    for figure in key.figures:
        if figure.unit_code != "25":
            of_districts[_place(figure)] += figure.numerator or 0
    for figure in key.figures:
        if figure.unit_code == "25" and (figure.kpi, figure.variant) not in NOT_ADDITIVE:
            assert of_districts[_place(figure)] == pytest.approx(figure.numerator or 0, rel=1e-12, abs=1e-9)


def _place(figure: Figure) -> tuple[str, ...]:
    return figure.kpi, figure.as_of, figure.variant, figure.breakdown, figure.member


def test_nothing_before_the_first_report_is_no_figure_not_zero(generated: Generate) -> None:
    key = generated(DEFAULT_SEED)[1]
    for kpi in ("rural_workers", "product_value", "online_sales"):
        assert key.figure(kpi, "2020-12-31").value is None


def test_the_files_are_those_that_the_key_counts(generated: Generate) -> None:
    inbox, key = generated(DEFAULT_SEED)
    counted = {folder.name: sum(path.is_file() for path in folder.rglob("*")) for folder in inbox.iterdir()}
    assert counted == key.files
    assert sum(counted.values()) < 420
    assert sum(key.rows.values()) < 60_000


def test_a_workbook_opens_with_its_headings_real_dates_and_the_mark_that_it_is_simulated(generated: Generate) -> None:
    inbox, _ = generated(DEFAULT_SEED)
    workbook = openpyxl.load_workbook(inbox / "district_submissions" / "227" / "bao-cao-2023-06.xlsx")
    assert workbook.sheetnames == ["Thông tin", *(form.sheet for form in FORMS)]
    for form in FORMS:
        assert [cell.value for cell in workbook[form.sheet][1]] == [column.heading for column in form.columns]
    header = {row[0]: row[1] for row in workbook["Thông tin"].values}
    assert header["Kỳ báo cáo"] == "tháng 6/2023"
    assert header["Đơn vị báo cáo"] == "227"
    assert header["Ghi chú"] == "Dữ liệu mô phỏng"
    assert header["Ngày lập"] == datetime(2023, 7, 5)  # noqa: DTZ001 - a spreadsheet date has no zone


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 1, 2, 3])
def test_the_correction_arrives_after_the_workbook_that_it_corrects(generated: Generate, seed: int) -> None:
    inbox, key = generated(seed)
    assert len(key.superseded_files) == 2
    for wrong in key.superseded_files:
        corrected = wrong.replace(".xlsx", "_dinh-chinh.xlsx")
        assert (inbox / wrong).stat().st_mtime < (inbox / corrected).stat().st_mtime
        assert _revenue(inbox / wrong) > _revenue(inbox / corrected)


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 1, 2, 3])
def test_of_the_uneven_month_four_districts_have_the_fates_of_the_key(generated: Generate, seed: int) -> None:
    inbox, key = generated(seed)
    files = sorted(inbox.glob("district_submissions/*/bao-cao-2024-01*"))
    by_district = Counter(path.parent.name for path in files)
    assert len(set(key.uneven_month.values())) == 4
    assert len(by_district) == 12
    assert key.uneven_month["missing"] not in by_district
    assert [district for district, count in by_district.items() if count > 1] == [key.uneven_month["restated"]]
    late = {path.parent.name for path in files if datetime.fromtimestamp(path.stat().st_mtime, UTC).day > 10}
    assert late == {key.uneven_month["late"]}
    assert {path.split("/")[1] for path in key.rejected_files if "2024-01" in path} == {key.uneven_month["rejected"]}


def _revenue(path: Path) -> int:
    rows = list(openpyxl.load_workbook(path)["Giá trị"].values)
    return sum(int(str(row[rows[0].index("Doanh thu kỳ")])) for row in rows[1:])


def test_the_contract_finds_exactly_the_mistakes_of_the_key(generated: Generate, tmp_path: Path) -> None:
    inbox, key = generated(DEFAULT_SEED)
    reference = Reference.load(SEEDS_DIR, tmp_path)
    corrected = {path.replace(".xlsx", "_dinh-chinh.xlsx") for path in key.superseded_files}
    chosen = {bad_row.path for bad_row in key.bad_rows} | {"ecommerce_sales/sku_products.xlsx"} | corrected
    found = set()
    for source in ALL_SOURCES:
        paths = sorted(path for path in chosen if path.startswith(source.name))
        documents = [source.read(_arrival(inbox, path), reference) for path in paths]
        for form in source.forms:
            verdict = judge_batch(form, documents, reference)
            for number, path in enumerate(paths):
                found |= {(path, row.form, row.source_row, *row.rules) for row in verdict.bad(number)}
    assert found == {(bad_row.path, bad_row.form, bad_row.row, bad_row.rule) for bad_row in key.bad_rows}
    assert len(found) == 7


def test_a_file_that_was_cut_off_is_rejected_by_the_rule_of_the_key(generated: Generate, tmp_path: Path) -> None:
    inbox, key = generated(DEFAULT_SEED)
    assert len(key.rejected_files) == 2
    for path, rule in key.rejected_files.items():
        with pytest.raises(FileRejectedError) as rejection:
            ALL_SOURCES[0].read(_arrival(inbox, path), Reference.load(SEEDS_DIR, tmp_path))
        assert rejection.value.rule == rule


def _arrival(inbox: Path, path: str) -> Arrival:
    parts = Path(path).parts
    return Arrival(inbox / path, parts[1] if len(parts) > 2 else "")


def test_columns_about_buyers_are_filled_with_people_who_are_obviously_made_up(generated: Generate) -> None:
    inbox, _ = generated(DEFAULT_SEED)
    shops = inbox / "ecommerce_sales"
    for path, names, phones in (
        ("che_phu_tho/Tất cả đơn hàng-2023-03-01-08_00.csv", ("Recipient", "Buyer Username", "Seller Note"), "Phone #"),
        ("ocop_dat_to/Order.all.20230825_20230930.xlsx", ("Tên Người nhận", "Ghi chú"), "Số điện thoại"),
        ("mi_gao_hung_lo/lazada-20230825-20230930.xlsx", ("customerName", "customerEmail"), "shippingPhone"),
    ):
        lines = _lines(shops / path)
        assert len(lines) > 50
        for line in lines:
            assert all(BUYER.casefold() in str(line[name]).casefold() for name in names)
            assert BUYER_PHONE in str(line[phones])


def test_an_export_restates_an_earlier_one_and_lies_before_it_in_the_inbox(generated: Generate) -> None:
    folder = generated(DEFAULT_SEED)[0] / "ecommerce_sales" / "ocop_dat_to"
    first, anew = folder / "Order.all.20230525_20230630.xlsx", folder / "Order.all.20230601_20230630.xlsx"
    assert anew.stat().st_mtime < first.stat().st_mtime
    before = {line["Mã đơn hàng"]: line["Trạng Thái Đơn Hàng"] for line in _lines(first)}
    after = {line["Mã đơn hàng"]: line["Trạng Thái Đơn Hàng"] for line in _lines(anew)}
    changed = {order for order in after.keys() & before.keys() if after[order] != before[order]}
    following = {line["Mã đơn hàng"] for line in _lines(folder / "Order.all.20230624_20230731.xlsx")}
    assert changed - following


def test_sales_hold_all_that_the_pipeline_must_tell_apart(generated: Generate) -> None:
    shops = generated(DEFAULT_SEED)[0] / "ecommerce_sales"
    shopee = [line for path in shops.glob("ocop_dat_to/*.xlsx") for line in _lines(path)]
    tiktok = [line for path in shops.glob("che_phu_tho/Tất cả*.csv") for line in _lines(path)]
    lazada = [line for path in shops.glob("mi_gao_hung_lo/*.xlsx") for line in _lines(path)]
    assert any(line.get("Số lượng sản phẩm được hoàn trả") not in (None, "0") for line in shopee)
    assert any(str(line.get("Trạng Thái Đơn Hàng")).startswith("Người mua xác nhận") for line in shopee)
    assert {"Cancel", "Hủy", "Return/Refund"} < {line["Cancelation/Return Type"] for line in tiktok}
    assert {"returned", "Package Returned", "canceled"} < {line["status"] for line in lazada}
    assert any(int(str(line["Số lượng"])) >= 20 for line in shopee)
    returns = _lines(next(shops.glob("che_phu_tho/Trả hàng*.csv")))
    assert {line["Return Status"] for line in returns} == {"Completed", "Rejected"}
    assert {str(line["Order ID"]).strip() for line in returns} - {str(line["Order ID"]).strip() for line in tiktok} == {
        UNMATCHED_ORDER
    }


def _lines(path: Path) -> list[dict[str, object]]:
    """The rows of an export under its headings, TikTok's row of descriptions left out."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))[1:]
    headings, *rows = openpyxl.load_workbook(path).worksheets[0].values
    names = [normalize("NFC", str(heading)) for heading in headings]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_key_is_written_as_json(generated: Generate, tmp_path: Path) -> None:
    key = generated(DEFAULT_SEED)[1]
    key.write(tmp_path / "demo" / "answer_key.json")
    read = json.loads((tmp_path / "demo" / "answer_key.json").read_text(encoding="utf-8"))
    assert read["is_simulated"] is True
    assert len(read["figures"]) == len(key.figures)
    assert {date.fromisoformat(figure["as_of"]).year for figure in read["figures"]} == {2020, 2022, 2023}
