"""The twelve KPIs of the simulated province, worked out from its records.

Belongs here: the definitions (version 1) in plain Python, by what they are about. Stays out: the pipeline: no
SQL, no data frames, none of its code, so that the two agree only where both are right.
"""

from collections.abc import Iterator
from datetime import date

from ocop_pipeline.demo.answers import activities, people, products, sales, values
from ocop_pipeline.demo.answers.figure import Figure
from ocop_pipeline.demo.answers.moment import Moment
from ocop_pipeline.demo.records import World

__all__ = ["Figure", "figures_at"]


def figures_at(world: World, day: date) -> Iterator[Figure]:
    """Every figure of the key at that day, for the province and each district."""
    moment = Moment(world, day)
    for part in (products, people, values, sales, activities):
        yield from part.figures(moment)
