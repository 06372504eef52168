"""Calendar arithmetic on whole months, for the demo alone.

Belongs here: adding months, listing months, writing a period. Stays out: what happens in a month. It is
the demo's own on purpose: the answer key must not share a mistake with the pipeline that it checks.
"""

from calendar import monthrange
from datetime import date

FIRST_KEPT_MONTH = date(2021, 7, 1)
"""First month of which a few districts had kept the values of products that were not certified yet."""
FIRST_VALUE_MONTH = date(2022, 11, 1)
"""First month for which every district reports values, and the shops their orders."""
LAST_MONTH = date(2023, 12, 1)
UNEVEN_MONTH = date(2024, 1, 1)
"""Month after all figures of the key: of four districts one report is missing, late, rejected, restated."""


def add_months(day: date, count: int) -> date:
    """The same day of the month `count` months on; the month's last day where it has no such day."""
    total = day.year * 12 + day.month - 1 + count
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_start(day: date) -> date:
    """First day of the day's month."""
    return day.replace(day=1)


def months(first: date, last: date) -> list[date]:
    """First days of the months from `first` to `last`, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [add_months(month_start(first), number) for number in range(count)]


def year_before(day: date) -> tuple[date, date]:
    """The last 12 whole months that ended at or before `day`, as `[from, to)`."""
    day_after = date.fromordinal(day.toordinal() + 1)
    end = month_start(day_after)
    return add_months(end, -12), end
