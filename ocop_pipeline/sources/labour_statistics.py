"""Labour: what entities report, and what the statistics office publishes.

Belongs here: what kind of file one is. Stays out: the forms (`labour_forms`), how each kind is taken apart
(`labour_reports`, `labour_lists`, `pxweb`, `sdmx_csv`), the KPI on workers (dbt).
"""

from collections.abc import Sequence
from dataclasses import replace

from ocop_pipeline.contracts import Archive, Source
from ocop_pipeline.sources import pxweb, sdmx_csv
from ocop_pipeline.sources.csv_files import read_csv_grid
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.sources.header_sheet import find_sheet
from ocop_pipeline.sources.labour_forms import LABOUR_REPORTS, PROVINCE_INDICATORS
from ocop_pipeline.sources.labour_lists import read_list
from ocop_pipeline.sources.labour_reports import is_report, read_reports
from ocop_pipeline.sources.layout import is_heading_of
from ocop_pipeline.sources.person_lists import PersonList, find_list, is_list_heading
from ocop_pipeline.sources.personal_data import redacted
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.workbooks import read_workbook

__all__ = ["LABOUR_REPORTS", "PROVINCE_INDICATORS", "SOURCE", "read"]


def read(arrival: Arrival, reference: Reference) -> Document:
    """An entity labour report or a list of persons (workbook, CSV), or a table of the statistics office (CSV).

    A list of persons comes out as the report of their entity. Raises FileRejectedError.
    """
    if arrival.path.suffix.lower() == ".csv":
        if pxweb.is_table(arrival.path):
            return pxweb.read_table(arrival.path, PROVINCE_INDICATORS)
        if sdmx_csv.is_sdmx(arrival.path):
            return sdmx_csv.read_observations(arrival.path, PROVINCE_INDICATORS)
        grids = [read_csv_grid(arrival.path, lambda text: is_heading_of(LABOUR_REPORTS, text) or is_list_heading(text))]
    else:
        grids = [grid for grid in read_workbook(arrival.path) if grid.rows]
    if not grids:
        raise FileRejectedError(arrival.path.name, "no_rows", "Tệp không có dữ liệu.", "The workbook holds no data.")
    persons = next(filter(None, map(find_list, grids)), None)
    try:
        document = _read_grids(arrival, grids, persons, reference)
        return replace(document, lists_persons=persons is not None)
    except FileRejectedError as error:
        error.lists_persons |= persons is not None
        raise


def _read_grids(arrival: Arrival, grids: Sequence[Grid], persons: PersonList | None, reference: Reference) -> Document:
    grids = [redacted(grid, (LABOUR_REPORTS,)) for grid in grids]
    named = find_sheet(grids, LABOUR_REPORTS.sheet)
    report = next(filter(is_report, [named, *grids] if named else grids), None)
    if report is None and persons is not None:
        return read_list(arrival, persons, reference)
    return read_reports(arrival, report or named or grids[0], grids, reference)


SOURCE = Source(
    "labour_statistics",
    "Thống kê lao động",
    "Entity labour reports, and tables of the statistics office",
    (LABOUR_REPORTS, PROVINCE_INDICATORS),
    Archive.REDACTED,
    (".xlsx", ".xlsm", ".xls", ".ods", ".csv"),
    read,
    filled_in=(LABOUR_REPORTS,),
    notes=(
        "Thu nhập ghi bằng nghìn đồng: 6.200.000 đồng ghi là 6200. Thu nhập bình quân là của lao động thường xuyên.",
        "Lao động thường xuyên cộng lao động thời vụ bằng tổng lao động; các số khác không lớn hơn tổng lao động.",
        "Trang đã ghi sẵn các chủ thể đã biết: điền số, sửa chỗ sai, thêm dòng mới; để trống số là chưa báo cáo.",
        "Mỗi chủ thể một dòng, số liệu tổng hợp; không gửi danh sách người lao động.",
    ),
)
