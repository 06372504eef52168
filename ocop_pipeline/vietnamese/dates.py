"""Days as people write them: day first, or ISO."""

import re
from datetime import date

_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")


_YEARS = range(1900, 2101)
"""Years that a report of ours can speak of; 0023 and 20233 are slips of the hand."""


def parse_date(text: str) -> date:
    """The day that `text` says ("24/11/2023", "24-11-2023", "2023-11-24"); ValueError otherwise.

    A day outside 1900 to 2100 is none.
    """
    text = text.strip()
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.match(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        year, month, day = 0, 0, 0
    if year not in _YEARS:
        message = f"{text!r} is not a date"
        raise ValueError(message)
    return date(year, month, day)
