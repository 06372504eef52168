"""Entity labour reports taken apart: one part per report period, for a unit or for a single entity.

Belongs here: whose report of which period the rows are. Stays out: the form (`labour_forms`), lists of persons
(`labour_lists`).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd

from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.document import SOURCE_ROW, Arrival, Document, FileRejectedError, Part
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.sources.header_sheet import HEADER_SHEET, PERIOD_LABEL, UNIT_LABEL, find_sheet, labelled
from ocop_pipeline.sources.labour_forms import LABOUR_REPORTS, MEASURES
from ocop_pipeline.sources.layout import find_headings, lay_out
from ocop_pipeline.sources.person_lists import list_error
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.tables import Table, form_positions, form_repairs, form_rows, place_of
from ocop_pipeline.vietnamese.periods import Period, parse_period
from ocop_pipeline.vietnamese.personal import is_person_name


def is_report(grid: Grid) -> bool:
    """Whether the sheet has all columns that a report must have."""
    headings = find_headings(grid, LABOUR_REPORTS)
    return headings is not None and headings.are_of(LABOUR_REPORTS)


def read_reports(arrival: Arrival, grid: Grid, grids: Sequence[Grid], reference: Reference) -> Document:
    """One part per report period: a district may send several quarters in one file.

    Rows without a period have that of the header sheet, if there is one. A row that states no number says nothing: the
    template names the entities, and who leaves them empty does not report zero. A file of one entity speaks for that
    entity only: it must not replace its neighbours' reports. Raises FileRejectedError.
    """
    header = find_sheet(grids, HEADER_SHEET)
    table = lay_out(grid, LABOUR_REPORTS, header)
    rows = form_rows(table, LABOUR_REPORTS)
    rows = rows[rows[list(MEASURES)].notna().any(axis="columns")].reset_index(drop=True)
    if rows.empty:
        raise FileRejectedError(table.sheet, "no_rows", "Tệp không có dòng dữ liệu.", "The file holds no rows.")
    _require_entities(table, rows)
    if header is not None and (stated := labelled(header, PERIOD_LABEL)):
        rows["report_period"] = rows["report_period"].where(rows["report_period"].notna(), stated)
    first_rows = rows.drop_duplicates("report_period")
    periods = {
        as_text(cell): _period(as_text(cell), place_of(table.sheet, row))
        for cell, row in zip(first_rows["report_period"], first_rows[SOURCE_ROW], strict=True)
    }
    by_period = rows["report_period"].map(lambda cell: periods[as_text(cell)])
    last = max(periods.values())
    stated_unit = labelled(header, UNIT_LABEL) if header is not None else ""
    unit_code = unit_of(arrival, stated_unit, rows["commune_code"].dropna().unique(), last, reference)
    _require_one_meaning(unit_code, periods.values(), reference, table)
    entities = {as_text(cell) for cell in rows["entity_code"].fillna(rows["entity_name"])}
    owner = unit_code if len(entities) > 1 else f"{unit_code}/{entities.pop()}"
    repairs = form_repairs(table, LABOUR_REPORTS)
    columns = {name: place + 1 for name, place in form_positions(table, LABOUR_REPORTS).items()}
    parts = tuple(
        Part(
            LABOUR_REPORTS.name,
            owner,
            period,
            table.sheet,
            (told := rows[by_period == period]),
            communes_of=unit_code,
            repairs=tuple(repair for repair in repairs if repair.source_row in {0, *told[SOURCE_ROW]}),
            columns=columns,
        )
        for period in sorted(set(periods.values()))
    )
    first = replace(parts[0], wrong_totals=table.wrong_totals)
    return Document(unit_code, Period(first.period.start, last.end), (first, *parts[1:]))


def unit_of(arrival: Arrival, stated: str, communes: Collection[object], period: Period, reference: Reference) -> str:
    """Code of the folder's unit, else of the one that the header states, else of the district that all communes lie in.

    FileRejectedError when that is no unit, or when folder and header name two.
    """
    day = period.last_day
    by_folder = reference.find_unit(arrival.folder, day) if arrival.folder else None
    by_header = reference.find_unit(stated, day) if stated else None
    if by_folder and by_header and by_folder != by_header:
        raise FileRejectedError(
            HEADER_SHEET,
            "unit_contradiction",
            f"Tệp nằm trong thư mục của {by_folder.name} nhưng ghi đơn vị báo cáo là {by_header.name}.",
            f"The file lies in the folder of {by_folder.name} but names {by_header.name} as reporting unit.",
        )
    if arrival.folder or stated:
        unit = by_folder if arrival.folder else by_header
        found = {unit.code} if unit else set()
    else:
        known = [reference.unit(str(code), day) for code in map(as_text, communes)]
        found = {commune.territory_code for commune in known if commune and commune.territory_code}
    if len(found) != 1:
        raise FileRejectedError(
            arrival.folder or arrival.path.name,
            "unit_unknown",
            "Không xác định được một huyện duy nhất cho báo cáo; đặt tệp vào thư mục của huyện.",
            "The report does not belong to one district; put the file into the district's folder.",
        )
    return found.pop()


def _period(text: str | None, place: str) -> Period:
    try:
        return parse_period(text or "")
    except ValueError as error:
        raise FileRejectedError(
            place,
            "period_unreadable",
            f"Kỳ báo cáo “{text or ''}” không đọc được; viết ví dụ 2023-Q1, 2023-06 hoặc 2023.",
            f"The report period “{text or ''}” cannot be read; write for example 2023-Q1, 2023-06 or 2023.",
        ) from error


def _require_entities(table: Table, rows: pd.DataFrame) -> None:
    """FileRejectedError when each row is a person: several names of people, each with one worker at most."""
    names = [as_text(cell) or "" for cell in rows["entity_name"]]
    workers = {as_text(cell) for cell in rows["total_workers"]}
    if len(names) > 1 and workers <= {"0", "1", None} and all(map(is_person_name, names)):
        raise list_error(table.sheet)


def _require_one_meaning(unit_code: str, periods: Collection[Period], reference: Reference, table: Table) -> None:
    """FileRejectedError when the unit's code meant another unit in one of the periods."""
    if len({reference.unit(unit_code, period.last_day) for period in periods} - {None}) > 1:
        raise FileRejectedError(
            table.sheet,
            "unit_changed",
            f"Mã đơn vị “{unit_code}” chỉ các đơn vị khác nhau trong các kỳ của tệp; hãy tách tệp theo kỳ.",
            f"The code “{unit_code}” means different units in the periods of the file; send a file for each period.",
        )
