"""Labour: what entities report, and what the statistics office publishes.

Belongs here: the entity labour report (xlsx, CSV) and the PX-Web download of the statistics office.
Stays out: lists of persons (never stored), the KPI on workers (dbt).
"""

from collections.abc import Collection

import pandas as pd

from ocop_pipeline.contracts import Archive, Column, ColumnType, Form, FormKind, Rule, Source
from ocop_pipeline.sources import pxweb
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.csv_files import read_csv_grid
from ocop_pipeline.sources.document import SOURCE_ROW, Arrival, Document, FileRejectedError, Part
from ocop_pipeline.sources.entity_types import ENTITY_TYPES, OTHER_ENTITY_TYPES
from ocop_pipeline.sources.layout import is_heading_of, lay_out
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.tables import Table, form_positions, form_repairs, form_rows, place_of
from ocop_pipeline.sources.workbooks import read_workbook
from ocop_pipeline.vietnamese.amounts import MONEY, PEOPLE
from ocop_pipeline.vietnamese.periods import Period, parse_period
from ocop_pipeline.vietnamese.text import heading_key


def _workers(name: str, heading: str, description: str, alias: str, *, required: bool = False) -> Column:
    return Column(
        name,
        heading,
        description,
        ColumnType.INTEGER,
        required,
        (alias, "số " + alias),
        units=PEOPLE,
        minimum=0,
        maximum=100_000,
        is_suppressed=True,
    )


def _income(name: str, heading: str, description: str, alias: str) -> Column:
    return Column(
        name,
        heading,
        description + ", VND per month (sent in nghìn đồng)",
        ColumnType.NUMBER,
        aliases=(alias,),
        minimum=500,
        maximum=100_000,
        scale=1000,
        stated_in="nghìn đồng",
        adds_up=False,
        units=MONEY,
        is_suppressed=True,
    )


def _not_more(part: str, whole: str, part_vi: str, whole_vi: str) -> Rule:
    return Rule(
        f"{part}_above_{whole}",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": whole, "column_B": part, "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        (part,),
        f"{part_vi} ({{value}}) lớn hơn {whole_vi}.",
        f"{part} ({{value}}) exceeds {whole}.",
    )


LABOUR_REPORTS = Form(
    "labour_reports",
    "Báo cáo lao động",
    "an entity's labour in one period",
    FormKind.FLOW,
    (
        Column("report_period", "ky_bao_cao", "Report period as written", required=True, aliases=("kỳ báo cáo",)),
        Column("commune_code", "ma_xa", "Commune of the entity", ColumnType.COMMUNE, aliases=("mã xã",)),
        Column("commune_name", "ten_xa", "Name of the commune as written", aliases=("tên xã",)),
        Column("entity_code", "ma_chu_the", "Code of the entity", aliases=("mã chủ thể",), may_hold_citizen_id=True),
        Column("entity_name", "ten_chu_the", "Name of the entity", required=True, aliases=("tên chủ thể",)),
        Column(
            "entity_type",
            "loai_hinh",
            "Legal form",
            aliases=("loại hình",),
            choices=ENTITY_TYPES,
            other_words=OTHER_ENTITY_TYPES,
        ),
        _workers("total_workers", "tong_lao_dong", "All workers", "tổng lao động", required=True),
        _workers("female_workers", "lao_dong_nu", "Women among them", "lao động nữ"),
        _workers("regular_workers", "lao_dong_thuong_xuyen", "Regular workers", "lao động thường xuyên", required=True),
        _workers("seasonal_workers", "lao_dong_thoi_vu", "Seasonal workers", "lao động thời vụ"),
        _workers("local_workers", "lao_dong_dia_phuong", "Workers of the place", "lao động địa phương"),
        _workers("insured_workers", "so_lao_dong_dong_bhxh", "Workers with social insurance", "lao động đóng bhxh"),
        _income(
            "mean_income_vnd",
            "thu_nhap_binh_quan_thang",
            "Mean income of regular workers",
            "thu nhập bình quân tháng",
        ),
        _income("lowest_income_vnd", "thu_nhap_thap_nhat", "Lowest income", "thu nhập thấp nhất"),
        _income("highest_income_vnd", "thu_nhap_cao_nhat", "Highest income", "thu nhập cao nhất"),
        Column(
            "confirmed_date",
            "ngay_xac_nhan",
            "Day the report was confirmed",
            ColumnType.DATE,
            aliases=("ngày xác nhận",),
        ),
    ),
    key=("report_period", "entity_code", "entity_name"),
    own_rules=(
        _not_more("female_workers", "total_workers", "Lao động nữ", "tổng lao động"),
        _not_more("regular_workers", "total_workers", "Lao động thường xuyên", "tổng lao động"),
        _not_more("seasonal_workers", "total_workers", "Lao động thời vụ", "tổng lao động"),
        _not_more("local_workers", "total_workers", "Lao động địa phương", "tổng lao động"),
        _not_more("insured_workers", "total_workers", "Lao động đóng BHXH", "tổng lao động"),
    ),
)

PROVINCE_INDICATORS = Form(
    "province_indicators",
    "PX-Web",
    "a published figure: indicator, place, year and, where there is one, a further category",
    FormKind.FLOW,
    (
        Column("indicator", "Indicator", "Title of the table without its dimensions", required=True),
        Column("place_name", "Cities, provinces", "Country, region or province", required=True),
        Column("year", "Year", "Year of the figure", ColumnType.INTEGER, required=True, minimum=1900, maximum=2100),
        Column("category", "Category", "Value of the further dimension; empty without one"),
        Column("value", "Value", "The figure; empty where the office publishes none", ColumnType.NUMBER),
        Column("is_preliminary", "Preliminary", "Is the year marked preliminary", ColumnType.BOOLEAN, required=True),
    ),
    key=("indicator", "place_name", "year", "category"),
)

