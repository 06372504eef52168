"""Hidden figures about people: who reads all that is shown tries to work them out, on a thousand random tables.

The statement is dbt's own (`macros/disclosure.sql`), run on a real server over figures of a thousand days, each a
random province. The attacker knows what is published, of how many entities each figure tells, and how figures bound one
another: parts are no more than all workers, incomes lie within the province's range. Incomes here are in nghìn đồng.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from jinja2 import Environment
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from ocop_pipeline.settings import PROJECT_ROOT
from ocop_pipeline.warehouse.server import Warehouse

TABLES = 1000
FEWEST_PEOPLE, FEWEST_ENTITIES = 5, 2
FEWEST_IN_PART = 100
"""Regular workers of a unit of which not every entity has told an income."""
STEP = 10
"""Incomes are rounded down to a multiple of it."""
PROVINCE = "25"
FIRST_DAY = date(2020, 1, 1)
WORKERS, INCOME = "rural_workers", "worker_income"
ALL_WORKERS = (WORKERS, ""), (WORKERS, "seasonal")
PARTS = ((WORKERS, "female"), (WORKERS, "local"), (WORKERS, "insured"))

Table = tuple[str, str]
"""KPI and variant."""
Cell = tuple[Table, str]
"""Table and unit; the unit is empty for what the province has beyond its districts."""
Term = int | str
"""The number of an unknown, or a number that is known."""
Numbers = npt.NDArray[np.float64]


@dataclass
class Province:
    """One random province: per cell the people, the income they have together, and how many entities tell of it."""

    people: dict[Cell, int] = field(default_factory=dict)
    income: dict[Cell, int] = field(default_factory=dict)
    entities: dict[Cell, int] = field(default_factory=dict)
    lowest: int = 10**12
    highest: int = 0

    def add(self, table: Table, unit: str, people: int, income: int = 0) -> None:
        """What one entity tells, for its unit and the province."""
        for cell in ((table, unit), (table, PROVINCE)):
            self.people[cell] = self.people.get(cell, 0) + people
            self.entities[cell] = self.entities.get(cell, 0) + 1
            if table[0] == INCOME:
                self.income[cell] = self.income.get(cell, 0) + income


def random_province(random: Random) -> Province:
    """Two to nine districts of up to six entities: many small, some all of women or locals, a few of no known place."""
    province = Province()
    units = [str(201 + number) for number in range(random.randint(2, 9))]
    entities = [unit for unit in units for _ in range(random.choice((0, 1, 1, 2, 3, 6)))]
    for unit in [*entities, *[""] * random.choice((0, 0, 0, 1, 2))]:
        regular, seasonal = random.choice((0, 1, 3, 8, 30)) + random.randint(0, 3), random.choice((0, 0, 2, 12))
        province.add((WORKERS, ""), unit, regular)
        province.add((WORKERS, "seasonal"), unit, seasonal)
        for table in PARTS:
            province.add(table, unit, round(random.choice((0, 0.3, 0.7, 1, 1)) * (regular + seasonal)))
        if regular and random.random() < 0.8:
            income = random.randint(4000, 9000)
            province.add((INCOME, ""), unit, regular, regular * income)
            province.lowest, province.highest = min(province.lowest, income), max(province.highest, income)
    return province


@pytest.fixture(scope="module")
def provinces() -> list[Province]:
    """The thousand."""
    random = Random(91)  # noqa: S311 - no secret
    return [random_province(random) for _ in range(TABLES)]


@dataclass
class Publication:
    """What is hidden of a province, and the mean incomes that are shown."""

    hidden: set[Cell] = field(default_factory=set)
    means: dict[Cell, float] = field(default_factory=dict)


def published(
    warehouse: Warehouse,
    provinces: Sequence[Province],
    *,
    is_complementary: bool = True,
    fewest_in_part: int = FEWEST_IN_PART,
    step: float = STEP,
) -> list[Publication]:
    """What dbt's statements hide and show of each province."""
    text = (PROJECT_ROOT / "dbt_project" / "macros" / "disclosure.sql").read_text(encoding="utf-8")
    macros: Any = Environment(autoescape=False).from_string(text).module  # noqa: S701 - SQL
    cells = macros.cells_about_people("figures", f"'{PROVINCE}'")
    statement = macros.hidden_figures("cells", FEWEST_PEOPLE, FEWEST_ENTITIES, is_complementary=is_complementary)
    in_part = macros.incomes_in_part("cells", fewest_in_part)
    rows = [
        {
            "as_of_date": str(FIRST_DAY + timedelta(days=number)),
            "kpi_code": kpi,
            "variant": variant,
            "breakdown": "",
            "unit_code": unit,
            "row_count": province.entities[(kpi, variant), unit],
            "denominator": people,
            "numerator": province.income[(kpi, variant), unit] if kpi == INCOME else people,
        }
        for number, province in enumerate(provinces)
        for ((kpi, variant), unit), people in province.people.items()
        if unit
    ]
    found = [Publication() for _ in provinces]
    with warehouse.engine(None).begin() as connection:
        connection.exec_driver_sql(
            "create temporary table figures on commit drop as select * from json_to_recordset(%(rows)s) as rows ("
            "as_of_date date, kpi_code text, variant text, breakdown text, unit_code text, row_count bigint, "
            "numerator numeric, denominator numeric)",
            {"rows": json.dumps(rows)},
        )
        connection.exec_driver_sql("analyze figures")
        sql = (
            f"with cells as materialized ({cells}) select * from ({statement}) as hidden union "  # noqa: S608 - our own
            f"select as_of_date, table_code, unit_code from ({in_part}) as in_part where is_hidden"
        )
        for row in connection.exec_driver_sql(sql):
            kpi, variant = str(row.table_code).split("/")
            found[(row.as_of_date - FIRST_DAY).days].hidden.add(((kpi, variant), str(row.unit_code)))
        mean = macros.rounded_mean("numerator / denominator", step)
        sql = (
            f"select as_of_date, unit_code, {mean} as mean from figures where kpi_code = '{INCOME}' and denominator > 0"  # noqa: S608 - our own
        )
        for row in connection.exec_driver_sql(sql):
            publication = found[(row.as_of_date - FIRST_DAY).days]
            cell = (INCOME, ""), str(row.unit_code)
            if cell not in publication.hidden:
                publication.means[cell] = float(row.mean)
    return found


