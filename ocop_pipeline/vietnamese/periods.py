"""Report periods: month, quarter, half-year, year.

Belongs here: what a period is and how people write one. Stays out: which unit owes which period.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ocop_pipeline.vietnamese.text import heading_key

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_OF = r" ?(?:/|-|\.|,? năm) ?"
_PATTERNS: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern), months)
    for pattern, months in (
        (rf"^{_YEAR}-(?P<number>\d{{1,2}})$", 1),
        (rf"^{_YEAR}-(?P<number>\d{{2}})-01$", 1),
        (rf"^(?:tháng |t\.? ?)?(?P<number>\d{{1,2}}){_OF}{_YEAR}$", 1),
        (rf"^{_YEAR}-?q(?P<number>[1-4])$", 3),
        (rf"^(?:quý |q\.? ?)(?P<number>[1-4]|i{{1,3}}|iv){_OF}{_YEAR}$", 3),
        (rf"^{_YEAR}-?h(?P<number>[12])$", 6),
        (rf"^h(?P<number>[12]){_OF}{_YEAR}$", 6),
        (rf"^(?:(?:6|sáu) tháng|nửa) (?P<number>đầu|cuối) (?:của )?năm {_YEAR}$", 6),
        (rf"^(?:cả năm |12 tháng năm |năm )?{_YEAR}$", 12),
    )
)
_LABELS = {1: "{day:%Y-%m}", 3: "{day:%Y}-Q{part}", 6: "{day:%Y}-H{part}", 12: "{day:%Y}"}


_PLAIN_WORDS = {"thang": "tháng", "quy": "quý", "nam": "năm"}
"""Names of files often go without accents."""
_IN_NAMES = re.compile(
    r"(?<!\d)(?:20\d\d-(?:q[1-4]|h[12]|(?:0[1-9]|1[0-2]))"
    r"|(?:tháng (?:0?[1-9]|1[0-2])|quý (?:[1-4]|i{1,3}|iv)) ?(?:-|năm) ?20\d\d|năm 20\d\d)(?!-?\d)"
)


@dataclass(frozen=True, order=True)
class Period:
    """Days `[start, end)`."""

    start: date
    end: date

    @classmethod
    def of_months(cls, year: int, month: int, months: int) -> "Period":
        """`months` whole months from the first of that month."""
        following = year * 12 + month - 1 + months
        return cls(date(year, month, 1), date(following // 12, following % 12 + 1, 1))

    @property
    def is_month(self) -> bool:
        """Whether it is one calendar month."""
        return self == Period.of_months(self.start.year, self.start.month, 1)

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    @property
    def label(self) -> str:
        """2023-06, 2023-Q2, 2023-H1 or 2023; any other stretch of days as 2023-06-01/2023-06-15."""
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        is_whole = self.start.day == self.end.day == 1
        if is_whole and months in _LABELS and (self.start.month - 1) % months == 0:
            return _LABELS[months].format(day=self.start, part=(self.start.month - 1) // months + 1)
        if self.last_day == self.start:
            return f"{self.start}"
        return f"{self.start}/{self.last_day}"


def parse_period(text: str) -> Period:
    """The period that `text` says; ValueError when it says none.

    Read are "2023-06", "06/2023", "tháng 6/2023", "tháng 6 năm 2023", "T6/2023", "2023-Q2", "quý II/2023",
    "quý 2 năm 2023", "2023-H1", "6 tháng đầu năm 2023", "2023" and "năm 2023"; also "2023-06-01": a spreadsheet
    makes the first day of the month of "06/2023".
    """
    key = heading_key(text)
    for pattern, months in _PATTERNS:
        if match := pattern.match(key):
            number = _number(match.groupdict().get("number") or "1")
            if 1 <= number <= 12 // months:
                return Period.of_months(int(match["year"]), (number - 1) * months + 1, months)
    message = f"{text!r} is not a report period; write 2023-06, 2023-Q2, 2023-H1 or 2023"
    raise ValueError(message)


def find_period(name: str) -> Period | None:
    """The one period that a file's name speaks of, such as "bao-cao-2023-06_lan 2.xlsx"; None for none or several."""
    key = re.sub(r"[_ ]+", " ", heading_key(name))
    for plain, accented in _PLAIN_WORDS.items():
        key = re.sub(rf"(?<![^\W_])(?<!việt ){plain}[ -]", f"{accented} ", key)
    found = {parse_period(match[0]) for match in _IN_NAMES.finditer(key)}
    return found.pop() if len(found) == 1 else None


def _number(text: str) -> int:
    if text in ("đầu", "cuối"):
        return 1 if text == "đầu" else 2
    return _ROMAN.get(text) or int(text)