PERSONAL_COLUMNS = frozenset({"nguoi_lap", "người lập", "ho_ten", "họ tên", "họ và tên", "cccd", "số cccd"})


def read(arrival: Arrival, reference: Reference) -> Document:
    """An entity labour report (workbook, CSV), or a PX-Web table (CSV with a title line and `;`)."""
    if arrival.path.suffix.lower() == ".csv":
        if pxweb.is_table(arrival.path):
            return pxweb.read_table(arrival.path, PROVINCE_INDICATORS)
        grid = read_csv_grid(arrival.path, lambda text: is_heading_of(LABOUR_REPORTS, text))
        return _read_reports(arrival, lay_out(grid, LABOUR_REPORTS, PERSONAL_COLUMNS), reference)
    filled = [grid for grid in read_workbook(arrival.path) if grid.rows]
    if not filled:
        raise FileRejectedError(arrival.path.name, "no_rows", "Tệp không có dữ liệu.", "The workbook holds no data.")
    named = [grid for grid in filled if heading_key(grid.name) == heading_key(LABOUR_REPORTS.sheet)]
    return _read_reports(arrival, lay_out((named or filled)[0], LABOUR_REPORTS, PERSONAL_COLUMNS), reference)


def _read_reports(arrival: Arrival, table: Table, reference: Reference) -> Document:
    """One part per report period: a district may send several quarters in one file.

    A file of one entity speaks for that entity only: it must not replace its neighbours' reports.
    """
    rows = form_rows(table, LABOUR_REPORTS, PERSONAL_COLUMNS)
    if rows.empty:
        raise FileRejectedError(table.sheet, "no_rows", "Tệp không có dòng dữ liệu.", "The file holds no rows.")
    first_rows = rows.drop_duplicates("report_period")
    periods = {
        as_text(cell): _period(as_text(cell), place_of(table.sheet, row))
        for cell, row in zip(first_rows["report_period"], first_rows[SOURCE_ROW], strict=True)
    }
    by_period = rows["report_period"].map(lambda cell: periods[as_text(cell)])
    last = max(periods.values())
    unit_code = _unit(arrival, rows, last, reference)
    _require_one_meaning(unit_code, periods.values(), reference, table)
    entities = {as_text(cell) for cell in rows["entity_code"].fillna(rows["entity_name"])}
    owner = unit_code if len(entities) > 1 else f"{unit_code}/{entities.pop()}"
    parts = tuple(
        _part(owner, period, unit_code, table, rows[by_period == period]) for period in sorted(set(periods.values()))
    )
    return Document(unit_code, Period(min(periods.values()).start, last.end), parts)


def _part(owner: str, period: Period, unit_code: str, table: Table, rows: pd.DataFrame) -> Part:
    own_rows = {0, *rows[SOURCE_ROW]}
    repairs = form_repairs(table, LABOUR_REPORTS, PERSONAL_COLUMNS)
    return Part(
        LABOUR_REPORTS.name,
        owner,
        period,
        table.sheet,
        rows,
        communes_of=unit_code,
        repairs=tuple(repair for repair in repairs if repair.source_row in own_rows),
        columns={name: place + 1 for name, place in form_positions(table, LABOUR_REPORTS, PERSONAL_COLUMNS).items()},
    )


def _period(text: str | None, place: str) -> Period:
    try:
        return parse_period(text or "")
    except ValueError as error:
        raise FileRejectedError(
            place,
            "period_unreadable",
            f"Kỳ báo cáo “{text or ''}” không đọc được; viết ví dụ 2023-Q1, 2023-06 hoặc 2023.",
            f"The report period “{text or ''}” cannot be read; write for example 2023-Q1, 2023-06 or 2023.",
        ) from error


def _require_one_meaning(unit_code: str, periods: Collection[Period], reference: Reference, table: Table) -> None:
    """FileRejectedError when the unit's code meant another unit in one of the periods."""
    if len({reference.unit(unit_code, period.last_day) for period in periods} - {None}) > 1:
        raise FileRejectedError(
            table.sheet,
            "unit_changed",
            f"Mã đơn vị “{unit_code}” chỉ các đơn vị khác nhau trong các kỳ của tệp; hãy tách tệp theo kỳ.",
            f"The code “{unit_code}” means different units in the periods of the file; send a file for each period.",
        )


def _unit(arrival: Arrival, rows: pd.DataFrame, period: Period, reference: Reference) -> str:
    """The folder's unit, else the district that all communes of the file lie in."""
    day = period.last_day
    if arrival.folder:
        unit = reference.find_unit(arrival.folder, day)
        found = {unit.code} if unit else set()
    else:
        communes = [reference.unit(str(code), day) for code in map(as_text, rows["commune_code"].dropna().unique())]
        found = {commune.territory_code for commune in communes if commune and commune.territory_code}
    if len(found) != 1:
        raise FileRejectedError(
            arrival.folder or arrival.path.name,
            "unit_unknown",
            "Không xác định được một huyện duy nhất cho báo cáo; đặt tệp vào thư mục của huyện.",
            "The report does not belong to one district; put the file into the district's folder.",
        )
    return found.pop()


SOURCE = Source(
    "labour_statistics",
    "Thống kê lao động",
    "Entity labour reports, and tables of the statistics office",
    (LABOUR_REPORTS, PROVINCE_INDICATORS),
    Archive.REDACTED,
    (".xlsx", ".xlsm", ".xls", ".ods", ".csv"),
    read,
    PERSONAL_COLUMNS,
)
