"""Figures as a statistics office writes them: with flags, marks for missing ones, and marks of preliminary years.

Belongs here: single cells and headings of published tables. Stays out: the layouts of files (`pxweb`, `sdmx_csv`).
"""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ocop_pipeline.sources.document import Part
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.vietnamese.text import heading_key, normalise, without_accents

_MISSING = {"..", "...", "-", "–", ":", "na", "n/a", "n.a.", "nan"}
_FLAGGED = re.compile(r"(?P<number>[-\u2212]?\d[\d.,]*) ?\(?(?P<flag>[a-z]{1,3}|\*{1,3})\)?", re.IGNORECASE)
_PRELIMINARY_WORD = r"(?:prel?(?:iminary)?|est(?:imate[ds]?)?|sơ bộ|ước(?: tính)?)\.?"
_QUARTER = r"(?:q|quarter |quý )(?P<{name}>[1-4]|iv|i{{1,3}})\b"
_TIME = re.compile(
    rf"(?P<before>\b{_PRELIMINARY_WORD} ?)?(?:\b{_QUARTER.format(name='first')}[ /,.-]*(?:năm )?)?"
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)"
    rf"(?:[ /,-]*{_QUARTER.format(name='last')})?(?P<after> ?\(?\b{_PRELIMINARY_WORD}\)?)?",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"(?:19|20)\d\d[-/]?m?(?:0[1-9]|1[0-2])(?!\d)|(?<!\d)(?:0?[1-9]|1[0-2])/(?:19|20)\d\d|\b(?:tháng|month)\b",
    re.IGNORECASE,
)
Edge = Literal["first", "last"]
"""Where in a heading its year stands."""
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_NOT_IN_A_CODE = re.compile(r"[^a-z0-9]+")


class Time(NamedTuple):
    """Year and quarter ("" for a whole year), whether marked preliminary or estimated, and what else the text says."""

    year: str
    quarter: str
    is_preliminary: bool
    rest: str


def find_time(text: str, edge: Edge | None = None) -> Time | None:
    """The year or quarter in a heading such as "Prel. 2016 Total", "2016-Q1" or "Quý II/2016".

    The first one, or the one at that edge of the text. None without it, and for months, which must not be taken for
    their year.
    """
    found = list(_TIME.finditer(normalise(text)))
    match = found[-1 if edge == "last" else 0] if found else None
    if match is None:
        return None
    rest = normalise(match.string[: match.start()] + " " + match.string[match.end() :])
    quarter = (match["first"] or match["last"] or "").casefold()
    # "Quý 2/2023" would be a month.
    if _MONTH.search(rest if quarter else match.string):
        return None
    if (edge == "first" and match.start() > 0) or (edge == "last" and match.end() < len(match.string)):
        return None
    is_preliminary = bool(match["before"] or match["after"])
    return Time(match["year"], _ROMAN.get(quarter, quarter), is_preliminary, rest)


def has_several_years(text: str) -> bool:
    """Whether more than one number in it may be the year: "Under 2000 workers 2015"."""
    return len(_TIME.findall(normalise(text))) > 1


def figure_and_flag(text: str | None) -> tuple[str | None, str | None]:
    """The figure, and what is written beside it or instead of it: "519.4sb" is 519.4 with sb, ".." none with "..".

    What is neither stays as it is, for the contract to judge.
    """
    if text is None:
        return None, None
    if heading_key(text) in _MISSING:
        return None, text
    match = _FLAGGED.fullmatch(normalise(text))
    return (match["number"], match["flag"]) if match else (text, None)


def code_of(indicator: str) -> str:
    """The name that a table is replaced under."""
    return _NOT_IN_A_CODE.sub("_", without_accents(heading_key(indicator))).strip("_")


def years_from(years: Iterable[str]) -> Period:
    """From the first of these years to the last."""
    numbers = [int(year) for year in years]
    return Period.of_months(min(numbers), 1, 12 * (max(numbers) - min(numbers) + 1))


def whole_period(parts: Iterable[Part]) -> Period:
    """From the first period of the parts to the last."""
    periods = [part.period for part in parts]
    return Period(min(period.start for period in periods), max(period.end for period in periods))
