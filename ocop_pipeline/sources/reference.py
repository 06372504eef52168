"""Reference data that decides whether a file is acceptable: units and shops, from the seeds.

Belongs here: loading the seeds and looking names up in them. Stays out: anything that other files brought,
so that acceptance never depends on the order of arrival.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from ocop_pipeline.vietnamese.text import name_key

_TYPE_WORDS = ("xã ", "phường ", "thị trấn ", "huyện ", "quận ", "thành phố ", "thị xã ", "tỉnh ")


@dataclass(frozen=True)
class Unit:
    """An administrative unit while it was in force: `[valid_from, valid_to)`."""

    code: str
    valid_from: date
    valid_to: date | None
    name: str
    kind: str
    parent_code: str
    territory_code: str

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
    """Units and shops as the seeds `units` and `shops` state them, and where mapping files lie.

    A mapping of the office's own in `mapping_folder` goes before the shipped one of the same name.
    """

    units: tuple[Unit, ...]
    shops: tuple[Shop, ...]
    mapping_folder: Path

    @classmethod
    def load(cls, seeds: Path, mapping_folder: Path) -> "Reference":
        """Read the seeds; a missing seed or column raises, because every figure would be wrong."""
        units = tuple(
            Unit(
                row["unit_code"],
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                row["unit_name"],
                row["unit_kind"],
                row["parent_code"],
                row["territory_code"],
            )
            for row in _rows(seeds / "units.csv")
        )
        shops = tuple(Shop(row["shop_id"], row["marketplace"], row["mapping"]) for row in _rows(seeds / "shops.csv"))
        return cls(units, shops, mapping_folder)

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
        key = name_key(text)
        in_force = [unit for unit in self.units if unit.in_force(day)]
        units = [unit for unit in in_force if unit.kind != "commune"]
        if not any(unit.kind == "district" for unit in units):
            units = in_force
        # The full name first: without the word for its type the province is called like one of its towns.
        found = [unit for unit in units if name_key(unit.name) == key]
        found = found or [unit for unit in units if _bare(name_key(unit.name)) == _bare(key)]
        return found[0] if len(found) == 1 else None

    def find_district(self, text: str) -> str | None:
        """Code of the province or district that is or was called so, by code or name; None when it fits several."""
        key = name_key(text)
        above = [unit for unit in self.units if unit.kind != "commune"]
        for called in (lambda u: u.code, lambda u: name_key(u.name), lambda u: _bare(name_key(u.name))):
            found = {unit.code for unit in above if called(unit) == key}
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None

    def may_report(self, unit: Unit, day: date) -> bool:
        """Province and districts report; communes since the districts ended (QĐ 1489, 01/07/2025)."""
        if unit.kind != "commune":
            return True
        return not any(other.kind == "district" and other.in_force(day) for other in self.units)

    def find_commune(self, text: str, unit_code: str, day: date) -> str | None:
        """Code of the commune called so inside the reporting unit on that day.

        None when there is none, or when the name fits several.
        """
        key = name_key(text)
        names = self._communes(unit_code, day)
        found = names.get(key) or names.get(_bare(key)) or set()
        return next(iter(found)) if len(found) == 1 else None

    @cached_property
    def _by_code(self) -> dict[str, list[Unit]]:
        by_code: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            by_code[unit.code].append(unit)
        return by_code

    @cached_property
    def _names(self) -> dict[tuple[str, date], dict[str, set[str]]]:
        return {}

    def _communes(self, unit_code: str, day: date) -> dict[str, set[str]]:
        """Names and codes of the communes that a unit may speak of, each with the codes it can mean."""
        if (unit_code, day) not in self._names:
            unit = self.unit(unit_code, day)
            everywhere = unit is not None and unit.kind == "province"
            names: dict[str, set[str]] = defaultdict(set)
            for commune in self.units:
                if commune.kind != "commune" or not commune.in_force(day):
                    continue
                if everywhere or unit_code in (commune.parent_code, commune.code):
                    for name in (commune.code, name_key(commune.name), _bare(name_key(commune.name))):
                        names[name].add(commune.code)
            self._names[unit_code, day] = names
        return self._names[unit_code, day]


def _bare(key: str) -> str:
    """A name's key without the word for its type."""
    for word in _TYPE_WORDS:
        type_key = name_key(word) + " "
        if key.startswith(type_key):
            return key.removeprefix(type_key)
    return key


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
