"""The forms of labour statistics: what entities report, and figures that the statistics office publishes.

Belongs here: columns and rules, stated once. Stays out: how files are taken apart (`labour_reports`, `labour_lists`,
`pxweb`).
"""

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind, Rule
from ocop_pipeline.sources.entity_types import ENTITY_TYPES, OTHER_ENTITY_TYPES
from ocop_pipeline.vietnamese.amounts import MONEY, PEOPLE

_THOUSAND = 1000


def _workers(name: str, heading: str, alias: str, description: str, *, required: bool = False) -> Column:
    return Column(
        name,
        heading,
        description,
        ColumnType.INTEGER,
        required,
        (alias, "số " + heading.lower()),
        units=PEOPLE,
        minimum=0,
        maximum=100_000,
        is_suppressed=True,
    )


def _income(name: str, heading: str, alias: str, description: str) -> Column:
    return Column(
        name,
        f"{heading} (nghìn đồng)",
        description + ", VND per month (sent in nghìn đồng)",
        ColumnType.NUMBER,
        aliases=(heading.lower(), alias),
        minimum=500,
        maximum=100_000,
        scale=_THOUSAND,
        slip=_THOUSAND,
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
        Column("report_period", "Kỳ báo cáo", "Report period as written", required=True, aliases=("ky_bao_cao",)),
        Column("commune_code", "Mã xã", "Commune of the entity", ColumnType.COMMUNE, aliases=("ma_xa", "xã")),
        Column("commune_name", "Tên xã", "Name of the commune as written", aliases=("ten_xa",)),
        Column("entity_code", "Mã chủ thể", "Code of the entity", aliases=("ma_chu_the",), may_hold_citizen_id=True),
        Column("entity_name", "Tên chủ thể", "Name of the entity", required=True, aliases=("ten_chu_the",)),
        Column(
            "entity_type",
            "Loại hình",
            "Legal form",
            aliases=("loai_hinh",),
            choices=ENTITY_TYPES,
            other_words=OTHER_ENTITY_TYPES,
        ),
        _workers("total_workers", "Tổng lao động", "tong_lao_dong", "All workers", required=True),
        _workers("female_workers", "Lao động nữ", "lao_dong_nu", "Women among them"),
        _workers("regular_workers", "Lao động thường xuyên", "lao_dong_thuong_xuyen", "Regular workers", required=True),
        _workers("seasonal_workers", "Lao động thời vụ", "lao_dong_thoi_vu", "Seasonal workers"),
        _workers("local_workers", "Lao động địa phương", "lao_dong_dia_phuong", "Workers of the place"),
        _workers("insured_workers", "Lao động đóng BHXH", "so_lao_dong_dong_bhxh", "Workers with social insurance"),
        _income(
            "mean_income_vnd",
            "Thu nhập bình quân tháng",
            "thu_nhap_binh_quan_thang",
            "Mean income of regular workers",
        ),
        _income("lowest_income_vnd", "Thu nhập thấp nhất", "thu_nhap_thap_nhat", "Lowest income"),
        _income("highest_income_vnd", "Thu nhập cao nhất", "thu_nhap_cao_nhat", "Highest income"),
        Column(
            "confirmed_date",
            "Ngày xác nhận",
            "Day the report was confirmed",
            ColumnType.DATE,
            aliases=("ngay_xac_nhan",),
        ),
    ),
    key=("report_period", "entity_code", "entity_name"),
    own_rules=(
        _not_more("female_workers", "total_workers", "Lao động nữ", "tổng lao động"),
        _not_more("regular_workers", "total_workers", "Lao động thường xuyên", "tổng lao động"),
        _not_more("seasonal_workers", "total_workers", "Lao động thời vụ", "tổng lao động"),
        _not_more("local_workers", "total_workers", "Lao động địa phương", "tổng lao động"),
        _not_more("insured_workers", "total_workers", "Lao động đóng BHXH", "tổng lao động"),
        _not_more("lowest_income_vnd", "mean_income_vnd", "Thu nhập thấp nhất", "thu nhập bình quân"),
        _not_more("mean_income_vnd", "highest_income_vnd", "Thu nhập bình quân", "thu nhập cao nhất"),
        _not_more("lowest_income_vnd", "highest_income_vnd", "Thu nhập thấp nhất", "thu nhập cao nhất"),
    ),
)
MEASURES = tuple(
    column.name for column in LABOUR_REPORTS.columns if column.type in (ColumnType.INTEGER, ColumnType.NUMBER)
)
"""Columns without any of which a row reports nothing."""

PROVINCE_INDICATORS = Form(
    "province_indicators",
    "PX-Web",
    "a published figure: indicator, place, year or quarter and, where there are any, further dimensions",
    FormKind.FLOW,
    (
        Column("indicator", "Indicator", "Title of the table without its dimensions", required=True),
        Column("measure_unit", "Unit", "Unit of measure as the table states it; empty where it states none"),
        Column("place_name", "Cities, provinces", "Country, region or province", required=True),
        Column("year", "Year", "Year of the figure", ColumnType.INTEGER, required=True, minimum=1900, maximum=2100),
        Column("quarter", "Quarter", "Quarter; empty for a year", ColumnType.INTEGER, minimum=1, maximum=4),
        Column("dimension", "Dimension", "Names of the further dimensions; empty without one"),
        Column("category", "Category", "Their values; empty without one"),
        Column("value", "Value", "The figure; empty where the office publishes none", ColumnType.NUMBER),
        Column("flag", "Flag", "What is written beside the figure or instead of it: sb, na, .."),
        Column("is_preliminary", "Preliminary", "Is the year marked preliminary", ColumnType.BOOLEAN, required=True),
    ),
    key=("indicator", "measure_unit", "place_name", "year", "quarter", "dimension", "category"),
)
