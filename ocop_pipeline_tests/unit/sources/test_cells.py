"""Each type's cells become values, repairs or problems; no cell whatever makes a reader fail otherwise."""

from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_pipeline.contracts import Column, ColumnType, Form, FormKind
from ocop_pipeline.sources.cells import clean
from ocop_pipeline.sources.district_forms import ENTITIES, PRODUCT_EVENTS, PRODUCT_VALUES
from ocop_pipeline.sources.document import Part
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.vietnamese.periods import parse_period
from ocop_pipeline_tests.mutations import random_cell

JUNE = parse_period("2023-06")
ALL_TYPES = Form(
    "all", "Thử", "a toy", FormKind.FLOW, tuple(Column(type_, type_, type_, type_) for type_ in ColumnType)
)


def read(form: Form, reference: Reference, column: str, cell: object, **beside: object) -> tuple[Any, Any, str | None]:
    """What a cell is read as, its problem, and the rule of its repair."""
    cells = {c.name: beside.get(c.name) for c in form.columns} | {"source_row": 2, column: cell}
    part = Part(form.name, "231", JUNE, "Thử", pd.DataFrame([cells], dtype="object"))
    cleaned = clean(form, [part], reference)
    row = cleaned.rows.iloc[0]
    rules = [repair.rule for repair in cleaned.repairs.get(0, ()) if repair.column == column]
    return row[column], row.get(f"{column}__problem"), next(iter(rules), None)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        ("Doanh nghiệp", "enterprise", None),
        ("HTX", "cooperative", None),
        ("Tổ hợp tác.", "cooperative_group", None),
        ("DN", "enterprise", "alias"),
        ("Cty TNHH", "enterprise", "alias"),
        ("Công ty cổ phần", "enterprise", "alias"),
        ("HKD", "household_business", "alias"),
        ("Công ty TNHH Chè", "Công ty TNHH Chè", None),
        ("H T X", "H T X", None),
    ],
)
def test_an_entity_type_is_read_by_the_words_people_write(
    reference: Reference, cell: str, value: str, rule: str | None
) -> None:
    assert read(ENTITIES, reference, "entity_type", cell)[::2] == (value, rule)


@pytest.mark.parametrize(
    ("column", "cell", "value", "rule"),
    [
        ("stars", "3 sao", "3", None),
        ("stars", 3.0, "3", None),
        ("stars", "3*", "3", "alias"),
        ("stars", "★★★", "3", "alias"),
        ("stars", "Năm sao", "5", "alias"),
        ("stars", "★★★★★★", "★★★★★★", None),
        ("stars", "-3", "-3", None),
        ("product_group", "II", "II", None),
        ("product_group", "Nhóm I", "I", "alias"),
        ("product_group", "I. Thực phẩm", "I", "alias"),
        ("product_group", "Thực phẩm", "I", "alias"),
        ("product_group", "II. Thực phẩm", "II. Thực phẩm", None),
        ("product_group", "Vải, may mặc", "Vải, may mặc", None),
        ("event_kind", "Công nhận lại", "reassess", "alias"),
        ("event_kind", "Hạ hạng", "Hạ hạng", None),
    ],
)
def test_a_choice_is_read_by_the_words_people_write_and_no_other(
    reference: Reference, column: str, cell: object, value: str, rule: str | None
) -> None:
    assert read(PRODUCT_EVENTS, reference, column, cell)[::2] == (value, rule)


@pytest.mark.parametrize(
    ("cell", "unit", "value", "problem"),
    [
        ("120 kg", "kg", 120, None),
        ("120kg", "KG", 120, None),
        ("1.200 lít", "lít", 1200, None),
        ("120", "kg", 120, None),
        (120.0, "kg", 120, None),
        ("120 kg", "tấn", None, "unit: kg"),
        ("120 kg", None, None, "unit: kg"),
        ("kg", "kg", None, "unreadable"),
    ],
)
def test_a_quantity_s_unit_is_taken_off_only_where_it_is_the_row_s(
    reference: Reference, cell: object, unit: str | None, value: float | None, problem: str | None
) -> None:
    found = read(PRODUCT_VALUES, reference, "quantity", cell, quantity_unit=unit)
    assert (None if pd.isna(found[0]) else found[0], found[1], found[2]) == (value, problem, None)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        (5500, 5_500_000, None),
        ("5.500", 5_500_000, None),
        ("5.500 nghìn đồng", 5_500_000, None),
        ("5,5 triệu", 5_500_000, "unit_conversion"),
        ("5.500.000 đ", 5_500_000, "unit_conversion"),
    ],
)
def test_an_amount_s_own_unit_goes_before_the_column_s(
    reference: Reference, cell: object, value: float, rule: str | None
) -> None:
    assert read(LABOUR_REPORTS, reference, "mean_income_vnd", cell) == (value, None, rule)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [("Có", True, None), ("✓", True, "alias"), ("ko", False, "alias"), ("có thể", None, None)],
)
def test_yes_and_no_are_read_by_the_words_people_write(
    reference: Reference, cell: str, value: object, rule: str | None
) -> None:
    found = read(ENTITIES, reference, "is_woman_led", cell)
    assert (None if pd.isna(found[0]) else found[0], found[2]) == (value, rule)


def test_every_column_of_money_that_people_fill_in_takes_units() -> None:
    columns = [c for form in (PRODUCT_VALUES, LABOUR_REPORTS) for c in form.columns if c.name.endswith("_vnd")]
    assert len(columns) == 6
    assert all(column.units["triệu"] == 10**6 for column in columns)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_ten_thousand_cells_are_values_or_problems_of_every_type(reference: Reference, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    cells = [random_cell(random) for _ in range(1000)]
    columns = {column.name: pd.Series(cells, dtype="object") for column in ALL_TYPES.columns}
    part = Part("all", "231", JUNE, "Thử", pd.DataFrame({"source_row": range(len(cells)), **columns}))
    rows = clean(ALL_TYPES, [part], reference).rows
    for column in ALL_TYPES.columns:
        if column.type is not ColumnType.TEXT:
            is_known = rows[column.name].notna() | rows[column.problem].notna() | part.rows[column.name].isna()
            assert is_known.all()