@dataclass
class Attack:
    """The hidden numbers of some provinces as unknowns, and what the attacker can write down about them."""

    truth: list[float] = field(default_factory=list)
    asked: list[tuple[int, Cell, int]] = field(default_factory=list)
    """Province, cell and unknown of what must not be found out."""
    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)
    at_most: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def add(self, number: int, province: Province, publication: Publication, step: float) -> None:
        """All that is known of one province."""
        is_hidden = publication.hidden
        told_by_all = {
            cell
            for cell, count in province.people.items()
            if cell[0] == (INCOME, "") and cell[1] and (count, province.entities[cell]) == _regular(province, cell[1])
        }
        shown = {cell for cell in province.people if cell[1] and cell not in is_hidden}
        people = self._terms(province.people, {c for c in shown if c[0][0] == WORKERS} | shown & told_by_all)
        income = self._terms(province.income, shown & told_by_all)
        for unit in {unit for _, unit in people}:
            for table in PARTS:
                # Told by the same entities: parts of all their workers.
                everybody = [people[(WORKERS, variant), unit] for variant in ("", "seasonal")]
                self._at_most([(1, people[table, unit]), *((-1, term) for term in everybody)])
        for cell, earned in income.items():
            count, regular = people[cell], people[(WORKERS, ""), cell[1]]
            self._at_most([(1, earned), (-province.highest, count)])
            self._at_most([(-1, earned), (province.lowest, count)])
            self._at_most([(1, count), (-1, regular)])
            if province.entities[cell] == province.entities[(WORKERS, ""), cell[1]]:
                self.equal.append(_line([(1, regular), (-1, count)]))
            if cell in publication.means:
                mean = publication.means[cell]
                self._at_most([(mean, count), (-1, earned)])
                self._at_most([(1, earned), (-mean - step, count)])
            if cell[1] and isinstance(count, int) and _is_of_few_without(province, cell[1]):
                self.asked.append((number, cell, count))
        for cell in is_hidden | {cell for cell, count in province.people.items() if not cell[1] and count}:
            # How many of the regular workers have an income was asked above: here, what they earn.
            term = (income if cell[0][0] == INCOME else people)[cell]
            if cell[1] != PROVINCE and isinstance(term, int) and _is_protected(province, cell):
                self.asked.append((number, cell, term))

    def _terms(self, numbers: dict[Cell, int], known: set[Cell]) -> dict[Cell, Term]:
        """Each number as it is or as an unknown; of every table the units add up to the province."""
        terms: dict[Cell, Term] = {}
        for cell, value in numbers.items():
            if cell in known:
                terms[cell] = str(value)
            else:
                terms[cell] = len(self.truth)
                self.truth.append(value)
        for table in {table for table, _ in numbers}:
            parts = [term for (told, unit), term in terms.items() if told == table and unit != PROVINCE]
            self.equal.append(_line([*((1, part) for part in parts), (-1, terms[table, PROVINCE])]))
        return terms

    def _at_most(self, terms: Sequence[tuple[float, Term]]) -> None:
        """The sum is not above zero."""
        self.at_most.append(_line(terms))

    def extreme(self, direction: Numbers) -> Numbers:
        """The hidden numbers as they might be, as far as possible in that direction."""
        (a_eq, b_eq), (a_ub, b_ub) = (_matrix(lines, len(self.truth)) for lines in (self.equal, self.at_most))
        # A wall far off, for what nothing else bounds.
        bounds = [(0, 10 * value + 10**6) for value in self.truth]
        solved = linprog(direction, a_ub, b_ub, a_eq, b_eq, bounds, method="highs")
        assert solved.status == 0, solved.message
        found: Numbers = solved.x
        return found

    def recovered(self) -> list[tuple[int, Cell]]:
        """The cells of which the attacker finds the number."""
        columns = np.array([column for _, _, column in self.asked], dtype=int)
        random = np.random.default_rng(5)
        lowest = highest = np.array(self.truth, dtype=float)[columns]
        for _ in range(8):
            # Two ways that differ in a number: it cannot be worked out.
            wanted = columns[highest - lowest < 1 - 1e-6]
            if not len(wanted):
                return []
            direction = np.zeros(len(self.truth))
            direction[wanted] = random.choice((-1.0, 1.0), len(wanted))
            for sign in (1, -1):
                found = self.extreme(sign * direction)[columns]
                lowest, highest = np.minimum(lowest, found), np.maximum(highest, found)
        left = [place for place, width in zip(self.asked, highest - lowest, strict=True) if width < 1 - 1e-6]
        return [(number, cell) for number, cell, column in left if self._width(column) < 1 - 1e-6]

    def _width(self, column: int) -> float:
        """How far apart the least and the greatest possible number are."""
        direction = np.zeros(len(self.truth))
        direction[column] = 1
        return float(self.extreme(-direction)[column] - self.extreme(direction)[column])


