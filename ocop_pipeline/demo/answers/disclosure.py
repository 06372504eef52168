"""Which figures about people nobody may read, worked out without the pipeline's SQL.

Belongs here: who is hidden, and who beside them. Stays out: the figures themselves (`people`).
"""

from collections.abc import Mapping, Sequence

from ocop_pipeline.demo.answers.figure import PROVINCE

FEWEST_WORKERS, FEWEST_ENTITIES = 5, 2
"""Below these no figure about people is shown for a district."""
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "regular": (),
    "seasonal": ("regular",),
    "income": ("regular",),
    "local": ("regular", "seasonal"),
    "female": ("regular", "seasonal"),
    "insured": ("regular", "seasonal"),
    "extremes": ("income",),
}
"""Each table after those that hide its districts too."""

Table = Mapping[str, Sequence[int]]
"""Per district the people of each entity."""


def hidden_units(tables: Mapping[str, Table]) -> dict[str, set[str]]:
    """Per table of RESTS_ON the districts, and perhaps the province, whose figures are hidden."""
    hidden: dict[str, set[str]] = {}
    for name, bounds in RESTS_ON.items():
        table = tables.get(name, {})
        above = set().union(*(hidden[bound] for bound in bounds))
        found = {unit for unit, people in table.items() if unit in above or _is_small(people)}
        others = sorted(table.keys() - found, key=lambda unit: (len(table[unit]), unit))
        while found and others and not _is_safe([table[unit] for unit in found]):
            found.add(others.pop(0))
        is_told_by_the_province = found and not _is_safe([table[unit] for unit in found])
        hidden[name] = found | ({PROVINCE} if is_told_by_the_province or PROVINCE in above else set())
    return hidden


def _is_small(people: Sequence[int]) -> bool:
    return len(people) < FEWEST_ENTITIES or sum(people) < FEWEST_WORKERS


def _is_safe(hidden: Sequence[Sequence[int]]) -> bool:
    """Whether beside the largest of them there are enough others."""
    sums = [sum(people) for people in hidden]
    return sum(sums) - max(sums) >= FEWEST_WORKERS
