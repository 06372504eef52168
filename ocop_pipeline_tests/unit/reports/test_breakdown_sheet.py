"""Variants and breakdowns in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.cells import cell_len

from ocop_pipeline.reports.breakdown_sheet import breakdown_sheets
from ocop_pipeline.reports.wording import Language

NAMES = {
    ("certified_products", ""): "Certified products",
    ("certified_products", "ever_recognised"): "Ever recognised",
    ("star", "3"): "3 stars",
    ("star", "4"): "4 stars",
    ("product_group", "I"): "I Food",
    ("commune", "c07"): "Xã Hy Cương",
    ("communes", ""): "Communes",
}


def row(value: Decimal | None, breakdown: str = "", member: str = "", **more: str) -> dict[str, Any]:
    plain = {
        "kpi": "certified_products",
        "unit_code": "25",
        "unit_name": "Tỉnh Phú Thọ",
        "variant": "",
        "measure_unit": "product",
        "numerator": value,
        "denominator": None,
        "has_series_break": False,
    }
    return plain | {"value": value, "breakdown": breakdown, "member": member} | more


def told(*rows: Mapping[str, Any], language: Language = Language.EN) -> list[list[str | None]]:
    (sheet,) = breakdown_sheets([dict(each) for each in rows], NAMES, language)
    return [list(line) for line in sheet.rows]


def test_members_stand_in_their_own_order_below_their_variant() -> None:
    assert told(
        row(Decimal(51), "star", "4", variant="ever_recognised"),
        row(Decimal(155), "star", "3", variant="ever_recognised"),
        row(Decimal(207), variant="ever_recognised"),
        row(Decimal(52), "star", "4"),
    ) == [
        ["Certified products", None],
        ["  by stars", "4 stars: 52"],
        ["  Ever recognised", "207"],
        ["    by stars", "3 stars: 155; 4 stars: 51"],
    ]


def test_what_nobody_stated_is_a_member_and_a_hidden_figure_says_so() -> None:
    lines = told(
        row(Decimal(4), "product_group", "unknown"),
        row(None, "product_group", "I"),
        language=Language.VI,
    )
    assert lines[1] == ["  theo nhóm sản phẩm", "I Food: ẩn; chưa ghi: 4"]


def test_of_more_than_twelve_members_the_six_largest_are_named() -> None:
    rows = [row(Decimal(number), "commune", f"c{number:02}") for number in range(13)]
    largest = "c12: 12; c11: 11; c10: 10; c09: 9; c08: 8; Xã Hy Cương: 7;"
    assert told(*rows)[1] == ["  by commune", f"{largest}\nand 7 more"]


def test_of_many_shares_is_told_how_many_are_not_zero() -> None:
    rows = [row(Decimal(number % 2), "commune", f"c{number:02}", measure_unit="share") for number in range(13)]
    assert told(*rows)[1] == ["  by commune", "6 / 13"]


def test_long_lists_are_wrapped_between_members() -> None:
    names = [f"{'name ' * 4}{number}" for number in range(9)]
    lines = (told(*(row(Decimal(1), "star", name) for name in names))[1][1] or "").split("\n")
    assert max(map(cell_len, lines)) <= 69
    assert " ".join(lines).split("; ") == [f"{name}: 1" for name in names]
