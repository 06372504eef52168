"""Which sheets are lists of persons, and which of their neighbours are none."""

import pytest

from ocop_pipeline.sources.grid import Grid, Merge
from ocop_pipeline.sources.person_lists import find_list, person_rows, shows_persons

PEOPLE = ("Nguyễn Văn An", "Trần Thị Bình")


def table(headings: str, *cells: object) -> Grid:
    """Two rows of people under the headings: the first one says a name, the others the cells."""
    titles = headings.split(" | ")
    rows = [(name, *cells, *["x"] * (len(titles) - 1 - len(cells))) for name in PEOPLE]
    return Grid("Sheet1", (tuple(titles), *rows))


@pytest.mark.parametrize(
    "headings",
    [
        "Họ và tên | CCCD | Giới tính | Điện thoại | Loại hợp đồng | Mức lương | Số sổ BHXH",
        "Họ đệm | Tên | Số định danh cá nhân | Lương cơ bản",
        "Họ, tên đệm | Tên | Ngày sinh",
        "Họ | Tên đệm | Tên | Mức đóng BHXH",
        "Tên công nhân | Lương",
        "Tên NLĐ | Loại HĐ",
        "Họ tên người lao động | Thực nhận",
        "Họ & tên | Tiền công",
        "Người lao động | Số CMND",
        "HO VA TEN | SO CCCD",
        "ho_ten | can_cuoc",
        "Full name | ID number | Salary | Contract",
        "Employee | Wage",
        "Worker name | Date of birth",
        "Name of employee | Gender",
    ],
)
def test_a_list_is_known_by_the_words_that_people_use(headings: str) -> None:
    persons = find_list(table(headings))
    assert persons is not None
    assert list(person_rows(persons)) == [1, 2]


def test_headings_over_two_rows_are_read_together() -> None:
    rows = (
        ("Mẫu D02-LT",),
        ("STT", "Họ và tên", "Thông tin cá nhân", None),
        (None, None, "Số CCCD", "Ngày sinh"),
        (1, PEOPLE[0], "x", "x"),
    )
    persons = find_list(Grid("D02", rows, (Merge(1, 1, 2, 1), Merge(1, 2, 1, 3))))
    assert persons is not None
    assert (persons.below, persons.kinds["personal"]) == (3, [2, 3])


@pytest.mark.parametrize(
    "headings",
    [
        "Tên chủ thể | Họ và tên giám đốc | Điện thoại | Loại hình | Xã",
        "Tên cơ sở | Đại diện pháp luật | Số CCCD người đại diện",
        "Tên sản phẩm | Chủ thể | Hạng sao | Giá bán",
        "Người nhận | Số điện thoại | Địa chỉ | Mã đơn hàng | Số lượng",
        "Buyer name | Phone | Order ID | SKU",
        "Họ tên khách hàng | Ngày sinh | Sản phẩm",
        "Tên chủ thể | Tổng lao động | Nữ | Lao động đóng BHXH | Thu nhập bình quân tháng",
        "Họ và tên | Chức vụ | Điện thoại",
    ],
)
def test_what_names_somebody_beside_something_else_is_no_list(headings: str) -> None:
    assert find_list(table(headings)) is None


def test_a_column_that_counts_workers_names_nobody() -> None:
    grid = Grid("Sheet1", (("Đơn vị", "Lao động", "Tiền lương"), ("HTX Chè", 12, 70_000_000)))
    assert find_list(grid) is None
    assert not shows_persons(grid)


@pytest.mark.parametrize(
    ("grid", "shows"),
    [
        (table("Ai | Số", "025190001234"), True),
        (table("Ai | Gọi", "0912 345 678"), True),
        (table("Ai | Tiền lương", 7_000_000), True),
        (table("Họ và tên | Chức vụ | Điện thoại"), True),
        (table("Ai | Giá bán", 7_000_000), False),
        (table("Tên NV | Số ĐDCN | Quê", "x"), True),
        (table("Tên | Tiền nhận", 7_000_000), True),
        (table("Member | Pay", 7_000_000), True),
        (Grid("Sheet1", (("Ai", *PEOPLE), ("Lương", 7, 8))), True),
        (Grid("Sheet1", (("Người lập", "Nguyễn Văn An", "0912 345 678"),)), False),
    ],
)
def test_names_beside_ids_wages_or_phones_are_seen_under_any_heading(grid: Grid, *, shows: bool) -> None:
    assert shows_persons(grid) is shows


@pytest.mark.parametrize(
    ("grid", "shows"),
    [
        (table("Tên | CCCD | Lương", "025190001234", 7_000_000), True),
        (table("Name | ID | Salary", "025190001234", 7_000_000), True),
        (table("Họ và tên | Lương"), True),
        (table("Buyer | Phone | Net", "0912 345 678", 7_000_000), False),
        (Grid("Sheet1", (("Buyer", "Recipient", "Net"), (*PEOPLE, 7_000_000), (*PEOPLE, 8_000_000))), False),
    ],
)
def test_buyers_are_no_list_and_people_with_ids_are(grid: Grid, *, shows: bool) -> None:
    assert shows_persons(grid, has_buyers=True) is shows
