"""What differs between two versions of a form's rows.

Belongs here: pairing rows by the form's key and comparing their cells. Stays out: where the rows come from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ocop_pipeline.contracts import Form

Row = Mapping[str, Any]
"""The columns of a form, and `source_sheet` and `source_row`."""
Place = tuple[str, int]
"""Sheet and row."""


@dataclass(frozen=True)
class Change:
    """One cell that is another now; or with `column` None a row that came or went.

    `key` is the cells of the form's key (of a form without one, all that are filled); `place_before` is None for a
    row that came, `place_after` for one that went.
    """

    form: str
    key: tuple[str, ...]
    column: str | None
    before: object
    after: object
    place_before: Place | None
    place_after: Place | None


def changes(form: Form, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    """Rows that went, then rows that came, then cells that changed; moved to another place alone is no change."""
    old, new = _by_key(form, before), _by_key(form, after)
    for key, row in old.items():
        if key not in new:
            yield Change(form.name, _shown(key), None, None, None, _place(row), None)
    for key, row in new.items():
        if key not in old:
            yield Change(form.name, _shown(key), None, None, None, None, _place(row))
    for key, row in new.items():
        for column in form.columns:
            was, now = (_plain(version.get(key, row)[column.name]) for version in (old, new))
            if was != now:
                yield Change(form.name, _shown(key), column.name, was, now, _place(old[key]), _place(row))


def renamed(change: Change, codes: Mapping[str, str]) -> Change:
    """The change with other words for some codes, wherever it says one."""

    def told(cell: object) -> object:
        return codes.get(cell, cell) if isinstance(cell, str) else cell

    key = tuple(codes.get(cell, cell) for cell in change.key)
    return replace(change, key=key, before=told(change.before), after=told(change.after))


def _by_key(form: Form, rows: Sequence[Row]) -> dict[tuple[object, ...], Row]:
    """The rows by their key; rows of a form without one by all their cells and how often these came before."""
    found: dict[tuple[object, ...], Row] = {}
    names = form.key or tuple(column.name for column in form.columns)
    for row in rows:
        key: tuple[object, ...] = tuple(_plain(row[name]) for name in names)
        repeat = 0
        while (*key, repeat) in found:
            repeat += 1
        found[(*key, repeat)] = row
    return found


def _shown(key: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(str(cell) for cell in key[:-1] if cell is not None)


def _place(row: Row) -> Place:
    return str(row["source_sheet"]), int(row["source_row"])


def _plain(cell: object) -> object:
    """A number as it compares wherever it comes from."""
    if isinstance(cell, Decimal):
        cell = float(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return None if cell != cell else cell  # noqa: PLR0124 - NaN and NaT alone differ from themselves