def _regular(province: Province, unit: str) -> tuple[int, int]:
    """The regular workers of a unit, and how many entities have told of them."""
    cell = (WORKERS, ""), unit
    return province.people[cell], province.entities[cell]


def _is_of_few_without(province: Province, unit: str) -> bool:
    """Whether the regular workers without an income are so few, or of one entity, that nobody may know how many."""
    everybody, told = ((WORKERS, ""), unit), ((INCOME, ""), unit)
    people = province.people[everybody] - province.people[told]
    entities = province.entities[everybody] - province.entities[told]
    return entities > 0 and (people < FEWEST_PEOPLE or entities < FEWEST_ENTITIES)


def _is_protected(province: Province, cell: Cell) -> bool:
    """What the province has beyond its districts is a cell only beside some of theirs, and if it is small."""
    table, unit = cell
    if unit:
        return True
    is_small = province.people[cell] < FEWEST_PEOPLE or province.entities[cell] < FEWEST_ENTITIES
    return is_small and any(told == table and other not in {"", PROVINCE} for told, other in province.people)


def _line(terms: Sequence[tuple[float, Term]]) -> tuple[dict[int, float], float]:
    """Known numbers (texts) go to the right side."""
    unknown: dict[int, float] = {}
    known = 0.0
    for factor, term in terms:
        if isinstance(term, str):
            known -= factor * float(term)
        else:
            unknown[term] = unknown.get(term, 0) + factor
    return unknown, known


