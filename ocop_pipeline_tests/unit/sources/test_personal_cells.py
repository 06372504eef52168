"""What of a sheet is hidden depends on the column: an amount may look like a phone, a tax code too."""

from collections.abc import Sequence

import pytest

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.district_forms import (
    ENTITIES,
    FORMS,
    PRODUCT_VALUES,
    PROMOTION_EVENTS,
    SUPPORT_DISBURSEMENTS,
)
from ocop_pipeline.sources.document import NotComputed
from ocop_pipeline.sources.grid import Grid, Mended, Merge
from ocop_pipeline.sources.personal_data import redacted
from ocop_pipeline_tests.files import rows_of

PHONE, CITIZEN_ID = "0912345678", "025190001234"
HIDDEN = "•••"


def left(form: Form, column: str, cell: object) -> object:
    """What is left of a cell in a column of a form."""
    rows = rows_of(form, {column: cell})
    position = [one.name for one in form.columns].index(column)
    return redacted(Grid(form.sheet, tuple(map(tuple, rows))), FORMS).rows[1][position]


@pytest.mark.parametrize(
    ("form", "column", "cell"),
    [
        (PRODUCT_VALUES, "revenue_vnd", PHONE),
        (PRODUCT_VALUES, "revenue_vnd", 912345678.0),
        (PRODUCT_VALUES, "revenue_vnd", 25190001234.0),
        (PRODUCT_VALUES, "product_code", "25-231-08053-1-2021"),
        (PRODUCT_VALUES, "product_code", 8936012345678.0),
        (ENTITIES, "entity_code", "2600108506"),
        (ENTITIES, "entity_code", "0900108503"),
        (ENTITIES, "entity_code", "0312345678-001"),
        (ENTITIES, "regular_workers", 12.0),
        (ENTITIES, "regular_workers", "12 người"),
        (PRODUCT_VALUES, "revenue_vnd", "123.456.789.012"),
        (ENTITIES, "entity_name", "Hộ ông Nguyễn Văn A"),
        (SUPPORT_DISBURSEMENTS, "voucher_number", 20230630001.0),
        (SUPPORT_DISBURSEMENTS, "purpose", "Hỗ trợ bao bì theo 12/KH-UBND"),
    ],
)
def test_amounts_codes_and_names_of_things_stay(form: Form, column: str, cell: object) -> None:
    assert left(form, column, cell) == cell


@pytest.mark.parametrize(
    ("form", "column", "cell", "expected"),
    [
        (ENTITIES, "entity_name", f"HTX A - ĐT {PHONE}", "HTX A - ĐT •••"),
        (ENTITIES, "entity_name", 912345678.0, HIDDEN),
        (ENTITIES, "entity_code", CITIZEN_ID, HIDDEN),
        (ENTITIES, "entity_code", 25190001234.0, HIDDEN),
        (ENTITIES, "entity_code", "25190001234", HIDDEN),
        (ENTITIES, "entity_code", PHONE, HIDDEN),
        (ENTITIES, "entity_code", 912345678.0, HIDDEN),
        (ENTITIES, "entity_type", CITIZEN_ID, HIDDEN),
        (ENTITIES, "commune_code", PHONE, HIDDEN),
        (ENTITIES, "joined_date", 912345678.0, HIDDEN),
        (ENTITIES, "regular_workers", PHONE, HIDDEN),
        (ENTITIES, "regular_workers", 912345678.0, HIDDEN),
        (PRODUCT_VALUES, "revenue_vnd", "0912 345 678", HIDDEN),
        (PRODUCT_VALUES, "revenue_vnd", CITIZEN_ID, HIDDEN),
        (PROMOTION_EVENTS, "product_count", CITIZEN_ID, HIDDEN),
        (PRODUCT_VALUES, "product_code", CITIZEN_ID, HIDDEN),
        (SUPPORT_DISBURSEMENTS, "purpose", "Hỗ trợ bà Nguyễn Thị Lan", "Hỗ trợ bà •••"),
        (SUPPORT_DISBURSEMENTS, "amount_vnd", NotComputed(f'=A1&"{PHONE}"'), '=A1&"•••"'),
    ],
)
def test_the_rest_of_a_text_stays_and_a_cell_that_says_nothing_else_is_hidden(
    form: Form, column: str, cell: object, expected: object
) -> None:
    found = left(form, column, cell)
    assert (found, type(found)) == (expected, type(cell) if isinstance(cell, NotComputed) else str)


