"""Files that a source refused, looked at once more: what lists or names persons is not kept, wherever it was sent.

Belongs here: which refused file shows people. Stays out: what a list looks like (`person_lists`), what becomes of the
file (`inbox`). Runs in the sandbox: it opens a stranger's file.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ocop_pipeline.contracts import Source
from ocop_pipeline.sources.csv_files import read_csv_grid
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.sources.header_sheet import is_called
from ocop_pipeline.sources.layout import is_heading_of
from ocop_pipeline.sources.person_lists import is_list_heading, is_of_a_form, require_no_list, shows_persons
from ocop_pipeline.sources.workbooks import read_workbook

_LARGEST_BYTES = 5 << 20
"""Of a workbook: reading a large one twice could take more than its reader may."""
_HEAD_BYTES = 256 << 10
_HEAD_ROWS = 1_000
"""Of a list its beginning tells what it is."""


def as_refused(error: FileRejectedError, source: Source, path: Path) -> FileRejectedError:
    """The error as the sender is told it: of a list of persons that it is one.

    Of a file that has no form's sheet, names beside ids are not kept, and of one that units fill in names beside wages
    or phones. Order exports, which have buyers, are: the office reads them to describe their layout.
    """
    if error.lists_persons:
        return error
    # Its traceback holds all that has been read.
    error = error.with_traceback(None)
    try:
        grids = _grids(path, source)
    except (ArithmeticError, AttributeError, FileRejectedError, LookupError, OSError, TypeError, ValueError):
        # As unreadable as it was: nobody can tell what it says.
        return error
    try:
        require_no_list(grids, source.forms)
    except FileRejectedError as list_error:
        list_error.unit_code, list_error.period = error.unit_code, error.period
        return list_error
    shown = any(shows_persons(grid, has_buyers=not source.filled_in) for grid in grids)
    if shown and not any(_is_form(grid, source) for grid in grids):
        error.lists_persons = True
        error.reason_vi += " Tệp nêu tên từng người nên không được lưu lại ở đâu."
        error.reason_en += " The file names persons, so it was not kept."
    return error


def _grids(path: Path, source: Source) -> Sequence[Grid]:
    if path.suffix.lower() == ".csv":
        return [read_csv_grid(path, lambda text: is_list_heading(text) or _is_heading(text, source), _HEAD_BYTES)]
    if path.stat().st_size > _LARGEST_BYTES:
        return ()
    return [replace(grid, rows=grid.rows[:_HEAD_ROWS]) for grid in read_workbook(path)]


def _is_heading(text: str, source: Source) -> bool:
    return any(is_heading_of(form, text) for form in source.forms)


def _is_form(grid: Grid, source: Source) -> bool:
    """By its name, or by its columns."""
    named = any(is_called(grid.name, form.sheet, *form.sheet_aliases) for form in source.forms)
    return named or is_of_a_form(grid, source.forms)
