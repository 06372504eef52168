"""The province on one day: what is valid on it, and which months a figure of that day looks back on.

Belongs here: what several KPIs ask alike. Stays out: any KPI.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ocop_pipeline.demo.months import year_before
from ocop_pipeline.demo.records import Event, Product, World, stars_at


@dataclass(frozen=True)
class Moment:
    """The world as of `day`."""

    world: World
    day: date

    @cached_property
    def events(self) -> dict[str, list[Event]]:
        """Each product's events of all times, by its code."""
        events: dict[str, list[Event]] = defaultdict(list)
        for event in self.world.events:
            events[event.product.code].append(event)
        return dict(events)

    @cached_property
    def valid(self) -> dict[str, str]:
        """Code and rating of the products whose newest decision is in force, whatever its stars."""
        rated = {code: stars_at(events, self.day) for code, events in self.events.items()}
        return {code: stars for code, stars in rated.items() if stars}

    @cached_property
    def valid_products(self) -> list[Product]:
        """Those products."""
        return [product for product in self.world.products if product.code in self.valid]

    @cached_property
    def is_after_first_event(self) -> bool:
        """Whether anything about any product had been told of by then."""
        return any(event.day <= self.day for event in self.world.events)

    @property
    def window(self) -> tuple[date, date]:
        """The last 12 whole months that ended at or before the day, as `[from, to)`."""
        return year_before(self.day)

    def is_in_window(self, day: date) -> bool:
        """Whether that day lies in the window."""
        start, end = self.window
        return start <= day < end

    def is_this_year(self, day: date) -> bool:
        """Whether that day lies in the calendar year up to now."""
        return day.year == self.day.year and day <= self.day
