"""Phones, citizen ids, e-mails and announced names are hidden; what only looks like one is left alone."""

import unicodedata

import pytest

from ocop_pipeline.vietnamese.personal import (
    hide_personal,
    is_personal_heading,
    is_tax_code,
    is_written_as_name,
    lost_its_zero,
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("HTX Chè Hưng Long - ĐT 0912345678 - CCCD 025190001234", "HTX Chè Hưng Long - ĐT ••• - CCCD •••"),
        ("0912 345 678", "•••"),
        ("0912.345.678", "•••"),
        ("091-234-5678", "•••"),
        ("0912\u00a0345\u00a0678", "•••"),
        ("(0912) 345 678", "(•••"),
        ("+84 912-345-678", "•••"),
        ("(+84) 912 345 678", "(•••"),
        ("gọi 84912345678 nhé", "gọi ••• nhé"),
        ("0210 3846 123", "•••"),
        ("0912345678/0987654321", "•••"),
        ("025 190 001 234", "•••"),
        ("MST 025190001234", "MST •••"),
        ("CMND số: 131 234 567", "CMND số: •••"),
        ("lan.chi@gmail.com", "•••"),
        ("Người lập: Nguyễn Văn A - ĐT: 0912345678", "Người lập: ••• - ĐT: •••"),
        ("NGUOI LAP: NGUYEN VAN A", "NGUOI LAP: •••"),
        ("Liên hệ: Chim Hoàng Yến, xã Hương Xạ", "Liên hệ: •••, xã Hương Xạ"),
        ("Hỗ trợ bà Nguyễn Thị Lan mua máy", "Hỗ trợ bà ••• mua máy"),
        ("Ông/Bà: Trần Văn B (xã X)", "Ông/Bà: ••• (xã X)"),
        ("Giám đốc Lê Thị Hoa đã ký", "Giám đốc ••• đã ký"),
        ("HỘ ÔNG NGUYỄN VĂN A", "HỘ ÔNG •••"),
        ("ho tro ong Nguyen Van A", "ho tro ong •••"),
        (unicodedata.normalize("NFD", "Người lập: Nguyễn Văn A"), "Người lập: •••"),
    ],
)
def test_what_says_who_somebody_is_or_how_to_reach_them_is_hidden(text: str, left: str) -> None:
    assert hide_personal(text) == left
    assert hide_personal(left) == left


@pytest.mark.parametrize(
    "text",
    [
        "25-231-08053-1-2021",
        "25 231 08053 01 2021",
        "08053-001-21",
        "2600123456",
        "MST: 0312345678",
        "chi nhánh 0312345678-001",
        "8936012345678",
        "123.456.789.012 đồng",
        "Công văn số 0123456789/UBND",
        "123/QĐ-UBND ngày 05/03/2023",
        "05.06.2023-30.06.2023",
        "08-09.06.2023",
        "2023-06-30 2024-07-01",
        "đường ĐT.313",
        "DT: 1.234.567 m2",
        "Người lập:",
        "Tương Bà Mai",
        "Bà Rịa - Vũng Tàu",
        "Tổ hợp tác trồng chè Lê Lợi",
        "Mật ong Hạ Hòa",
        "Mat ong Ha Hoa",
        "HTX Nuôi Ong Hạ Hòa",
        "Trại ong Hà Thạch, sau nhà",
        "tại Thanh Ba Hà Nội",
        "CHI HỖ TRỢ BAO BÌ",
    ],
)
def test_codes_dates_amounts_and_brands_stay(text: str) -> None:
    assert hide_personal(text) is text


def test_what_a_thing_is_called_keeps_the_name_in_it() -> None:
    assert hide_personal("Mật ong bà Nguyễn Thị Lan", also_addressed=False) == "Mật ong bà Nguyễn Thị Lan"
    assert hide_personal("Mật ong, liên hệ: Lan", also_addressed=False) == "Mật ong, liên hệ: •••"


@pytest.mark.parametrize(
    "heading",
    [
        "Điện thoại",
        "Số điện thoại",
        "SĐT liên hệ",
        "5. Số CCCD (12 số) *",
        "CMND/CCCD",
        "E-mail",
        "nguoi_lap",
        "Họ và tên",
    ],
)
def test_headings_about_persons_are_known(heading: str) -> None:
    assert is_personal_heading(heading)


@pytest.mark.parametrize(
    "heading", ["Tên chủ thể", "DT (ha)", "Điểm", "Giá đỡ điện thoại tre", "CCCD 025190001234", "Ghi chú"]
)
def test_other_headings_and_cells_are_none(heading: str) -> None:
    assert not is_personal_heading(heading)


def test_a_number_without_its_zero_and_a_tax_code_are_told_apart() -> None:
    assert [lost_its_zero(digits) for digits in ("912345678", "25190001234", "1912345678", "25990001234")] == [
        *(True, True),
        *(False, False),
    ]
    assert [is_tax_code(code) for code in ("0100109106", "2600108506", "0912345678", "260010850")] == [
        *(True, True),
        *(False, False),
    ]


def test_a_signature_is_two_to_six_capitalised_words() -> None:
    assert is_written_as_name("Chim Hoàng Yến")
    assert not any(map(is_written_as_name, ("Yến", "Hoàng yến", "Số 12", "A B C D E F G")))
