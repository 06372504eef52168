"""What personal data look like in text: phones, citizen ids, e-mails, and who is named behind a label.

Belongs here: recognising and hiding them. Stays out: which cell of a sheet may say what (`sources.personal_data`).
A person's name alone cannot be told from other words; it is hidden where a label or a form of address announces it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from ocop_pipeline.vietnamese.text import heading_key, normalise, without_hint

HIDDEN = "•••"
"""Stands where something was hidden."""

_BETWEEN = r"[\s.,/_)–-]{1,2}"


def _grouped(*shapes: str) -> str:
    """Digits in one of these groupings: "4 3 3" is 0912 345 678. Dates and codes are grouped otherwise."""
    return "|".join(_BETWEEN.join(rf"\d{{{size}}}" for size in shape.split()) for shape in shapes)


_MOBILE_GROUPS = (
    "10",
    "4 3 3",
    "3 3 4",
    "3 4 3",
    "4 6",
    "3 7",
    "4 2 2 2",
    "2 2 2 2 2",
    "3 3 2 2",
    "3 2 2 3",
    "7 3",
    "4 3 1 2",
)
_MOBILE = rf"(?=0[35789])(?:{_grouped(*_MOBILE_GROUPS)})"
_LANDLINE = rf"(?=02)(?:{_grouped('11', '4 7', '3 8', '4 3 4', '4 4 3', '3 4 4', '4 1 3 3')})"
_CITIZEN_ID = rf"(?=0)(?:{_grouped('12', '3 3 3 3', '4 4 4', '6 6', '3 3 6', '3 9', '3 1 2 6')})"
_TAX_LABEL = r"(?:mst|ma so thue|ma so doanh nghiep|ma so dn)\W{0,3}"
_LABEL_OF_DIGITS = (
    r"(?:cccd|cmnd|cmt|cmtnd|can cuoc(?: cong dan)?|chung minh(?: nhan dan| thu)?|[dđ]inh danh(?: ca nhan)?|ho chieu|"
    r"[dđ]ien thoai|đt|s[dđ]t|[dđ]t[dđ][dđ]|di [dđ]ong|tel|phone|mobile|zalo|hotline|stk|tai khoan)"
)
_LABEL_OF_NAME = (
    r"(?:nguoi (?:lap(?: bieu)?|[dđ]ai dien|lien he|bao cao|tong hop|phu trach|ke khai|nop|ky|nhan)|lien he|chu ho|"
    r"[dđ]ai dien(?: theo)?(?: phap luat)?|ho(?: va|,)? ten|lap bieu|thu truong|chu nhiem|(?:pho )?giam [dđ]oc|"
    r"(?:pho )?chu tich|ke toan(?: truong)?|can bo)"
)
_PERSONAL = re.compile(
    # What looks the same and is none: a firm's tax code, a branch's, an official product code.
    rf"(?P<kept>(?<!\w){_TAX_LABEL}\d{{10}}(?:-?\d{{3}})?(?!\d)|(?<!\d)\d{{10}}-\d{{3}}(?!\d)|"
    r"(?<!\d)\d{2}[ ._–-]\d{3}[ ._–-]\d{5}[ ._–-]\d{1,4}[ ._–-]\d{4}(?!\d))|"
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|"
    r"(?P<abroad>(?:\+|(?<!\d)00) ?84\)?[\s.–-]{0,2}(?:\(?0\)?[\s.–-]?)?[235789](?:[\s.–-]?\d){8,9}(?!\d)|"
    r"(?<!\d)84 ?[35789]\d{8}(?!\d))|"
    rf"(?P<digits>(?<!\d)(?:{_CITIZEN_ID}|{_MOBILE}|{_LANDLINE})(?!\d))|"
    # Road ĐT.313 has fewer digits.
    rf"(?<!\w){_LABEL_OF_DIGITS}\W{{0,4}}(?:so\W{{0,3}})?(?P<labelled>[(+]?\d(?:[\s.()–-]{{0,2}}\d){{5,}})|"
    rf"(?<!\w){_LABEL_OF_NAME} ?: ?(?P<named>[^\W\d_](?:(?! - )[^\d,;:()–•])*)"
)
"""On letters without marks in lower case; đ stays: ĐT is a phone, DT an area."""
_SURNAMES = (
    "nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|[dđ]ang|bui|[dđ]o|ho|ngo|duong|ly|ha|[dđ]inh|trinh|[dđ]oan|luong|cao|mai|"
    "trieu|phung|quach|ta|luu|vuong|thai|tong|kieu|lam|truong|[dđ]ao|chu|to|nghiem|khuat|tang|ma|la|bach|phi"
)
_SURNAME = re.compile(_SURNAMES)
_ADDRESSED = re.compile(
    # Honey (mật ong) is no Mr Ong, also where somebody types without marks.
    r"(?<!\w)(?:(?<!mat )(?<!nuoi )(?<!trai )(?<!sap )(?<!dan )"
    rf"(?P<address>(?:ong|ba|anh|chi)(?: ?/ ?(?:ong|ba|anh|chi))?)|{_LABEL_OF_NAME})[:.]? "
    rf"(?P<named>(?:{_SURNAMES})(?: [^\W\d_]+){{1,5}})"
)
_MARKED = {"ông", "bà", "anh", "chị"}
_WORD = re.compile(r"\w+")
_HEADING = re.compile(
    rf"(?:so )?{_LABEL_OF_DIGITS}\b[^:\d]*|(?:[dđ]ia chi )?(?:e-?mail|thu [dđ]ien tu)\b[^:\d]*|"
    rf"(?:ten )?{_LABEL_OF_NAME}\b[^:\d]*|(?:ngay|nam)(?:[ ,/]*(?:thang|nam))* sinh\b[^:\d]*"
)
_MAY_BE = re.compile(r"\d(?:[\W_]{0,3}\d){5}|[@:]")
"""Without it nothing of `_PERSONAL` is in a text; looking for this costs a tenth."""
_LAST_LETTER = 0x1EFF
"""Behind it no letter has marks that Vietnamese uses."""
_HIDDEN_AGAIN = re.compile(rf"{HIDDEN}(?:[\s,;/–-]*{HIDDEN})+")
_NAME_WORD = re.compile(r"[^\W\d_]+\.?")
_LOST_ZERO = re.compile(r"[35789]\d{8}|\d{2}[0-3]\d{8}")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def hide_personal(text: str, *, also_addressed: bool = True) -> str:
    """The text with `HIDDEN` for each phone number, citizen id, e-mail and announced name; the same text without any.

    A name is announced by a label ("Người lập: ..."), and by a form of address before a common surname ("bà Nguyễn Thị
    Lan"); the latter stays for `also_addressed` False, where a text says what something is called.
    """
    may_be = _MAY_BE.search(text) is not None
    if not may_be and (not also_addressed or " " not in text):
        return text
    said = normalise(text)
    plain = _plain(said)
    spans = [*(_spans(plain) if may_be else ()), *(_addressed(said, plain) if also_addressed else ())]
    if not spans:
        return text
    parts, end = [], 0
    for first, last in sorted(spans):
        if last > end:
            parts += [said[end : max(first, end)], HIDDEN]
            end = last
    return _HIDDEN_AGAIN.sub(HIDDEN, "".join([*parts, said[end:]]))


def is_personal_heading(text: str) -> bool:
    """Whether what stands below a heading, or beside a label, is about a person: "Số điện thoại", "Người lập"."""
    return _HEADING.fullmatch(without_hint(_plain(heading_key(text)).replace("_", " "))) is not None


def is_written_as_name(text: str) -> bool:
    """Two to six capitalised words and nothing else, as people sign."""
    words = text.split()
    is_name = all(_NAME_WORD.fullmatch(word) and word[0].isupper() for word in words)
    return is_name and 2 <= len(words) <= 6  # noqa: PLR2004 - as the docstring says


def is_person_name(text: str) -> bool:
    """Whether a text is nothing but a name that begins with a common surname."""
    return is_written_as_name(text) and _SURNAME.fullmatch(_plain(text.split(maxsplit=1)[0])) is not None


def lost_its_zero(digits: str) -> bool:
    """Whether a number is a mobile number or a citizen id without its leading zero, as spreadsheets store them."""
    return _LOST_ZERO.fullmatch(digits) is not None


def is_tax_code(digits: str) -> bool:
    """Whether ten digits are a tax code: its last one follows from the others (a phone's fits by chance one in 11)."""
    if len(digits) != len(_TAX_WEIGHTS) + 1:
        return False
    weighed = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, digits, strict=False))
    return 10 - weighed % 11 == int(digits[-1])


