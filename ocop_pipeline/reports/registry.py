"""What each of our keys is called, and which of them may be one and the same thing.

Belongs here: choosing from the marts, and comparing names. Stays out: applying anything. What is merged, split or
corrected is the office's word in its registry (`sources.registries`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_pipeline.contracts import Form
from ocop_pipeline.reports.layout import objects
from ocop_pipeline.sources.registries import ENTITY_ALIASES, FORMS, PRODUCT_ALIASES, SALES_POINT_ALIASES
from ocop_pipeline.vietnamese.text import name_key
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

if TYPE_CHECKING:
    import numpy as np

THINGS = {"entities": ENTITY_ALIASES, "products": PRODUCT_ALIASES, "sales-points": SALES_POINT_ALIASES}
"""What a registry is called on the command line, and its form."""
_LEAST_SCORE = 80.0
"""Below it two names of a district are mostly two things: “HTX chè Long Cốc” and “HTX chè Mỹ Lung” have 69."""
_ALIASES = """
select thing, thing_key as key, alias_kind, written_as, unit_code, valid_from, valid_to, alias_source as source, reason
from marts.dim_alias
where thing = coalesce(cast(:thing as text), thing)
order by thing, thing_key, alias_source desc, alias_kind, valid_from, written_as
"""
_KNOWN = """
select
    'entity' as thing, entity_key as key, entity_name as name,
    case when is_private then entity_key else entity_name end as shown_name, territory_code, commune_code
from intermediate.int_entities
union all
select 'product', product_key, product_name, product_name, territory_code, commune_code from marts.dim_product
union all
select 'sales_point', sales_point_key, sales_point_name, sales_point_name, territory_code, commune_code
from marts.fct_sales_points
order by thing, territory_code, key
"""
_COLUMNS = ("thing", "unit_code", "score", "key", "name", "other_key", "other_name", "is_same_commune")


@dataclass(frozen=True)
class Known:
    """A thing under one of our keys: what it is called now, and where it lies.

    `shown_name` is for others to see: our key of a household business that no decision names.
    """

    thing: str
    key: str
    name: str
    shown_name: str
    territory_code: str | None
    commune_code: str | None


def aliases_of(warehouse: Warehouse, name: str | None = None) -> Answer:
    """One row per key and alias, reported or the registry's; of one registry of THINGS, or of all."""
    return fetch(warehouse, _ALIASES, {"thing": None if name is None else _thing(THINGS[name])})


def known_things(warehouse: Warehouse) -> list[Known]:
    """Every key that has a name."""
    return [Known(**row) for row in objects(fetch(warehouse, _KNOWN, role=Role.TRANSFORMER)) if row["name"]]


def registered(warehouse: Warehouse, form: Form) -> list[dict[str, Any]]:
    """The registry's rows as the office last sent them, by column of the form."""
    columns = ", ".join(f"told.{column.name}" for column in form.columns)
    sql = f"select {columns} from raw.{form.name} as told join ingest.load_at using (load_id) order by told.source_row"  # noqa: S608
    return objects(fetch(warehouse, sql, role=Role.TRANSFORMER))


def suggestions_of(warehouse: Warehouse, name: str | None = None) -> Answer:
    """Pairs of keys of one territory whose names are alike, the likeliest first."""
    things = {_thing(form) for form in ([THINGS[name]] if name else FORMS)}
    return Answer(_COLUMNS, tuple(suggestions(one for one in known_things(warehouse) if one.thing in things)))


def suggestions(things: Iterable[Known]) -> Sequence[tuple[Any, ...]]:
    """The rows of `suggestions_of`: names are compared as `name_key`, words in any order; 100 is the same name."""
    by_place: dict[tuple[str, str | None], list[Known]] = defaultdict(list)
    for one in things:
        by_place[one.thing, one.territory_code].append(one)
    found = [row for neighbours in by_place.values() for row in _alike(neighbours)]
    return sorted(found, key=lambda row: (row[0], not row[-1], -row[2], row[3], row[5]))


def name_scores(names: Sequence[str], others: Sequence[str], least: float) -> "np.ndarray[Any, Any]":
    """How alike each name is to each other one, 0 to 100: as `name_key`, words in any order; 0 where under `least`."""
    from rapidfuzz import fuzz, process

    keys, other_keys = ([name_key(name) for name in side] for side in (names, others))
    return process.cdist(keys, other_keys, scorer=fuzz.token_sort_ratio, score_cutoff=least)


def _alike(neighbours: Sequence[Known]) -> Iterator[tuple[Any, ...]]:
    import numpy as np

    names = [one.name for one in neighbours]
    scores = name_scores(names, names, _LEAST_SCORE)
    for left, right in np.argwhere(np.triu(scores, 1)):
        one, other = neighbours[left], neighbours[right]
        is_same_commune = one.commune_code is not None and one.commune_code == other.commune_code
        score = round(float(scores[left, right]), 1)
        yield (
            one.thing,
            one.territory_code,
            score,
            one.key,
            one.shown_name,
            other.key,
            other.shown_name,
            is_same_commune,
        )


def _thing(form: Form) -> str:
    return form.name.removesuffix("_aliases")
