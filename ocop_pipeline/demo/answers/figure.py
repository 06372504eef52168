"""One figure of the answer key, and adding figures up from what each record contributes.

Belongs here: units, members, and when a figure is None. Stays out: which records count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from ocop_pipeline.demo.answers.moment import Moment
from ocop_pipeline.demo.records import World

PROVINCE = "25"
UNKNOWN = "unknown"
"""Member of a breakdown for what nobody has placed in it."""

Number: TypeAlias = int | Fraction
Place: TypeAlias = tuple[str, str, str]
"""Unit, breakdown, member."""


@dataclass(frozen=True)
class Figure:
    """One figure at one date for one unit, named as `ocop scorecard --format json` names it.

    `value` is None where nothing was reported that it could rest on, or too little of it; `numerator` and
    `denominator` only where nothing was. Money is in VND. `is_suppressed` marks a figure about so few people
    that nobody may read it: the pipeline must show none of the three.
    """

    kpi: str
    as_of: str
    unit_code: str
    value: float | None
    numerator: float | None
    denominator: float | None = None
    variant: str = ""
    breakdown: str = ""
    member: str = ""
    is_suppressed: bool = False


@dataclass(frozen=True)
class Part:
    """What one record adds to a figure; without a district it counts for the province alone.

    `members` maps breakdowns to what the record is there; an empty member stands nowhere.
    """

    district: str | None
    numerator: Number | None = None
    denominator: int | None = None
    members: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """How parts become figures: a ratio or a sum, 0 or None where there is no part.

    A ratio over less than `least` has no value.
    """

    kpi: str
    variant: str = ""
    is_ratio: bool = False
    is_zero_without_parts: bool = False
    least: int = 1

    def figures(self, moment: Moment, parts: Iterable[Part]) -> Iterator[Figure]:
        """A figure of each unit, and one of each member that occurs there."""
        of_places: dict[Place, list[Part]] = {(unit, "", ""): [] for unit in units(moment.world)}
        members: dict[Place, list[Part]] = defaultdict(list)
        for part in parts:
            for unit in (PROVINCE, part.district) if part.district else (PROVINCE,):
                of_places[unit, "", ""].append(part)
                for breakdown, member in part.members.items():
                    if member:
                        members[unit, breakdown, member].append(part)
        for place, of_place in {**of_places, **members}.items():
            yield self._figure(moment, place, of_place)

    def _figure(self, moment: Moment, place: Place, parts: list[Part]) -> Figure:
        unit, breakdown, member = place
        numerator = total(part.numerator for part in parts)
        denominator = total(part.denominator for part in parts)
        if numerator is None and self.is_zero_without_parts:
            numerator = 0
        return Figure(
            self.kpi,
            f"{moment.day}",
            unit,
            self._value(numerator, denominator),
            plain(numerator),
            plain(denominator),
            self.variant,
            breakdown,
            member,
        )

    def _value(self, numerator: Number | None, denominator: Number | None) -> float | None:
        if not self.is_ratio:
            return plain(numerator)
        if numerator is None or not denominator or denominator < self.least:
            return None
        return float(Fraction(numerator) / denominator)


def units(world: World) -> tuple[str, ...]:
    """Codes of the province and its districts."""
    return (PROVINCE, *world.districts)


def total(numbers: Iterable[Number | None]) -> Number | None:
    """The sum of what is there; None when nothing is."""
    there = [number for number in numbers if number is not None]
    return sum(there) if there else None


def plain(number: Number | None) -> float | None:
    """The number as JSON can hold it."""
    return float(number) if isinstance(number, Fraction) else number
