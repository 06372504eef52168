"""The source rows behind a figure: file, sheet and row, and their part of it.

Belongs here: which figure is meant, its rows, and whether they add up to it. Stays out: computing either (dbt).
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ocop_pipeline.errors import OcopError
from ocop_pipeline.reports.layout import show
from ocop_pipeline.reports.scorecard import Basis, schema_of
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

_KPIS = "select kpi_code from seeds.kpi_catalogue order by sort_order"
_VARIANTS = "select variant from seeds.kpi_variants where kpi_code = :kpi order by sort_order"
_UNITS = """
select unit_code, min(unit_kind) as unit_kind, min(unit_name) as unit_name from marts.dim_unit
where is_in_scorecard group by unit_code order by min(sort_order)
"""
_FIGURE = """
select value, numerator, denominator, is_suppressed from {schema}.kpi_values_at
where kpi_code = :kpi and unit_code = :unit and variant = :variant and breakdown = ''
"""
_ROWS = """
select
    kpi_code as kpi, as_of_date as as_of, unit_code, inbox_path as file, source_sheet as sheet, source_row as row,
    numerator, denominator, variant, subject, submission_id
from {schema}.int_evidence_united
where kpi_code = :kpi and unit_code = :unit and variant = :variant and as_of_date = :as_of
order by file, sheet, row, subject
"""


class EvidenceError(OcopError):
    """There is no such figure; one line that names those there are."""


@dataclass(frozen=True)
class Figure:
    """One figure of the scorecard or of a variant. Without a value it is not measured, or hidden from readers."""

    kpi: str
    variant: str
    basis: Basis
    unit_code: str
    unit_name: str
    value: Any
    numerator: Any
    denominator: Any
    is_suppressed: bool


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
        _FIGURE.format(schema=schema_of(basis.known_at)),
        {"kpi": kpi, "unit": code, "variant": variant},
        role=Role.TRANSFORMER,
        as_of=basis.as_of,
        known_at=basis.known_at,
    ).rows
    value, numerator, denominator, is_suppressed = rows[0] if rows else (None, None, None, False)
    return Figure(kpi, variant, basis, code, names[code], value, numerator, denominator, is_suppressed)


def evidence_of(warehouse: Warehouse, figure: Figure) -> Answer:
    """One row per contributing source row, in the order of the files; also of figures that readers may not see."""
    return fetch(
        warehouse,
        _ROWS.format(schema="intermediate" if figure.basis.known_at is None else "as_known"),
        {"kpi": figure.kpi, "unit": figure.unit_code, "variant": figure.variant, "as_of": figure.basis.as_of},
        role=Role.TRANSFORMER,
        as_of=figure.basis.as_of,
        known_at=figure.basis.known_at,
    )


def evidence_sheet(figure: Figure, evidence: Answer) -> tuple[Answer, str]:
    """The rows for people, and a line with their sum beside the figure of the scorecard."""
    position = {name: evidence.columns.index(name) for name in evidence.columns}
    names = ["file", "sheet", "row", "subject", "numerator"]
    has_denominator = any(row[position["denominator"]] is not None for row in evidence.rows)
    names += ["denominator"] if has_denominator else []
    rows = tuple(tuple(row[position[name]] for name in names) for row in evidence.rows)
    numerator, denominator = (_total(evidence, position[name]) for name in ("numerator", "denominator"))
    over = f" / {show(denominator)}" if has_denominator else ""
    unit = f"{figure.unit_name} ({figure.unit_code})"
    total = f"{figure.kpi}{f' ({figure.variant})' if figure.variant else ''}, {unit}, {figure.basis.as_of:%d/%m/%Y}: "
    total += f"{show(len(rows))} rows, total {show(numerator)}{over}; {_on_scorecard(figure)}"
    return Answer(tuple("what" if name == "subject" else name for name in names), rows), total


def _on_scorecard(figure: Figure) -> str:
    if figure.is_suppressed:
        return "on the scorecard: hidden, few people or one entity"
    if figure.numerator is None:
        return "on the scorecard: not measured"
    value, numerator = show(figure.value), show(figure.numerator)
    over = "" if figure.denominator is None else f" / {show(figure.denominator)}"
    return f"on the scorecard: {value}" + (f" = {numerator}{over}" if over else "")


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
