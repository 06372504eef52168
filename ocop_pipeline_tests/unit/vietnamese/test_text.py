"""Texts that mean the same have one key; texts that do not keep their own."""

import unicodedata

import pytest

from ocop_pipeline.vietnamese.text import choice_key, heading_key, name_key, normalise, spelling_key, without_hint


def test_decomposed_text_is_composed_and_white_space_folded() -> None:
    assert normalise(unicodedata.normalize("NFD", "  Mã\u00a0 sản\n phẩm ")) == "Mã sản phẩm"


def test_the_icelandic_letter_is_taken_for_the_vietnamese() -> None:
    assert normalise("\u00d0oan Hùng, \u00f0ồi chè") == "\u0110oan Hùng, \u0111ồi chè"


def test_what_is_no_character_is_marked_and_not_passed_on() -> None:
    assert normalise("a\x00b\x1b[2Jc\udcff") == "a\ufffdb\ufffd[2Jc\ufffd"


def test_headings_are_compared_without_case_and_with_accents() -> None:
    assert heading_key(" SỐ  Quyết định ") == heading_key("số quyết định")
    assert heading_key("Sô quyết định") != heading_key("Số quyết định")


@pytest.mark.parametrize(("one", "other"), [("Hạ Hoà", "Hạ Hòa"), ("Thanh Thuỷ", "THANH THỦY"), ("Tuý", "Túy")])
def test_names_are_compared_without_the_place_of_the_tone(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Hùng Long", "Hưng Long"), ("Mì", "Mỳ"), ("Vĩ", "Vi"), ("Hoà", "Hoá")])
def test_names_that_differ_by_an_accent_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("key", "bare"), [("chủ thể nữ (có/không)", "chủ thể nữ"), ("số tiền", "số tiền"), ("(đồng)", "")]
)
def test_a_hint_behind_a_heading_is_not_part_of_it(key: str, bare: str) -> None:
    assert without_hint(key) == bare


@pytest.mark.parametrize(
    ("one", "other"), [("Mỳ", "Mì"), ("Phượng Vỹ", "phượng vĩ"), ("Lý", "Lí"), ("Kỳ Sơn", "Kì Sơn")]
)
def test_a_syllable_s_lone_y_is_spelled_i_as_well(one: str, other: str) -> None:
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(("one", "other"), [("tay", "tai"), ("Thuỷ", "Thủi"), ("Quý", "Quí"), ("Y", "I"), ("Mỳ", "Mí")])
def test_y_inside_another_rhyme_stays_apart(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I. Thực phẩm", "i thực phẩm"),
        ("I - Thực phẩm", "i thực phẩm"),
        ("Cty. TNHH.", "cty tnhh"),
        ("Xã hội hoá", "xã hội hóa"),
    ],
)
def test_words_to_choose_are_compared_without_punctuation(one: str, other: str) -> None:
    assert choice_key(one) == choice_key(other)


@pytest.mark.parametrize(("one", "other"), [("-3", "3"), ("3*", "3"), ("1,5", "15")])
def test_a_sign_that_means_something_stays(one: str, other: str) -> None:
    assert choice_key(one) != choice_key(other)