def _plain(text: str) -> str:
    """Letters without marks in lower case, one for each of the text, so that places are the same in both."""
    return text.translate(_plain_letters())


@cache
def _plain_letters() -> dict[int, str]:
    letters = (chr(code) for code in range(_LAST_LETTER + 1) if chr(code).isalpha())
    return {ord(letter): unicodedata.normalize("NFD", letter)[0].lower()[0] for letter in letters}


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    for match in _PERSONAL.finditer(plain):
        if match.lastgroup != "kept":
            first, last = match.span(match.lastgroup or 0)
            yield first, first + len(plain[first:last].rstrip(" -"))


def _addressed(said: str, plain: str) -> Iterator[tuple[int, int]]:
    """Of the words behind a form of address, those that are capitalised: at least two are a name.

    Who types with marks types them there too: "ong" is a bee, "chi" to spend, "Ba" a part of Thanh Ba.
    """
    has_marks = not said.isascii()
    for match in _ADDRESSED.finditer(plain):
        address = said[slice(*match.span("address"))].lower() if match["address"] else ""
        if has_marks and not all(word in _MARKED for word in _WORD.findall(address)):
            continue
        first = match.start("named")
        words = []
        for word in said[first : match.end("named")].split(" "):
            if not word[:1].isupper():
                break
            words.append(word)
        if len(words) > 1:
            yield first, first + len(" ".join(words))
