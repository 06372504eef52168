"""What stands below and beside the figures, in words: the variants of each KPI, and by what it is broken down.

Belongs here: which cell says what, and the names of variants and members. Stays out: the figures themselves
(`scorecard`), how a table is drawn (`layout`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Any

from ocop_pipeline.reports.scorecard_sheet import Sheet, value_of
from ocop_pipeline.reports.scorecard_words import WORDS
from ocop_pipeline.reports.wording import Language, worded
from ocop_pipeline.sources.district_words import FUNDING_SOURCES
from ocop_pipeline.sources.entity_types import ENTITY_TYPES
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

Names = Mapping[tuple[str, str], str]
"""By (breakdown or KPI, member or variant) what people call it."""

_MOST_MEMBERS, _SHOWN_OF_MORE = 12, 6
"""More of them fill screens: the others are in --format csv."""
_FIRST_WIDTH, _PARTS_WIDTH = 46, 68
_NAMES = """
select kind, code, name
from (
    select kpi_code as kind, '' as code, name_{lang} as name, sort_order from seeds.kpi_catalogue
    union all
    select kpi_code, variant, name_{lang}, sort_order from seeds.kpi_variants
    union all
    select 'star', stars, name_{lang}, sort_order from seeds.star_ratings
    union all
    select 'product_group', product_group, product_group || ' ' || name_{lang}, sort_order from seeds.product_groups
    union all
    select 'commune', unit_code, unit_name, sort_order from seeds.units
    where unit_kind = 'commune' and valid_from <= :as_of and coalesce(valid_to > :as_of, true)
) as named
order by sort_order
"""
_BREAKDOWNS = MappingProxyType(
    {
        Language.EN: {
            "star": "by stars",
            "product_group": "by product group",
            "commune": "by commune",
            "entity_type": "by kind of entity",
            "marketplace": "by marketplace",
            "funding_source": "by source",
        },
        Language.VI: {
            "star": "theo hạng sao",
            "product_group": "theo nhóm sản phẩm",
            "commune": "theo xã",
            "entity_type": "theo loại hình",
            "marketplace": "theo sàn",
            "funding_source": "theo nguồn",
        },
    }
)


def breakdown_names(warehouse: Warehouse, as_of: date, language: Language) -> Names:
    """What KPIs, variants and members are called that day; a member without a name goes by its code."""
    rows = fetch(warehouse, _NAMES.format(lang=language.value), {"as_of": as_of}, role=Role.TRANSFORMER).rows
    names = {(kind, code): name for kind, code, name in rows}
    for breakdown, words in (("entity_type", ENTITY_TYPES), ("funding_source", FUNDING_SOURCES)):
        for word, member in words.items():
            if language is Language.VI:
                names.setdefault((breakdown, member), word)
            else:
                names[breakdown, member] = member.replace("_", " ")
    return names


def breakdown_sheets(rows: Sequence[dict[str, Any]], names: Names, language: Language) -> list[Sheet]:
    """One table per unit: a line per variant, and one per breakdown with its members; 120 characters wide.

    KPIs and variants come in the order of `names`.
    """
    words = WORDS[language]
    order = {name: position for position, name in enumerate(names)}

    def place(row: dict[str, Any]) -> tuple[str, int, str, int, str]:
        kpi, member = order[row["kpi"], ""], order.get((row["breakdown"], row["member"]), len(order))
        return row["unit_code"], kpi, row["variant"], member if row["breakdown"] else -1, row["breakdown"]

    sheets = []
    units = groupby(sorted(rows, key=place), key=lambda row: (row["unit_code"], row["unit_name"]))
    for (unit_code, unit_name), of_unit in units:
        title = words.parts_title.format(unit=f"{unit_name} ({unit_code})")
        sheets.append(Sheet(title, words.parts_columns, list(_lines(of_unit, names, language)), _FIRST_WIDTH))
    return sheets


def _lines(rows: Iterable[dict[str, Any]], names: Names, language: Language) -> Iterator[list[str | None]]:
    for kpi, of_kpi in groupby(rows, key=lambda row: row["kpi"]):
        yield [names[kpi, ""], None]
        for variant, of_variant in groupby(of_kpi, key=lambda row: row["variant"]):
            parts: dict[str, list[dict[str, Any]]] = {}
            for row in of_variant:
                parts.setdefault(row["breakdown"], []).append(row)
            if variant and "" in parts:
                yield [f"  {names.get((kpi, variant), variant)}", value_of(parts.pop("")[0], language, "  ")]
            for breakdown, members in sorted(parts.items()):
                name = _BREAKDOWNS[language].get(breakdown, breakdown)
                told = "\n".join(_wrapped(_members(members, names, language)))
                yield [("    " if variant else "  ") + name, told]


def _members(rows: Sequence[dict[str, Any]], names: Names, language: Language) -> Iterator[str]:
    """Each member with its figure where they are few; else the largest, or of shares how many have one."""
    words, shown = WORDS[language], list(rows)
    if len(rows) > _MOST_MEMBERS and rows[0]["measure_unit"] == "share":
        yield f"{sum(bool(row['value']) for row in rows)} / {len(rows)}"
        return
    if len(rows) > _MOST_MEMBERS:
        shown = sorted(rows, key=lambda row: -(row["value"] or 0))[:_SHOWN_OF_MORE]
    for row in shown:
        name = names.get((row["breakdown"], row["member"]))
        name = name or (words.unknown if row["member"] == "unknown" else row["member"])
        yield f"{name}: {worded(row['value'], row['measure_unit'], language) or words.hidden}"
    if len(rows) > len(shown):
        yield words.more_members.format(count=len(rows) - len(shown))


def _wrapped(parts: Iterator[str]) -> Iterator[str]:
    """The parts one after another, a new line where the next does not fit."""
    line = ""
    for part in parts:
        joined = f"{line}; {part}" if line else part
        if line and len(joined) > _PARTS_WIDTH:
            yield line + ";"
            line = part
        else:
            line = joined
    yield line
