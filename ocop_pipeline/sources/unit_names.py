"""Names of administrative units as people write them, looked up among the units that may be meant.

Belongs here: abbreviated type words, spellings, aliases, a parent named behind, and what may have been meant.
Stays out: which units are in force and may be spoken of (`reference`).

A name is resolved exactly or not at all; likeness only makes a suggestion ("Thanh Thủy" is as like Thanh Sơn as
Thanh Thuỷ).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ocop_pipeline.vietnamese.text import heading_key, name_key, spelling_key, without_accents
from ocop_pipeline.vietnamese.unclear import UnclearError

_TYPES = {
    "x": "xã",
    "p": "phường",
    "tt": "thị trấn",
    "h": "huyện",
    "q": "quận",
    "tp": "thành phố",
    "tx": "thị xã",
    "t": "tỉnh",
}
_ABBREVIATED = re.compile(r"^(t\.? ?[pxt]|[hpxqt])(?:\. ?| )(?=\w)")
_OFFICE = re.compile(r"^(?:ubnd|[ủu][yỷ] ban nhân dân) ")
_TYPE_KEYS = tuple(name_key(word) + " " for word in _TYPES.values())
_PARENTS = re.compile(r"\s*[,;(]\s*|\s+[-–]\s+")
_LIKENESS = 75
_SUGGESTIONS = 3


@dataclass(frozen=True)
class UnitName:
    """A unit by its name, the names of the units it lies in, and other names it goes by."""

    code: str
    name: str
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The name with what it lies in."""
        return f"{self.name} ({self.parents[0]})" if self.parents else self.name


class UnitNames:
    """The names of some units, each with what it can mean."""

    def __init__(self, units: Iterable[UnitName]) -> None:
        """Names are compared by keys: as written, as spelled otherwise, and as aliases."""
        self._units = tuple(units)
        self._exact: dict[str, list[UnitName]] = defaultdict(list)
        self._spelled: dict[str, list[UnitName]] = defaultdict(list)
        self._aliases: dict[str, list[UnitName]] = defaultdict(list)
        for unit in self._units:
            key = name_key(unit.name)
            for name in dict.fromkeys((unit.code, key, _bare(key))):
                self._exact[name].append(unit)
            for name in dict.fromkeys((spelling_key(unit.name), _bare(spelling_key(unit.name)))):
                self._spelled[name].append(unit)
            aliases = [spelling_key(alias) for alias in unit.aliases]
            for name in dict.fromkeys(aliases + [_bare(alias) for alias in aliases]):
                self._aliases[name].append(unit)

    def find(self, text: str) -> tuple[UnitName, str | None]:
        """The one unit that `text` names, and the rule where it does not say its name plainly.

        Plain are the code and the name, with or without its type word and wherever the tone stands; rules are
        `alias`, `prefix` ("TT. Hạ Hoà"), `spelling` (Mì for Mỳ) and `unit_type` (xã for thị trấn). UnclearError
        "several" and "similar" have the possible names as detail.
        """
        text = text.rstrip(" .,;")
        found, rule = self._meant(text)
        if not found:
            name, *parents = _PARENTS.split(text.rstrip(" )"))
            if parents:
                found, rule = self._meant(name)
                found = [unit for unit in found if all(_lies_in(unit, parent) for parent in parents)]
        if len(found) == 1:
            return found[0], rule
        if found:
            raise UnclearError(text, "several", ", ".join(unit.shown for unit in found))
        similar = self._similar(text)
        raise UnclearError(text, "similar" if similar else "unreadable", ", ".join(similar))

    def _meant(self, text: str) -> tuple[list[UnitName], str | None]:
        if found := self._exact.get(name_key(text)):
            return found, None
        expanded = _expand(text)
        if found := self._aliases.get(spelling_key(expanded)):
            return found, "alias"
        if found := self._exact.get(name_key(expanded)):
            return found, "prefix"
        key = spelling_key(expanded)
        if found := self._spelled.get(key):
            return found, "spelling"
        return self._spelled.get(_bare(key), []), "unit_type"

    def _similar(self, text: str) -> list[str]:
        from rapidfuzz import fuzz, process

        names = {unit.name: _plain_letters(_bare(name_key(unit.name))) for unit in self._units}
        wanted = _plain_letters(_bare(name_key(_expand(text))))
        best = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=_SUGGESTIONS)
        return [name for _, _, name in best]


def aliases_of(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The aliases of the seed `unit_aliases` by the unit's code and first day."""
    found: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for row in rows:
        found[row["unit_code"], row["valid_from"]] += (row["alias"],)
    return dict(found)


def _lies_in(unit: UnitName, parent: str) -> bool:
    key = spelling_key(_expand(parent))
    return any(key in (spelling_key(name), _bare(spelling_key(name))) for name in unit.parents)


def _expand(text: str) -> str:
    """The name with its type word written out, and without the word for the unit's office."""
    key = _OFFICE.sub("", heading_key(text))
    match = _ABBREVIATED.match(key)
    return f"{_TYPES[re.sub('[. ]', '', match[1])]} {key[match.end() :]}" if match else key


def _bare(key: str) -> str:
    """A name's key without the word for its type."""
    return next((key.removeprefix(word) for word in _TYPE_KEYS if key.startswith(word)), key)


def _plain_letters(key: str) -> str:
    return "".join(letter for letter in without_accents(key) if letter.isalpha() or letter == " ")
