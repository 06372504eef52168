"""Known errors in what was sent, put right by the data file `seeds/source_corrections.csv` and nowhere else.

Belongs here: reading that file, and putting its cells into a document before it is judged. Stays out: judging, and
any particular error. The file itself, its archived copy and the reason stay as they are.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ocop_pipeline.contracts import Form
from ocop_pipeline.errors import OcopError
from ocop_pipeline.sources import ALL_FORMS
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import SOURCE_ROW, SOURCE_SHEET, Document, Part, Repair
from ocop_pipeline.vietnamese.periods import Period, parse_period
from ocop_pipeline.vietnamese.text import normalise
from ocop_pipeline.warehouse.receipts import UsedCorrection

FILE_NAME = "source_corrections.csv"
RULE = "source_correction"
_KEY_SEPARATOR = "|"


class CorrectionError(OcopError):
    """A line of the data file cannot be understood; which one, and why."""


@dataclass(frozen=True)
class Correction:
    """One cell that is known to be wrong.

    The file is named by its sha256, or else by unit and period; the row by its number in the file (with `sheet` where
    a form has several), or else by `row_key`: the cells of the form's key as sent, joined by `|`. It is applied only
    where the cell says `said`; `correct` is written as its sender would write it, empty for an empty cell.
    """

    correction_id: str
    sha256: str
    unit_code: str
    period: Period | None
    form: Form
    sheet: str
    source_row: int | None
    row_key: str
    column_name: str
    said: str
    correct: str
    reason: str
    decided_on: date
    source: str

    def is_meant_for(self, part: Part, digest: str) -> bool:
        """Whether it corrects a cell of this part of a file."""
        if part.form != self.form.name:
            return False
        if self.sha256:
            return self.sha256 == digest
        return (part.unit_code, part.period) == (self.unit_code, self.period)


def load_corrections(seeds: Path) -> tuple[Correction, ...]:
    """The lines of the data file; a CorrectionError for one that names no file, row or column."""
    with (seeds / FILE_NAME).open(encoding="utf-8", newline="") as lines:
        return tuple(_correction(number, row) for number, row in enumerate(csv.DictReader(lines), start=2))


def correct(
    document: Document, digest: str, corrections: Sequence[Correction]
) -> tuple[Document, tuple[UsedCorrection, ...]]:
    """The document with its known errors put right, each a repair of its part; and what became of each correction."""
    used: list[UsedCorrection] = []
    parts = []
    for part in document.parts:
        meant = [correction for correction in corrections if correction.is_meant_for(part, digest)]
        parts.append(_corrected(part, meant, used) if meant else part)
    return (replace(document, parts=tuple(parts)) if used else document), tuple(used)


def stale_corrections(used: Sequence[UsedCorrection]) -> Iterator[str]:
    """A warning per correction that met its file but not what it corrects."""
    for one in used:
        if not one.is_applied:
            found = "its row is not there" if one.source_row is None else f"the cell says “{one.found or ''}”"
            yield f"correction {one.correction_id} is stale: {found}; look at {FILE_NAME}"


def _corrected(part: Part, corrections: Sequence[Correction], used: list[UsedCorrection]) -> Part:
    rows, repairs = part.rows.copy(), []
    for correction in corrections:
        places = [place for place in rows.index if _is_row(rows.loc[place], part, correction)]
        if not places:
            used.append(UsedCorrection(correction.correction_id, None, None, None, is_applied=False))
        for place in places:
            row = rows.loc[place]
            sheet, number, found = _sheet(row, part), int(row[SOURCE_ROW]), as_text(row[correction.column_name]) or ""
            is_applied = found == correction.said
            used.append(UsedCorrection(correction.correction_id, sheet, number, found, is_applied))
            if is_applied:
                rows[correction.column_name] = rows[correction.column_name].astype("object")
                rows.loc[place, correction.column_name] = correction.correct or None
                repairs.append(Repair(sheet, number, correction.column_name, found, correction.correct, RULE))
    return replace(part, rows=rows, repairs=(*part.repairs, *repairs))


def _is_row(row: "pd.Series[Any]", part: Part, correction: Correction) -> bool:
    if correction.source_row is not None:
        is_sheet = not correction.sheet or correction.sheet == _sheet(row, part)
        return is_sheet and int(row[SOURCE_ROW]) == correction.source_row
    key = _KEY_SEPARATOR.join(as_text(row[name]) or "" for name in correction.form.key)
    return key == correction.row_key


def _sheet(row: "pd.Series[Any]", part: Part) -> str:
    return str(row.get(SOURCE_SHEET, part.sheet))


def _correction(line: int, row: dict[str, str]) -> Correction:
    row = {name: normalise(cell or "").strip() for name, cell in row.items()}
    form = next((form for form in ALL_FORMS if form.name == row["form"]), None)
    problem = _problem(row, form)
    try:
        if form and problem is None:
            return Correction(
                **{name: row[name] for name in ("correction_id", "sha256", "unit_code", "sheet", "row_key")},
                **{name: row[name] for name in ("column_name", "said", "correct", "reason", "source")},
                period=parse_period(row["period"]) if row["period"] else None,
                form=form,
                source_row=int(row["source_row"]) if row["source_row"] else None,
                decided_on=date.fromisoformat(row["decided_on"]),
            )
    except ValueError as error:
        problem = str(error)
    message = f"{FILE_NAME}, line {line}: {problem}; correct the line, or take it out"
    raise CorrectionError(message)


def _problem(row: dict[str, str], form: Form | None) -> str | None:
    if form is None:
        return f"there is no form {row['form']!r}"
    if row["column_name"] not in {column.name for column in form.columns}:
        return f"{form.name} has no column {row['column_name']!r}"
    if not (row["sha256"] or (row["unit_code"] and row["period"])):
        return "name the file by sha256, or by unit_code and period"
    if not (row["source_row"] or row["row_key"]):
        return "name the row by source_row, or by row_key"
    if not (row["correction_id"] and row["reason"]):
        return "correction_id and reason must not be empty"
    return None