def _matrix(lines: Sequence[tuple[dict[int, float], float]], width: int) -> tuple[object, Numbers]:
    matrix = lil_matrix((len(lines), width))
    for number, (unknown, _) in enumerate(lines):
        for column, factor in unknown.items():
            matrix[number, column] = factor
    return matrix.tocsr(), np.array([known for _, known in lines])


def attacks(
    provinces: Sequence[Province], found: Sequence[Publication], size: int, step: float = STEP
) -> Iterator[Attack]:
    """The provinces, so many at a time."""
    for start in range(0, len(provinces), size):
        attack = Attack()
        for number in range(start, min(start + size, len(provinces))):
            attack.add(number, provinces[number], found[number], step)
        yield attack


def test_nobody_works_out_a_hidden_figure(warehouse: Warehouse, provinces: list[Province]) -> None:
    attacked = list(attacks(provinces, published(warehouse, provinces), 50))
    assert sum(len(attack.asked) for attack in attacked) > 10_000
    assert [cell for attack in attacked for cell in attack.recovered()] == []


def test_without_the_others_that_are_hidden_beside_them_they_are_worked_out(
    warehouse: Warehouse, provinces: list[Province]
) -> None:
    some = provinces[:20]
    found = published(warehouse, some, is_complementary=False)
    assert len([cell for attack in attacks(some, found, 20) for cell in attack.recovered()]) > 10


@pytest.mark.parametrize("step", [0.001, STEP])
def test_from_means_that_are_exact_or_of_few_the_workers_without_an_income_are_worked_out(
    warehouse: Warehouse, provinces: list[Province], step: float
) -> None:
    some = provinces[200:450]
    found = published(warehouse, some, fewest_in_part=0, step=step)
    recovered = [cell for attack in attacks(some, found, 50, step) for _, cell in attack.recovered()]
    assert {table for table, _ in recovered} == {(INCOME, "")}


