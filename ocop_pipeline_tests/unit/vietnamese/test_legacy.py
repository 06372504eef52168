"""Text in a TCVN3 or VNI font is read as its writer saw it."""

import unicodedata

import pytest

from ocop_pipeline.vietnamese.legacy import from_legacy, is_legacy_font

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
ALPHABET = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
TCVN3 = (
    *(
        "a",
        "µ",
        "¸",
        "¶",
        "·",
        "¹",
        "¨",
        "»",
        "¾",
        "¼",
        "½",
        "Æ",
        "©",
        "Ç",
        "Ê",
        "È",
        "É",
        "Ë",
        "e",
        "Ì",
        "Ð",
        "Î",
        "Ï",
    ),
    *(
        "Ñ",
        "ª",
        "Ò",
        "Õ",
        "Ó",
        "Ô",
        "Ö",
        "i",
        "×",
        "Ý",
        "Ø",
        "Ü",
        "Þ",
        "o",
        "ß",
        "ã",
        "á",
        "â",
        "ä",
        "«",
        "å",
        "è",
        "æ",
    ),
    *(
        "ç",
        "é",
        "¬",
        "ê",
        "í",
        "ë",
        "ì",
        "î",
        "u",
        "ï",
        "ó",
        "ñ",
        "ò",
        "ô",
        "\u00ad",
        "õ",
        "ø",
        "ö",
        "÷",
        "ù",
        "y",
        "ú",
    ),
    *("ý", "û", "ü", "þ", "®"),
)
VNI = (
    *("a", "aø", "aù", "aû", "aõ", "aï", "aê", "aè", "aé", "aú", "aü", "aë", "aâ", "aà", "aá", "aå", "aã", "aä"),
    *("e", "eø", "eù", "eû", "eõ", "eï", "eâ", "eà", "eá", "eå", "eã", "eä", "i", "ì", "í", "æ", "ó", "ò"),
    *("o", "oø", "où", "oû", "oõ", "oï", "oâ", "oà", "oá", "oå", "oã", "oä", "ô", "ôø", "ôù", "ôû", "ôõ", "ôï"),
    *("u", "uø", "uù", "uû", "uõ", "uï", "ö", "öø", "öù", "öû", "öõ", "öï", "y", "yø", "yù", "yû", "yõ", "î", "ñ"),
)


@pytest.mark.parametrize(("font", "codes"), [(".VnTime", TCVN3), ("VNI-Times", VNI)])
def test_the_whole_alphabet_is_read_back(font: str, codes: tuple[str, ...]) -> None:
    assert [from_legacy(code, font) for code in codes] == ALPHABET


@pytest.mark.parametrize(("font", "codes"), [(".VnTimeH", TCVN3), ("VNI-Times", [code.upper() for code in VNI])])
def test_capitals_too(font: str, codes: tuple[str, ...]) -> None:
    assert [from_legacy(code, font) for code in codes] == [letter.upper() for letter in ALPHABET]


@pytest.mark.parametrize(
    ("font", "said", "read"),
    [
        (".VnArial", "HuyÖn Thanh S¬n, ®­êng ¡n", "Huyện Thanh Sơn, đường Ăn"),
        (".VnArial NarrowH", "tæng céng", "TỔNG CỘNG"),
        ("VNI-Helve", "Huyeän Ñoan Huøng, röôïu neáp", "Huyện Đoan Hùng, rượu nếp"),
        (".VnTime", "Chè Phú Thọ, Huyện Hạ Hoà", "Chè Phú Thọ, Huyện Hạ Hoà"),
        ("Arial", "HuyÖn", "HuyÖn"),
    ],
)
def test_words_are_read_by_their_font(font: str, said: str, read: str) -> None:
    assert from_legacy(said, font) == read


def test_only_the_old_fonts_are_old() -> None:
    assert [is_legacy_font(font) for font in (".VnTime", "VNI-Times", "Times New Roman", "Vni")] == [
        True,
        True,
        False,
        False,
    ]
