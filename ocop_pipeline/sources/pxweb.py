"""PX-Web downloads of the statistics office: a title, a blank line, then a table flattened over years.

Belongs here: the shape of the download. Stays out: what the figures are used for.
"""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from ocop_pipeline.contracts import Form
from ocop_pipeline.sources.csv_files import read_csv
from ocop_pipeline.sources.document import SOURCE_ROW, SOURCE_SHEET, Document, FileRejectedError, Part
from ocop_pipeline.sources.tables import Table
from ocop_pipeline.vietnamese.periods import Period
from ocop_pipeline.vietnamese.text import normalise

_TITLE = re.compile(r'^"(?P<indicator>[^";]+?) by (?P<dimensions>Cities, provinc(?:ie|e)s[^";]*)"$')
_YEAR = re.compile(r"(?P<preliminary>Prel?\.? )?(?P<year>(?:19|20)\d{2})")
_MISSING = {"..", "...", "-"}


def is_table(path: Path) -> bool:
    """Whether the file begins with a PX-Web title."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        return _TITLE.match(next(lines, "").strip()) is not None


def read_table(path: Path, form: Form) -> Document:
    """One row per place, year and category; the place in the file is the line and the column's heading."""
    match = _TITLE.match(path.read_text(encoding="utf-8-sig").splitlines()[0].strip())
    indicator = normalise(match["indicator"]) if match else ""
    table = read_csv(path, delimiter=";", skip=1)
    columns = [
        _column(table, position, heading, indicator)
        for position, heading in enumerate(table.headings)
        if position > 0 and heading
    ]
    rows = pd.concat(columns, ignore_index=True) if columns else pd.DataFrame({"year": []})
    years = [int(year) for year in rows["year"].dropna()]
    if not years:
        raise FileRejectedError(path.name, "no_rows", "Bảng không có số liệu theo năm.", "The table holds no figures.")
    period = Period.of_months(min(years), 1, 12 * (max(years) - min(years) + 1))
    unit_code = re.sub(r"[^a-z0-9]+", "_", indicator.casefold()).strip("_")
    part = Part(form.name, unit_code, period, path.name, rows, number_style="en")
    return Document(unit_code, period, (part,))


def _column(table: Table, position: int, heading: str, indicator: str) -> pd.DataFrame:
    """A column of the flattened table: its heading holds the year and, on either side, the category."""
    match = _YEAR.search(heading)
    category = normalise(heading[: match.start()] + " " + heading[match.end() :]) if match else heading
    cells: pd.Series[Any] = table.rows[position]
    return pd.DataFrame(
        {
            SOURCE_ROW: table.rows[SOURCE_ROW],
            SOURCE_SHEET: heading,
            "indicator": indicator,
            "place_name": table.rows[0],
            "year": match["year"] if match else None,
            "category": category or None,
            "value": cells.where(~cells.isin(_MISSING), None),
            "is_preliminary": "yes" if match and match["preliminary"] else "no",
        }
    )
