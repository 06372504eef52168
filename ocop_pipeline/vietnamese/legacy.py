"""Vietnamese written before Unicode, told by the font it is shown in: TCVN3 (`.VnTime`) and VNI (`VNI-Times`).

Belongs here: both tables (TCVN 5712:1993 VN3, and VNI for Windows) and which font means which. The bytes were
typed as Latin-1 letters, so a workbook holds "TiÕng ViÖt" or "Tieáng Vieät". Stays out: files and cells.
"""

import re
import unicodedata

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
"""“ư” is the soft hyphen, U+00AD. Capitals with a tone have no code: fonts ending in H show capitals for all."""
_VNI_LETTERS = dict(zip("íìæóòîôöñÍÌÆÓÒÎÔÖÑ", "íìỉĩịỵơưđÍÌỈĨỊỴƠƯĐ", strict=True))
_VNI_MARKS = dict(
    zip(
        "ùøûõïâêáàåãäéèúüë",
        (
            *("\u0301", "\u0300", "\u0309", "\u0303", "\u0323", "\u0302", "\u0306"),
            *("\u0302\u0301", "\u0302\u0300", "\u0302\u0309", "\u0302\u0303", "\u0302\u0323"),
            *("\u0306\u0301", "\u0306\u0300", "\u0306\u0309", "\u0306\u0303", "\u0306\u0323"),
        ),
        strict=True,
    )
)
"""The letter behind a vowel as its marks: sắc, huyền, hỏi, ngã, nặng; mũ, trăng; then mũ and trăng with each tone."""
_VNI_PAIR = re.compile("([aeouyôö])([ùøûõïâêáàåãäéèúüë])|([íìæóòîôöñ])", re.IGNORECASE)
_VNI_CODES = {*_VNI_LETTERS, *_VNI_MARKS, *(mark.upper() for mark in _VNI_MARKS)}
_FONT = re.compile(r"\.Vn|VNI-", re.IGNORECASE)


def is_legacy_font(font: str) -> bool:
    """Whether text in that font is TCVN3 or VNI."""
    return _FONT.match(font.strip()) is not None


def from_legacy(text: str, font: str) -> str:
    """What a reader of that font sees, NFC; text as it is in any other font.

    Text with a letter that the font's encoding has no code for was typed as Unicode and stays as it is, too.
    """
    font = font.strip().casefold()
    codes = _TCVN3.keys() if font.startswith(".vn") else _VNI_CODES if font.startswith("vni-") else set()
    if any(letter.isalpha() and not letter.isascii() and letter not in codes for letter in text):
        return text
    if font.startswith(".vn"):
        shown = "".join(_TCVN3.get(letter, letter) for letter in text)
        return shown.upper() if font.endswith("h") else shown
    return _VNI_PAIR.sub(_vni_letter, text) if font.startswith("vni-") else text


def _vni_letter(match: re.Match[str]) -> str:
    base, mark, single = match.groups()
    if single:
        return _VNI_LETTERS[single]
    return unicodedata.normalize("NFC", _VNI_LETTERS.get(base, base) + _VNI_MARKS[mark.lower()])
