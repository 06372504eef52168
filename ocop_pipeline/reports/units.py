"""Units as people name them: by code, of the programme.

Belongs here: telling whether a code means a unit on a day. Stays out: what is reported of it.
"""

from dataclasses import dataclass
from datetime import date

from ocop_pipeline.errors import OcopError
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Warehouse

_UNITS = """
select unit_code, unit_name, unit_kind from marts.dim_unit
where is_in_scorecard
    or (
        unit_kind = 'commune' and territory_code is not null
        and :as_of >= valid_from and :as_of < coalesce(valid_to, 'infinity')
    )
order by valid_from desc
"""


class UnknownUnitError(OcopError):
    """No unit of the programme has this code on that day."""


@dataclass(frozen=True)
class Unit:
    """A unit; `kind` is province, district (also after the districts have ended) or commune."""

    code: str
    name: str
    kind: str


def unit_of(warehouse: Warehouse, as_of: date, code: str | None) -> Unit:
    """The unit of this code, the province for None; an UnknownUnitError says which there are."""
    units = [Unit(*row) for row in fetch(warehouse, _UNITS, {"as_of": as_of}).rows]
    for unit in units:
        if unit.code == code or (code is None and unit.kind == "province"):
            return unit
    known = ", ".join(sorted({unit.code for unit in units if unit.kind != "commune"}))
    message = f"{code!r} is no unit of the programme on {as_of}; there are {known} and the communes of that day"
    raise UnknownUnitError(message)