def workers_possible(mean: Fraction, step: Fraction, regular: int, told_in: int) -> list[int]:
    """Of how many workers a shown mean may be, if every income is a multiple of `told_in`."""
    return [
        workers
        for workers in range(FEWEST_PEOPLE, regular + 1)
        # The least sum of incomes that is not below the mean lies below the next one that is shown.
        if -(-mean * workers // told_in) * told_in < (mean + step) * workers
    ]


@pytest.mark.parametrize("told_in", [1, 50, 100, 500, 1000])
def test_a_shown_mean_is_of_many_possible_numbers_of_workers(told_in: int) -> None:
    """Also where all incomes are told in round numbers, up to whole millions."""
    random = Random(7)  # noqa: S311 - no secret
    solved = 0
    for _ in range(300):
        workers = [random.randint(1, 40) for _ in range(random.randint(2, 30))]
        income = sum(count * random.randint(4000 // told_in, 9000 // told_in) * told_in for count in workers)
        told = sum(workers)
        regular = max(told + random.randint(1, 40), FEWEST_IN_PART)
        mean = Fraction(income, told)
        possible = workers_possible(Fraction(mean // STEP * STEP), Fraction(STEP), regular, told_in)
        assert told in possible
        assert len(possible) >= 10
        solved += len(workers_possible(mean, Fraction(1, 10**9), regular, told_in)) == 1
    assert solved > 30


def test_every_figure_of_few_people_or_one_entity_below_the_province_is_hidden(
    warehouse: Warehouse, provinces: list[Province]
) -> None:
    for province, publication in zip(provinces, published(warehouse, provinces), strict=True):
        small = {
            (table, unit)
            for (table, unit), people in province.people.items()
            if unit not in {"", PROVINCE}
            and (people < FEWEST_PEOPLE or province.entities[table, unit] < FEWEST_ENTITIES)
        }
        assert small <= publication.hidden


def province_of(regular: dict[str, list[int]], seasonal: dict[str, list[int]] | None = None) -> Province:
    """Per unit the regular workers of each entity, and perhaps the seasonal ones."""
    province = Province()
    for variant, told in (("", regular), ("seasonal", seasonal or {})):
        for unit, numbers in told.items():
            for number in numbers:
                province.add((WORKERS, variant), unit, number)
    return province


@pytest.mark.parametrize(
    ("regular", "hidden_units"),
    [
        pytest.param({"201": [3, 2], "202": [9, 9]}, set(), id="five of two are shown"),
        pytest.param(
            {"201": [2, 2], "202": [9, 9, 9], "203": [9, 9], "204": [9, 9, 9, 9]},
            {"201", "202", "203"},
            id="four are not, and beside the next largest they are still few",
        ),
        pytest.param(
            {"201": [50], "202": [9, 9, 9], "203": [2, 3]}, {"201", "203"}, id="one entity's, and five beside"
        ),
        pytest.param(
            {"201": [50], "202": [9, 9, 9], "203": [2, 2]}, {"201", "202", "203"}, id="four beside the largest are few"
        ),
        pytest.param({"201": [4], "202": [3]}, {"201", "202", PROVINCE}, id="the province would be the hidden one"),
        pytest.param({"201": [4], "202": [30]}, {"201", "202", PROVINCE}, id="four beside the largest of all"),
        pytest.param({"201": [30]}, {"201", PROVINCE}, id="one entity in all"),
        pytest.param({"201": [9, 9], "202": [9, 9, 9], "": [9]}, {"201"}, id="one entity of no known place"),
        pytest.param({"201": [9, 9], "202": [9, 9, 9], "": [9, 9]}, set(), id="two of no known place"),
        pytest.param({"201": [9], "202": [9, 9, 9], "": [9, 9]}, {"201"}, id="hidden beside those of no known place"),
    ],
)
def test_as_many_are_hidden_as_are_needed_those_of_the_fewest_entities_first(
    warehouse: Warehouse, regular: dict[str, list[int]], hidden_units: set[str]
) -> None:
    (found,) = published(warehouse, [province_of(regular)])
    assert {unit for _, unit in found.hidden} == hidden_units


def test_a_part_is_hidden_where_what_bounds_it_is_and_not_the_other_way_round(warehouse: Warehouse) -> None:
    """201 hides its regular workers, 202 its seasonal ones only; 203 goes with the first, 204 is shown in all."""
    regular = {"201": [30], "202": [9, 9, 9, 9], "203": [9, 9], "204": [9, 9, 9]}
    seasonal = {"201": [7], "202": [1, 1, 1, 1], "203": [9, 9], "204": [9, 9, 9]}
    province = province_of(regular, seasonal)
    for unit, numbers in regular.items():
        for number in numbers:
            province.add((WORKERS, "female"), unit, number)
    (found,) = published(warehouse, [province])
    assert found.hidden == {
        *(((WORKERS, ""), unit) for unit in ("201", "203")),
        *(((WORKERS, variant), unit) for variant in ("seasonal", "female") for unit in ("201", "202", "203")),
    }


def test_a_mean_that_not_every_entity_told_is_hidden_where_regular_workers_are_few(warehouse: Warehouse) -> None:
    """201 has 99 of them, 202 has 100; in 203 all 20 have told."""
    told = {"201": [40, 40], "202": [40, 40], "203": [10, 10]}
    province = province_of({"201": [*told["201"], 19], "202": [*told["202"], 20], "203": told["203"]})
    for unit, numbers in told.items():
        for number in numbers:
            province.add((INCOME, ""), unit, number, number * 6009)
    (found,) = published(warehouse, [province])
    assert found.hidden == {((INCOME, ""), "201")}
    assert found.means == {((INCOME, ""), unit): 6000 for unit in ("202", "203", PROVINCE)}
