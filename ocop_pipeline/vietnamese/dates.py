"""Days as people write them: day first, or ISO.

Belongs here: which texts name one certain day. Stays out: report periods (`periods`).
"""

import re
from datetime import date, timedelta

from ocop_pipeline.vietnamese.periods import parse_period
from ocop_pipeline.vietnamese.text import heading_key
from ocop_pipeline.vietnamese.unclear import UnclearError

_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_IN_WORDS = re.compile(r"^(?:[^\W\d][^\d,]*, ?)?(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? năm (\d{4})$")
_SHORT_YEAR = re.compile(r"^(\d{1,2})(?P<mark>[/.-])(\d{1,2})(?P=mark)(\d{2})$")
_WITH_TIME = re.compile(r"^(?P<day>\S+)[t ](?P<time>(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)$")
_MIDNIGHT = re.compile(r"^[0:.]+$")
_SERIAL = re.compile(r"^\d{5}(?:\.0)?$")
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)
"""The days from 2000 to 2099 as a spreadsheet counts them: five digits, which no other way of writing a day has."""
_SHORT_YEARS = range(50)
"""24/11/23 is 2023; a short year above may as well mean the last century."""

YEARS = range(1945, 2101)
"""Years that a report of ours can speak of; 0023 and 20233 are slips of the hand, and 05/01/1900 is what a spreadsheet
makes of the number 5 in a column of days."""


def parse_date(text: str) -> date:
    """The day that `text` says ("24/11/2023", "24-11-2023", "2023-11-24"); ValueError otherwise.

    A day outside 1945 to 2100 is none.
    """
    text = text.strip()
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.match(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        year, month, day = 0, 0, 0
    if year not in YEARS:
        message = f"{text!r} is not a date"
        raise ValueError(message)
    return date(year, month, day)


def read_date(text: str) -> tuple[date, str | None]:
    """The day of a cell, and the rule where it does not plainly say it; ValueError otherwise.

    Beside what `parse_date` reads: "ngày 24/11/2023" and "ngày 24 tháng 11 năm 2023", also behind a place (plain), a
    day with a time (`time_dropped`, plain at midnight), "24/11/23" (`two_digit_year`) and a spreadsheet's day number
    (`excel_serial`). UnclearError says "no_day" of a month or year, and "two_digit_year" of what could be read
    year first ("24-11-23") or mean another century.
    """
    key = heading_key(text)
    if match := _WITH_TIME.match(key):
        return parse_date(match["day"]), None if _MIDNIGHT.match(match["time"]) else "time_dropped"
    if _SERIAL.match(key) and (serial := int(float(key))) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=serial), "excel_serial"
    if match := _IN_WORDS.match(key):
        return parse_date("/".join(match.groups())), None
    day = key.removeprefix("ngày ")
    if match := _SHORT_YEAR.match(day):
        return _with_short_year(text, match), "two_digit_year"
    try:
        return parse_date(day), None
    except ValueError:
        if _names_a_period(key):
            raise UnclearError(text, "no_day") from None
        raise


def _with_short_year(text: str, match: re.Match[str]) -> date:
    first, mark, month, last = match.groups()
    if int(last) not in _SHORT_YEARS or (mark == "-" and _is_day(first, month, last)):
        raise UnclearError(text, "two_digit_year")
    return parse_date(f"{first}/{month}/20{last}")


def _is_day(year: str, month: str, day: str) -> bool:
    """Whether it can be read year first, as a short ISO date."""
    try:
        parse_date(f"20{year.zfill(2)}-{month}-{day}")
    except ValueError:
        return False
    return True


def _names_a_period(key: str) -> bool:
    try:
        parse_period(key)
    except ValueError:
        return False
    return True
