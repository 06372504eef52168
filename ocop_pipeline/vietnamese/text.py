"""Text as Vietnamese offices type it, made comparable.

Belongs here: Unicode normalisation and keys to compare names by. Stays out: legacy encodings, and knowledge
of any particular name.
"""

import re
import unicodedata
from functools import lru_cache

_NO_CHARACTER = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
_UNSEEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_HINT = re.compile(r"^\(?\d{1,2}[.)]\s*|(?:\s*(?:\([^()]*\)|[*:]))+$")
_INSIDE = re.compile(r"(?<=\w)[\s.,:;/–-]+(?=\w)")
_Y_RHYME = re.compile(r"^([^\Waeiouyăâêôơư\d]+)y(\d?)$")
_TONES = {"\u0300": "1", "\u0301": "2", "\u0303": "3", "\u0309": "4", "\u0323": "5"}


def normalise(text: str) -> str:
    """NFC, trimmed, inner white space folded; Ð (U+00D0, Icelandic) becomes Đ (U+0110).

    What is no character (control codes, bytes of a file name that are no UTF-8) becomes U+FFFD: neither
    PostgreSQL nor a terminal takes it. What nobody sees is dropped: marks that turn the direction of writing, with
    which "cod.exe" is shown as "exe.doc", and spaces of no width, which keep equal names apart.
    """
    if not text.isprintable():
        text = _UNSEEN.sub("", _NO_CHARACTER.sub("\ufffd", text))
    composed = unicodedata.normalize("NFC", text)
    return " ".join(composed.replace("\u00d0", "\u0110").replace("\u00f0", "\u0111").split())


def as_typed(text: str) -> str:
    """The text with its white space folded and what no database takes replaced: what `normalise` does and one can see.

    It differs from `normalise(text)` where a letter was typed in parts (NFD), as an Icelandic Ð, or with marks unseen.
    """
    return " ".join((text if text.isprintable() else _NO_CHARACTER.sub("\ufffd", text)).split())


@lru_cache(maxsize=10_000)
def heading_key(text: str) -> str:
    """Key by which two column headings are the same: normalised and casefolded.

    Remembered, for the forms' own headings are asked for again with every cell that may be one.
    """
    return normalise(text).casefold()


def without_hint(key: str) -> str:
    """A heading's key without number and hint: "5. chủ thể nữ (có/không) *" is "chủ thể nữ"."""
    return _HINT.sub("", key)


def without_accents(key: str) -> str:
    """A key in plain letters, for the few names that stay apart without accents: "giá trị" is "gia tri"."""
    letters = unicodedata.normalize("NFD", key.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def name_key(text: str) -> str:
    """Key by which two names are the same: also blind to where a tone mark sits (hoà = hòa, Thuỷ = Thủy).

    Accents stay: without them Xã Hùng Long and Xã Hưng Long would collide.
    """
    return " ".join(_tone_last(word) for word in heading_key(text).split())


def spelling_key(text: str) -> str:
    """The `name_key`, also blind to i or y as the whole rhyme of a syllable: Mì = Mỳ, Vĩ = Vỹ, but not tai = tay."""
    return " ".join(_Y_RHYME.sub(r"\1i\2", word) for word in name_key(text).split())


def choice_key(text: str) -> str:
    """The `name_key` of a word to choose, also blind to punctuation inside and behind: "I. Đồ uống" = "I - đồ uống"."""
    return name_key(_INSIDE.sub(" ", normalise(text)).rstrip(" .,;:"))


def _tone_last(word: str) -> str:
    letters, tone = [], ""
    for character in unicodedata.normalize("NFD", word):
        if character in _TONES:
            tone = _TONES[character]
        else:
            letters.append(character)
    return unicodedata.normalize("NFC", "".join(letters)) + tone
