"""Which version of a form, unit and period counts: the last one that was taken in.

Belongs here: writing a file's loads and closing those whose place they take. Stays out: the file itself (`ledger`),
taking one back (`withdrawals`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from ocop_pipeline.warehouse.copying import Copying
from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.numbering import next_moment, next_position
from ocop_pipeline.warehouse.server import Role, Warehouse

if TYPE_CHECKING:
    from ocop_pipeline.warehouse.receipts import LoadPart

_SAME_PART = """
known_to is null and is_superseding and form = :form and unit_code = :unit_code
    and period_from is not distinct from cast(:period_from as date)
    and period_to is not distinct from cast(:period_to as date)
"""
_CLOSE = text(
    f"update ingest.load set known_to = :known_from, closed_by = :load_id where {_SAME_PART} returning submission_id"  # noqa: S608 - our own text
)
_LATER_VERSION = text(
    f"""
select exists (
    select from ingest.submission
    where coalesce(replay_of, submission_id) > :replayed
        and submission_id in (select submission_id from ingest.load where {_SAME_PART})
)
"""  # noqa: S608 - our own text
)
_INSERT = text(
    "insert into ingest.load (load_id, submission_id, source, form, unit_code, period_from, period_to, known_from, "
    "row_count, is_superseding) values (:load_id, :submission_id, :source, :form, :unit_code, :period_from, "
    ":period_to, :known_from, :row_count, :is_superseding)"
)


class Loads:
    """The loads of one file, written piece after piece: the rows at once, the loads themselves at the end.

    A replay never brings back what a later file has replaced: such a part is left out.
    """

    def __init__(self, copying: Copying, submission_id: int) -> None:
        """A file without rows yet."""
        self._copying = copying
        self._submission_id = submission_id
        self._next_id: int | None = None
        self._written: dict[object, dict[str, Any]] = {}

    def add(self, parts: Iterable["LoadPart"], replay_of: int | None) -> None:
        """Begin to copy the rows of a piece."""
        for part in parts:
            # The period of a file in pieces is known at its end: without the place of others to take it can wait.
            place = _key(part) if part.is_superseding else {"form": part.form, "unit_code": part.unit_code}
            identity = tuple(place.values())
            if (
                part.is_superseding
                and replay_of is not None
                and _has_later_version(self._copying.connection, _key(part), replay_of)
            ):
                continue
            load = self._written.setdefault(identity, {"load_id": None, "row_count": 0})
            load |= {**_key(part), "is_superseding": part.is_superseding}
            load["load_id"] = load["load_id"] or self._new_id()
            load["row_count"] += part.rows.num_rows
            numbers = {"load_id": load["load_id"], "submission_id": self._submission_id}
            self._copying.start(part.form, part.rows, **numbers)

    def finish(self, source: str) -> tuple[int, ...]:
        """Let the loads count; the numbers of the files whose rows they took the place of."""
        connection = self._copying.connection
        known_from = next_moment(connection)
        replaced: set[int] = set()
        for load in self._written.values():
            facts = {**load, "source": source, "submission_id": self._submission_id, "known_from": known_from}
            if load["is_superseding"]:
                replaced.update(connection.execute(_CLOSE, facts).scalars())
            connection.execute(_INSERT, facts)
        return tuple(sorted(replaced))

    def _new_id(self) -> int:
        self._next_id = next_position(self._copying.connection) if self._next_id is None else self._next_id + 1
        return self._next_id


def part_counts(warehouse: Warehouse, replayed: int, part: "LoadPart") -> bool:
    """Whether a part of a replayed file would count: no later file has its place."""
    with one_line_errors(), warehouse.engine(Role.LOADER).connect() as connection:
        return not part.is_superseding or not _has_later_version(connection, _key(part), replayed)


def _key(part: "LoadPart") -> dict[str, Any]:
    return {name: getattr(part, name) for name in ("form", "unit_code", "period_from", "period_to")}


def _has_later_version(connection: Connection, load: dict[str, Any], replayed: int) -> bool:
    """Whether a file that came after the replayed one counts for this form, unit and period."""
    return bool(connection.execute(_LATER_VERSION, {**load, "replayed": replayed}).scalar_one())


def newest_of(connection: Connection, numbers: tuple[int, ...], than: datetime | None) -> datetime | None:
    """When the newest of these files was written, if that is later than the given time."""
    if not numbers or than is None:
        return None
    found: datetime | None = connection.execute(
        text("select max(modified_at) from ingest.submission where submission_id = any(:numbers)"),
        {"numbers": list(numbers)},
    ).scalar()
    return found if found is not None and found > than else None
