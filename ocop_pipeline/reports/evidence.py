"""The source rows behind a figure: file, sheet and row, and their part of it.

Belongs here: which figure is meant, its rows, and whether they add up to it. Stays out: computing either (dbt).
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ocop_pipeline.errors import OcopError
from ocop_pipeline.reports.scorecard import Basis, mart
from ocop_pipeline.reports.wording import Language, counted
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

_KPIS = "select kpi_code from seeds.kpi_catalogue order by sort_order"
_VARIANTS = "select variant from seeds.kpi_variants where kpi_code = :kpi order by sort_order"
_UNITS = """
select unit_code, min(unit_kind) as unit_kind, min(unit_name) as unit_name from marts.dim_unit
where is_in_scorecard group by unit_code order by min(sort_order)
"""
_FIGURE = """
select value, numerator, denominator, is_suppressed from {values}
where kpi_code = :kpi and unit_code = :unit and variant = :variant and breakdown = ''
"""
_ABOUT_PEOPLE = """
select coalesce(
    (select is_about_people from seeds.kpi_variants where kpi_code = :kpi and variant = :variant),
    (select is_about_people from seeds.kpi_catalogue where kpi_code = :kpi)
)
"""
_ROWS = """
select
    kpi_code as kpi, as_of_date as as_of, unit_code, inbox_path as file, source_sheet as sheet, source_row as row,
    numerator, denominator, variant, subject, submission_id
from {relation}
where kpi_code = :kpi and unit_code = :unit and variant = :variant and as_of_date = :as_of
order by file, sheet, row, subject
"""


class EvidenceError(OcopError):
    """There is no such figure; one line that names those there are."""


@dataclass(frozen=True)
class Figure:
    """One figure of the scorecard or of a variant. Without a value it is not measured, or hidden from readers.

    `is_about_people`: what its rows say of single entities is for the auditor alone.
    """

    kpi: str
    variant: str
    basis: Basis
    unit_code: str
    unit_name: str
    value: Any
    numerator: Any
    denominator: Any
    is_suppressed: bool
    is_about_people: bool


def figure_of(warehouse: Warehouse, kpi: str, basis: Basis, unit: str | None, variant: str) -> Figure:
    """The figure that is meant; the province's without a unit. An EvidenceError says that there is none such."""
    _require(kpi, _names(warehouse, _KPIS), "KPI")
    _require(variant, ["", *_names(warehouse, _VARIANTS, {"kpi": kpi})], f"variant of {kpi}")
    units = fetch(warehouse, _UNITS, {}).rows
    province = next(code for code, kind, _ in units if kind == "province")
    code = unit or province
    names = {unit_code: name for unit_code, _, name in units}
    if code not in names:
        known = ", ".join(f"{unit_code} {name}" for unit_code, name in names.items())
        message = f"{code!r} is no unit of the scorecard; there are {known}"
        raise EvidenceError(message)
    rows = fetch(
        warehouse,
        _FIGURE.format(values=mart("kpi_values_at", basis.known_at)),
        {"kpi": kpi, "unit": code, "variant": variant},
        role=Role.TRANSFORMER,
        as_of=basis.as_of,
        known_at=basis.known_at,
    ).rows
    value, numerator, denominator, is_suppressed = rows[0] if rows else (None, None, None, False)
    named = {"kpi": kpi, "variant": variant}
    is_about_people = bool(fetch(warehouse, _ABOUT_PEOPLE, named, role=Role.TRANSFORMER).rows[0][0])
    return Figure(kpi, variant, basis, code, names[code], value, numerator, denominator, is_suppressed, is_about_people)


def evidence_of(warehouse: Warehouse, figure: Figure, *, as_auditor: bool = False) -> Answer:
    """One row per contributing source row, in the order of the files.

    Of a figure about people the rows say where they lie and not what they say; the auditor sees that as well. A
    WarehouseError says that one may not act as the auditor.
    """
    known_at = figure.basis.known_at
    if as_auditor:
        relation = "intermediate.int_evidence_united" if known_at is None else "as_known.int_evidence_united()"
    else:
        relation = mart("kpi_evidence_at", known_at)
    # What was known then is computed from the rows as sent, which may take longer than a reader may.
    reader = Role.READER if known_at is None else Role.TRANSFORMER
    return fetch(
        warehouse,
        _ROWS.format(relation=relation),
        {"kpi": figure.kpi, "unit": figure.unit_code, "variant": figure.variant, "as_of": figure.basis.as_of},
        role=Role.AUDITOR if as_auditor else reader,
        as_of=figure.basis.as_of,
        known_at=known_at,
    )


def evidence_sheet(figure: Figure, evidence: Answer, *, as_auditor: bool = False) -> tuple[Answer, str]:
    """The rows for people, and a line with their sum beside the figure of the scorecard."""
    position = {name: evidence.columns.index(name) for name in evidence.columns}
    names = ["file", "sheet", "row", "subject", "numerator"]
    has_denominator = any(row[position["denominator"]] is not None for row in evidence.rows)
    names += ["denominator"] if has_denominator else []
    is_hidden = figure.is_about_people and not as_auditor
    if is_hidden:
        names.remove("numerator")
    rows = tuple(tuple(row[position[name]] for name in names) for row in evidence.rows)
    numerator, denominator = (_total(evidence, position[name]) for name in ("numerator", "denominator"))
    unit = f"{figure.unit_name} ({figure.unit_code})"
    variant = f" ({figure.variant})" if figure.variant else ""
    total = f"{_number(len(rows))} rows, total {_ratio(numerator, denominator if has_denominator else None)}"
    if is_hidden:
        total = f"{_number(len(rows))} rows, each of the people of one entity: what they say is for --auditor"
    elif not rows and figure.variant:
        total = "no rows of its own; those of the KPI itself, without --variant, are behind it"
    line = f"{figure.kpi}{variant}, {unit}, {figure.basis.as_of:%d/%m/%Y}: {total}; on the scorecard: "
    return Answer(tuple("what" if name == "subject" else name for name in names), rows), line + _on_scorecard(figure)


def _on_scorecard(figure: Figure) -> str:
    if figure.is_suppressed:
        return "hidden, few people or one entity"
    if figure.value is None:
        return "not measured"
    if figure.denominator is None or figure.value == figure.numerator:
        return _ratio(figure.value, figure.denominator)
    # A mean of incomes is shown rounded.
    sign = "=" if round(figure.numerator / figure.denominator, 12) == figure.value else "≈"
    return f"{_number(figure.value)} {sign} {_ratio(figure.numerator, figure.denominator)}"


def _ratio(numerator: Any, denominator: Any) -> str:  # noqa: ANN401 - any numbers
    return _number(numerator) + ("" if denominator is None else f" / {_number(denominator)}")


def _number(number: Any) -> str:  # noqa: ANN401 - a number
    return counted(number, Language.EN)


def _total(evidence: Answer, position: int) -> Any:  # noqa: ANN401 - a number
    return sum(row[position] for row in evidence.rows if row[position] is not None)


def _names(warehouse: Warehouse, sql: str, parameters: dict[str, str] | None = None) -> list[str]:
    return [row[0] for row in fetch(warehouse, sql, parameters or {}, role=Role.TRANSFORMER).rows]


def _require(name: str, known: list[str], what: str) -> None:
    """An EvidenceError with the nearest names when it is none of the known ones."""
    if name not in known:
        nearest = get_close_matches(name, known, n=3, cutoff=0.4) or [each for each in known if each]
        meant = f"did you mean {' or '.join(nearest)}?" if any(nearest) else "it has none"
        message = f"{name!r} is no {what}; {meant}"
        raise EvidenceError(message)
