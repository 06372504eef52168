"""SDMX 2.1 downloads as CSV: one line per observation, columns named by the structure's concepts.

Belongs here: the shape of the download. Stays out: single cells (`published_figures`), SDMX-ML.
"""

from pathlib import Path

import pandas as pd

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.csv_files import read_csv
from ocop_pipeline.sources.document import SOURCE_ROW, Document, FileRejectedError, Part
from ocop_pipeline.sources.published_figures import code_of, figure_and_flag, find_time, whole_period, years_from
from ocop_pipeline.sources.tables import Table

_TIME, _VALUE = "TIME_PERIOD", "OBS_VALUE"
_NO_DIMENSION = {
    *(_TIME, _VALUE, "OBS_STATUS", "REF_AREA", "UNIT_MEASURE", "UNIT_MULT", "INDICATOR", "DATAFLOW", "FREQ"),
    *("STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "DECIMALS", "BASE_PER", "COMMENT_OBS", "OBS_COMMENT"),
}
_PRELIMINARY = "P"
"""The code of OBS_STATUS for a provisional value."""


def is_sdmx(path: Path) -> bool:
    """Whether the first line names the time and the value of an observation."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        names = {name.strip().strip('"') for name in next(lines, "").replace(";", ",").split(",")}
    return {_TIME, _VALUE} <= names


def read_observations(path: Path, form: Form) -> Document:
    """A part per indicator; what is no year or quarter has no time and goes back."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        delimiter = ";" if ";" in next(lines, "") else ","
    rows = _rows(read_csv(path, delimiter=delimiter))
    told = rows[rows["year"].notna()]
    if told.empty:
        raise FileRejectedError(path.name, "no_rows", "Bảng không có số liệu theo năm.", "The table holds no figures.")
    parts = tuple(
        Part(form.name, code_of(str(name)), years_from(own["year"].dropna()), path.name, own, number_style="en")
        for name, own in rows[rows["indicator"].isin(told["indicator"])].groupby("indicator", sort=True)
    )
    return Document(parts[0].unit_code, whole_period(parts), parts)


def _rows(table: Table) -> pd.DataFrame:
    cells = table.rows.rename(columns=dict(enumerate(table.headings)))
    dimensions = [name for name in table.headings if name and name not in _NO_DIMENSION]
    times = [find_time(str(text)) for text in cells[_TIME]]
    read = [figure_and_flag(cell) for cell in cells[_VALUE]]
    nothing = pd.Series([None] * len(cells), index=cells.index, dtype="object")
    status = cells.get("OBS_STATUS", nothing)
    told = [
        [(name, str(text)) for name, text in zip(dimensions, row, strict=True) if text is not None]
        for row in cells[dimensions].to_numpy()
    ]
    is_year = [bool(time and not time.rest) for time in times]
    return pd.DataFrame(
        {
            SOURCE_ROW: cells[SOURCE_ROW],
            "indicator": cells.get("INDICATOR", cells.get("DATAFLOW", nothing)).fillna(table.sheet),
            "measure_unit": _unit(cells.get("UNIT_MEASURE", nothing), cells.get("UNIT_MULT", nothing)),
            "place_name": cells.get("REF_AREA", nothing),
            "year": [time.year if time and is_ok else None for time, is_ok in zip(times, is_year, strict=True)],
            "quarter": [(time.quarter or None) if time else None for time in times],
            "dimension": ["; ".join(name for name, _ in row) or None for row in told],
            "category": ["; ".join(text for _, text in row) or None for row in told],
            "value": [value for value, _ in read],
            "flag": [flag or own for (_, flag), own in zip(read, status, strict=True)],
            "is_preliminary": ["yes" if own == _PRELIMINARY else "no" for own in status],
        },
        dtype="object",
    ).astype({SOURCE_ROW: "int64"})


def _unit(units: "pd.Series[str]", powers: "pd.Series[str]") -> list[str | None]:
    """The unit, with the power of ten that the values are multiples of."""
    return [
        f"{unit or ''} x 10^{power}".strip() if power and power != "0" else unit
        for unit, power in zip(units, powers, strict=True)
    ]
