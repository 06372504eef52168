"""What the scorecard must say about the simulated province, worked out from the records themselves.

Belongs here: the definitions of the key figures (version 1) over the demo's own records, in plain Python, and
what must become of every file. Stays out: the pipeline: no SQL, no data frames, none of its code, so that the
two agree only where both are right.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from ocop_pipeline.demo.inbox_file import BadRow, InboxFile
from ocop_pipeline.demo.months import LAST_MONTH, add_months, year_before
from ocop_pipeline.demo.records import RECOGNISED_STARS, Event, LabourReport, World, stars_at
from ocop_pipeline.demo.shops import SOLD_STATUSES

PROVINCE = "25"
AS_OF_DATES = (date(2020, 12, 31), date(2022, 12, 31), date(2023, 1, 31), date(2023, 11, 24), date(2023, 12, 31))
_EXPORTS_MADE = add_months(LAST_MONTH, 1)
"""Day on which the last exports of the shops were made."""


@dataclass(frozen=True)
class Figure:
    """One figure at one date for one unit, named as `ocop scorecard --format json` names it.

    `numerator` and `value` are None where no record contributes to a sum (nothing was reported); a count of
    things is 0 then. Money is in VND.
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


@dataclass(frozen=True)
class AnswerKey:
    """Expected figures, and expected outcome of every file.

    `files` counts files by source, `rows` data rows by form in all accepted files together (bad rows and
    superseded versions included), `quarantined` bad rows by rule. `rejected_files` maps path to rule,
    `superseded_files` maps path to the forms of which a later file takes the place.
    """

    seed: int
    figures: tuple[Figure, ...]
    files: dict[str, int]
    rows: dict[str, int]
    quarantined: dict[str, int]
    bad_rows: tuple[BadRow, ...]
    rejected_files: dict[str, str]
    superseded_files: dict[str, tuple[str, ...]]
    is_simulated: bool = True

    def figure(self, kpi: str, as_of: str, unit_code: str = PROVINCE, variant: str = "", member: str = "") -> Figure:
        """The figure of that name; KeyError if the key has none."""
        wanted = (kpi, as_of, unit_code, variant, member)
        for figure in self.figures:
            if (figure.kpi, figure.as_of, figure.unit_code, figure.variant, figure.member) == wanted:
                return figure
        raise KeyError(wanted)

    def write(self, path: Path) -> None:
        """The key as JSON, its folder included."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def answer_key(world: World, files: Sequence[InboxFile]) -> AnswerKey:
    """The key to the world that those files tell of."""
    accepted = [file for file in files if file.rejected_by is None]
    bad_rows = tuple(bad_row for file in accepted for bad_row in file.bad_rows)
    rows: Counter[str] = Counter()
    for file in accepted:
        rows.update(file.rows)
    return AnswerKey(
        seed=world.seed,
        figures=tuple(figure for day in AS_OF_DATES for figure in figures_at(world, day)),
        files=dict(sorted(Counter(file.source for file in files).items())),
        rows=dict(sorted(rows.items())),
        quarantined=dict(sorted(Counter(bad_row.rule for bad_row in bad_rows).items())),
        bad_rows=bad_rows,
        rejected_files={file.path: file.rejected_by for file in files if file.rejected_by},
        superseded_files={file.path: file.superseded for file in files if file.superseded},
    )


def figures_at(world: World, day: date) -> Iterator[Figure]:
    """Every figure of the key at that day, for the province and each district."""
    events: dict[str, list[Event]] = defaultdict(list)
    for event in world.events:
        events[event.product.code].append(event)
    rated = {code: stars_at(of_product, day) for code, of_product in events.items()}
    valid = {code: stars for code, stars in rated.items() if stars}
    yield from _certified(world, day, {code: stars for code, stars in valid.items() if stars in RECOGNISED_STARS})
    yield from _sales_points(world, day)
    yield from _communes(world, day, "", {code for code in events if _has_taken_part(events[code], day)})
    yield from _communes(world, day, "certified", set(valid))
    labour = [(r.entity.commune.district, r.regular) for r in _newest_reports(world, day, valid)]
    yield from _sums("rural_workers", world, day, labour)
    yield from _sums("product_value", world, day, _revenues(world, day, valid))
    yield from _sums("online_sales", world, day, _online_sales(world, day, valid))


def _certified(world: World, day: date, certified: dict[str, str]) -> Iterator[Figure]:
    """Products whose newest decision gives 3 stars or more and is in force; in all and by rating."""
    of_units: dict[str, Counter[str]] = {unit: Counter() for unit in _units(world)}
    for product in world.products:
        if stars := certified.get(product.code):
            for unit in (PROVINCE, product.commune.district):
                of_units[unit][stars] += 1
    for unit, by_star in of_units.items():
        count = by_star.total()
        yield Figure("certified_products", f"{day}", unit, count, count)
        for stars in sorted(RECOGNISED_STARS):
            number = by_star[stars]
            yield Figure("certified_products", f"{day}", unit, number, number, breakdown="star", member=stars)


def _sales_points(world: World, day: date) -> Iterator[Figure]:
    """Districts with a point open on that day, out of all."""
    served = {p.commune.district for p in world.points if p.opened <= day and not (p.stopped and p.stopped <= day)}
    yield Figure("units_with_sales_point", f"{day}", PROVINCE, len(served), len(served), len(world.districts))
    for district in world.districts:
        number = int(district in served)
        yield Figure("units_with_sales_point", f"{day}", district, number, number, 1)


def _has_taken_part(events: list[Event], day: date) -> bool:
    """A registration or certificate at or before the day that was not withdrawn by then."""
    past = [event for event in events if event.day <= day]
    return bool(past) and max(past, key=lambda event: event.day).kind != "revoke"


def _communes(world: World, day: date, variant: str, products: set[str]) -> Iterator[Figure]:
    """Communes of those products, out of all communes of the unit."""
    taking_part = {product.commune for product in world.products if product.code in products}
    for unit in _units(world):
        all_communes = [c for c in world.communes if unit in (PROVINCE, c.district)]
        number = sum(commune in taking_part for commune in all_communes)
        share = number / len(all_communes)
        name = "participating_communes_share"
        yield Figure(name, f"{day}", unit, share, number, len(all_communes), variant)


def _newest_reports(world: World, day: date, valid: dict[str, str]) -> list[LabourReport]:
    """Of each producer with a valid product the newest report whose last day lies in (day - 12 months, day]."""
    producers = {product.entity.code for product in world.products if product.entity and product.code in valid}
    newest: dict[str, LabourReport] = {}
    for report in world.labour:
        last_day = date.fromordinal(report.end.toordinal() - 1)
        if report.entity.code in producers and add_months(day, -12) < last_day <= day:
            known = newest.get(report.entity.code)
            if known is None or known.end < report.end:
                newest[report.entity.code] = report
    return list(newest.values())


def _revenues(world: World, day: date, valid: dict[str, str]) -> list[tuple[str, int]]:
    """Revenue of the valid products in the last 12 whole months."""
    start, end = year_before(day)
    return [
        (value.product.commune.district, value.revenue)
        for value in world.values
        if value.product.code in valid and start <= value.month < end
    ]


def _online_sales(world: World, day: date, valid: dict[str, str]) -> list[tuple[str, int]]:
    """Net value of the delivered or completed lines of the valid products, ordered in the same months."""
    start, end = year_before(day)
    return [
        (line.listing.product.commune.district, line.net)
        for order in world.orders
        if start <= order.ordered.date() < end and order.status_at(_EXPORTS_MADE) in SOLD_STATUSES
        for line in order.lines
        if line.listing.product and line.listing.product.code in valid
    ]


def _sums(kpi: str, world: World, day: date, parts: Iterable[tuple[str, int]]) -> Iterator[Figure]:
    """The sum of the districts' parts; None where there is no part."""
    totals: dict[str, int] = {}
    for district, amount in parts:
        for unit in (PROVINCE, district):
            totals[unit] = totals.get(unit, 0) + amount
    for unit in _units(world):
        total = totals.get(unit)
        yield Figure(kpi, f"{day}", unit, total, total)


def _units(world: World) -> tuple[str, ...]:
    return (PROVINCE, *world.districts)
