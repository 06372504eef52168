"""Reference data that decides whether a file is acceptable: units and shops, from the seeds.

Belongs here: loading the seeds and looking names up in them. Stays out: anything that other files brought,
so that acceptance never depends on the order of arrival.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from ocop_pipeline.sources.unit_names import UnitName, UnitNames, aliases_of
from ocop_pipeline.vietnamese.unclear import UnclearError


@dataclass(frozen=True)
class Unit:
    """An administrative unit while it was in force: `[valid_from, valid_to)`; `aliases` are names it goes by beside."""

    code: str
    valid_from: date
    valid_to: date | None
    name: str
    kind: str
    parent_code: str
    territory_code: str
    aliases: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        """Whether the unit existed on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Shop:
    """A seller's shop on a marketplace, and the mapping file that reads its exports."""

    shop_id: str
    marketplace: str
    mapping: str


@dataclass(frozen=True)
class Reference:
    """Units and shops as the seeds `units`, `unit_aliases` and `shops` state them, and where mapping files lie.

    `marketplaces` has the names of those that shops may be on, by their codes. A mapping of the office's own in
    `mapping_folder` goes before the shipped one of the same name.
    """

    units: tuple[Unit, ...]
    shops: tuple[Shop, ...]
    mapping_folder: Path
    marketplaces: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, seeds: Path, mapping_folder: Path) -> "Reference":
        """Read the seeds; a missing seed or column raises, because every figure would be wrong."""
        aliases = aliases_of(_rows(seeds / "unit_aliases.csv"))
        units = tuple(
            Unit(
                row["unit_code"],
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                row["unit_name"],
                row["unit_kind"],
                row["parent_code"],
                row["territory_code"],
                aliases.get((row["unit_code"], row["valid_from"]), ()),
            )
            for row in _rows(seeds / "units.csv")
        )
        shops = tuple(Shop(row["shop_id"], row["marketplace"], row["mapping"]) for row in _rows(seeds / "shops.csv"))
        marketplaces = {row["marketplace"]: row["marketplace_name"] for row in _rows(seeds / "marketplaces.csv")}
        return cls(units, shops, mapping_folder, marketplaces)

    def shop(self, shop_id: str) -> Shop | None:
        """The shop of the registry, if it is there."""
        return next((shop for shop in self.shops if shop.shop_id == shop_id), None)

    def unit(self, code: str, day: date) -> Unit | None:
        """The unit that carried this code on that day; codes are reused with another meaning."""
        return next((unit for unit in self._by_code[code] if unit.in_force(day)), None)

    def find_unit(self, text: str, day: date) -> Unit | None:
        """The reporting unit (province, district, or a commune) called so on that day, by code or by name."""
        if by_code := self.unit(text, day):
            return by_code
        try:
            return self.unit(self._reporting_units(day).find(text)[0].code, day)
        except UnclearError:
            return None

    def find_district(self, text: str) -> tuple[str, str | None]:
        """Code of the province or district that is or was called so, and the rule by which it was found.

        UnclearError when there is none, or when the name fits several.
        """
        found, rule = self._districts.find(text)
        return found.code, rule

    def may_report(self, unit: Unit, day: date) -> bool:
        """Province and districts report; communes since the districts ended (QĐ 1489, 01/07/2025)."""
        if unit.kind != "commune":
            return True
        return not any(other.kind == "district" and other.in_force(day) for other in self.units)

    def find_commune(self, text: str, unit_code: str, day: date) -> tuple[str, str | None]:
        """Code of the commune called so inside the reporting unit on that day, and the rule by which it was found.

        The rule is None where the commune is plainly named. UnclearError when there is none, or when the name
        fits several.
        """
        found, rule = self._communes(unit_code, day).find(text)
        return found.code, rule

    def communes_of(self, unit: Unit, day: date) -> list[Unit]:
        """The communes that a reporting unit may speak of on that day, by name; the unit itself when it is one."""
        communes = [other for other in self.units if other.kind == "commune" and other.in_force(day)]
        if unit.kind != "province":
            communes = [commune for commune in communes if unit.code in (commune.parent_code, commune.code)]
        return sorted(communes, key=lambda commune: commune.name)

    @cached_property
    def _by_code(self) -> dict[str, list[Unit]]:
        by_code: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            by_code[unit.code].append(unit)
        return by_code

    @cached_property
    def _districts(self) -> UnitNames:
        """Province and districts of all times."""
        last = {unit.code: unit for unit in self.units if unit.kind != "commune"}
        return UnitNames(UnitName(unit.code, unit.name, aliases=unit.aliases) for unit in last.values())

    @cached_property
    def _names(self) -> dict[tuple[str, date], UnitNames]:
        return {}

    def _reporting_units(self, day: date) -> UnitNames:
        if ("", day) not in self._names:
            in_force = [unit for unit in self.units if unit.in_force(day)]
            units = [unit for unit in in_force if unit.kind != "commune"]
            has_districts = any(unit.kind == "district" for unit in units)
            self._names["", day] = self._names_of(units if has_districts else in_force, day)
        return self._names["", day]

    def _communes(self, unit_code: str, day: date) -> UnitNames:
        """The communes that a unit may speak of."""
        if (unit_code, day) not in self._names:
            unit = self.unit(unit_code, day)
            communes = self.communes_of(unit, day) if unit else []
            self._names[unit_code, day] = self._names_of(communes, day)
        return self._names[unit_code, day]

    def _names_of(self, units: list[Unit], day: date) -> UnitNames:
        return UnitNames(UnitName(unit.code, unit.name, self._parents(unit, day), unit.aliases) for unit in units)

    def _parents(self, unit: Unit, day: date) -> tuple[str, ...]:
        """The names of the units it lies in, the nearest first."""
        parent = self.unit(unit.parent_code, day)
        return () if parent is None else (parent.name, *self._parents(parent, day))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