def sheet(rows: Sequence[Sequence[object]], *merges: Merge, title: str = PROMOTION_EVENTS.sheet) -> list[list[object]]:
    """The rows that are left of a sheet."""
    return [list(row) for row in redacted(Grid(title, tuple(map(tuple, rows)), merges), FORMS).rows]


def test_columns_about_persons_the_title_and_signatures_are_hidden() -> None:
    rows: list[list[object]] = [
        [f"Báo cáo của Trần Thị B, {PHONE}", None, None, None, None],
        ["Mã sự kiện", "Tên sự kiện", "Ngày bắt đầu", "Người liên hệ", None],
        [None, None, None, "Họ tên", "Điện thoại"],
        ["SK1", "Hội chợ", "01/06/2023", "Chim Hoàng Yến", 12.0],
        [None, "Người lập biểu", None, "Giám đốc Lê Văn C", None],
        [None, "Chim Hoàng Yến", None, None, None],
        [None, "Nơi nhận: UBND tỉnh", None, None, None],
    ]
    merges = [Merge(1, position, 2, position) for position in range(3)] + [Merge(1, 3, 1, 4)]
    assert sheet(rows, *merges) == [
        ["Báo cáo của Trần Thị B, •••", None, None, None, None],
        ["Mã sự kiện", "Tên sự kiện", "Ngày bắt đầu", "Người liên hệ", None],
        [None, None, None, HIDDEN, "Điện thoại"],
        ["SK1", "Hội chợ", "01/06/2023", HIDDEN, HIDDEN],
        [None, "Người lập biểu", None, HIDDEN, None],
        [None, HIDDEN, None, None, None],
        [None, "Nơi nhận: UBND tỉnh", None, None, None],
    ]


def test_beside_a_label_about_persons_the_header_sheet_says_nothing() -> None:
    rows: list[list[object]] = [
        ["Kỳ báo cáo", "2023-06"],
        ["Người lập", "Chim Hoàng Yến", 7.0],
        ["Đơn vị báo cáo: Hạ Hòa", None],
        ["ĐT", PHONE],
    ]
    assert sheet(rows, title="Thông tin") == [
        *(["Kỳ báo cáo", "2023-06"], ["Người lập", HIDDEN, HIDDEN], ["Đơn vị báo cáo: Hạ Hòa", None], ["ĐT", HIDDEN]),
    ]


def test_a_sheet_without_a_form_is_hidden_below_its_headings_about_persons() -> None:
    rows: list[list[object]] = [["Danh bạ", None], ["Họ tên", "Xã"], ["Chim Hoàng Yến", "Hiền Lương"]]
    assert sheet(rows, title="Danh bạ")[2] == [HIDDEN, "Hiền Lương"]


def test_what_was_hidden_is_told_by_place_and_not_by_what_it_was() -> None:
    rows = rows_of(ENTITIES, {"entity_code": CITIZEN_ID, "entity_name": f"HTX A {PHONE}"})
    mended = (Mended(2, 1, f"HTX A {PHONE}", "HTX", "legacy_font"), Mended(0, -1, "cp1258", "utf-8", "encoding"))
    found = redacted(Grid(f"Chủ thể {PHONE}", tuple(map(tuple, rows)), mended=mended), FORMS)
    assert found.name == "Chủ thể •••"
    assert found.mended == (
        mended[1],
        Mended(2, 0, HIDDEN, "", "personal_data"),
        Mended(2, 1, HIDDEN, "HTX A •••", "personal_data"),
    )
