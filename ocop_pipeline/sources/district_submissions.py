"""What districts send each period: one workbook with a sheet per form, or one CSV per form.

Belongs here: how a file is taken apart into forms, and which unit and period it speaks for.
Stays out: the forms (`district_forms`), typing of cells (`cells`), judging (`quality`), storage.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ocop_pipeline.contracts import Archive, Form, Source
from ocop_pipeline.sources.cells import as_text
from ocop_pipeline.sources.csv_files import read_csv_grid
from ocop_pipeline.sources.district_forms import FORMS
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError, Part, Repair, speaking_for
from ocop_pipeline.sources.grid import Grid
from ocop_pipeline.sources.header_sheet import HEADER_SHEET, PERIOD_LABEL, UNIT_LABEL, find_sheet, labelled
from ocop_pipeline.sources.layout import find_headings, is_heading_of, lay_out
from ocop_pipeline.sources.person_lists import require_no_list, require_no_persons
from ocop_pipeline.sources.personal_data import redacted
from ocop_pipeline.sources.reference import Reference, Unit
from ocop_pipeline.sources.tables import Table, form_positions, form_repairs, form_rows, heading_positions
from ocop_pipeline.sources.workbooks import read_workbook
from ocop_pipeline.vietnamese.periods import Period, find_period, parse_period
from ocop_pipeline.vietnamese.text import heading_key

_OTHER_SHEETS = ("Hướng dẫn", "Danh mục", "Kết quả kiểm tra")
"""Sheets of the template and of the answer that hold no rows of a form."""
_PERIOD_IN_NAME = re.compile(r"_(\d{4}(?:-(?:\d{1,2}|[QHqh]\d))?)(?=[_.])")


def read(arrival: Arrival, reference: Reference) -> Document:
    """A workbook with a sheet per form, or a CSV file of one form; FileRejectedError with the reason."""
    if arrival.path.suffix.lower() == ".csv":
        return _read_one_form(arrival, reference)
    return _read_workbook(arrival, reference)


def _read_workbook(arrival: Arrival, reference: Reference) -> Document:
    """A sheet that is missing was not reported; one that has only headings reports none."""
    sheets = read_workbook(arrival.path)
    require_no_list(sheets, FORMS)
    grids = [redacted(grid, FORMS) for grid in sheets]
    header = find_sheet(grids, HEADER_SHEET)
    if header is None:
        raise FileRejectedError(
            arrival.path.name,
            "sheet_missing",
            f"Thiếu trang “{HEADER_SHEET}” (kỳ báo cáo, đơn vị báo cáo).",
            f"The sheet “{HEADER_SHEET}” with the period and the reporting unit is missing.",
        )
    period = _period(labelled(header, PERIOD_LABEL), HEADER_SHEET)
    unit = _unit(arrival.folder, labelled(header, UNIT_LABEL), period, reference)
    with speaking_for(unit.code, period):
        found = [(form, find_sheet(grids, form.sheet, *form.sheet_aliases)) for form in FORMS]
        known = [header, *(grid for _, grid in found)]
        others = [grid for grid in grids if grid.name not in _OTHER_SHEETS and all(grid is not one for one in known)]
        _require_no_form(others)
        require_no_persons(sheet for sheet in sheets if sheet.name in {grid.name for grid in others})
        parts = tuple(
            part
            for form, grid in found
            if grid is not None and (table := lay_out(grid, form, header)).headings
            for part in _parts(form, unit, period, table)
        )
        if not parts:
            raise FileRejectedError(
                arrival.path.name,
                "sheet_missing",
                "Không có trang biểu mẫu nào: " + ", ".join(form.sheet for form in FORMS) + ".",
                "The workbook has none of the forms' sheets.",
            )
    told = [Repair(grid.name, 0, "", grid.name, "", "sheet_not_read") for grid in others if any(map(any, grid.rows))]
    named = find_period(arrival.path.name)
    if named and (named.end <= period.start or period.end <= named.start):
        told.append(Repair(header.name, 0, "", named.label, period.label, "period_not_as_named"))
    return Document(unit.code, period, (replace(parts[0], repairs=(*parts[0].repairs, *told)), *parts[1:]))


def _require_no_form(grids: Sequence[Grid]) -> None:
    """FileRejectedError when a sheet by another name ("Giá trị (2)") holds rows under the headings of a form."""
    for grid in grids:
        for form in FORMS:
            headings = find_headings(grid, form)
            if headings and headings.are_of(form) and any(map(any, grid.rows[headings.below :])):
                raise FileRejectedError(
                    grid.name,
                    "sheet_unknown",
                    f"Trang “{grid.name}” có số liệu của biểu “{form.sheet}” nhưng mang tên khác nên không đọc được: "
                    f"chuyển các dòng vào trang “{form.sheet}”, hoặc xóa trang này.",
                    f"Sheet “{grid.name}” holds rows of the form “{form.sheet}” under another name, so it is not read: "
                    f"move its rows to the sheet “{form.sheet}”, or delete it.",
                )


def _read_one_form(arrival: Arrival, reference: Reference) -> Document:
    """Period and unit come from columns of that name, else from the file's name and folder."""
    grid = redacted(read_csv_grid(arrival.path, lambda text: any(is_heading_of(form, text) for form in FORMS)), FORMS)
    form = _form_of(arrival, grid)
    table = lay_out(grid, form)
    period_in_name = _PERIOD_IN_NAME.search(arrival.path.name)
    period_text = _stated(table, PERIOD_LABEL) or (period_in_name[1] if period_in_name else "")
    period = _period(period_text, arrival.path.name)
    unit = _unit(arrival.folder, _stated(table, UNIT_LABEL), period, reference)
    with speaking_for(unit.code, period):
        return Document(unit.code, period, _parts(form, unit, period, table))


def _parts(form: Form, unit: Unit, period: Period, table: Table) -> tuple[Part, ...]:
    """The form's rows; FileRejectedError for a monthly flow that speaks of another kind of period.

    A row of a monthly flow that has nothing but its key says nothing: the template names the products, and who leaves
    the numbers empty does not report zero. A sheet of nothing but such rows was not reported, so it is no part.
    """
    rows = form_rows(table, form)
    if form.is_monthly and len(rows) and not period.is_month:
        raise FileRejectedError(
            table.sheet,
            "period_not_a_month",
            f"“{form.sheet}” chỉ báo cáo theo tháng (ví dụ 2023-06), không theo kỳ {period.label}.",
            f"“{form.sheet}” is reported by the month (for example 2023-06), not for {period.label}.",
        )
    columns = {name: position + 1 for name, position in form_positions(table, form).items()}
    repairs = form_repairs(table, form)
    if form.is_monthly and len(rows):
        said = [column.name for column in form.columns if column.name not in form.key]
        rows = rows[rows[said].notna().any(axis="columns")].reset_index(drop=True)
        if rows.empty and not table.wrong_totals:
            return ()
    return (
        Part(
            form.name,
            unit.code,
            period,
            table.sheet,
            rows,
            repairs=repairs,
            columns=columns,
            wrong_totals=table.wrong_totals,
        ),
    )


def _form_of(arrival: Arrival, grid: Grid) -> Form:
    """The form the file is named after, else the one whose headings fit best."""
    for form in FORMS:
        if heading_key(arrival.path.name).startswith((form.name, heading_key(form.sheet))):
            return form

    def known(form: Form) -> frozenset[str]:
        headings = find_headings(grid, form)
        return headings.known if headings else frozenset()

    best, second = sorted(FORMS, key=lambda form: len(known(form)), reverse=True)[:2]
    if len(known(best)) == len(known(second)) or not {c.name for c in best.columns if c.required} <= known(best):
        raise FileRejectedError(
            arrival.path.name,
            "form_unknown",
            "Không nhận ra biểu mẫu: tiêu đề cột không khớp biểu nào.",
            "The headings match no form.",
        )
    return best


def _stated(table: Table, heading: str) -> str:
    """What a column says in every row, as a header would; "" without that column."""
    key = heading_key(heading)
    position = heading_positions(table, frozenset({key})).get(key)
    values = [] if position is None else sorted({as_text(cell) or "" for cell in table.rows[position].dropna()})
    if len(values) > 1:
        raise FileRejectedError(
            table.sheet,
            "header_contradiction",
            f"Cột “{heading}” có nhiều giá trị khác nhau ({', '.join(values)}); mỗi tệp chỉ cho một.",
            f"The column “{heading}” holds several values ({', '.join(values)}); a file speaks for one.",
        )
    return values[0] if values else ""


def _period(text: str, place: str) -> Period:
    try:
        return parse_period(text)
    except ValueError as error:
        raise FileRejectedError(
            place,
            "period_unreadable",
            f"Kỳ báo cáo “{text}” không đọc được; viết ví dụ 2023-06, quý II/2023 hoặc năm 2023.",
            f"The report period “{text}” cannot be read; write for example 2023-06, quý II/2023 or năm 2023.",
        ) from error


def _unit(folder: str, stated: str, period: Period, reference: Reference) -> Unit:
    """The reporting unit: the folder's, which the header must not contradict; at the top, the header's."""
    last_day = period.last_day
    by_folder = reference.find_unit(folder, last_day) if folder else None
    by_header = reference.find_unit(stated, last_day) if stated else None
    unknown = folder if folder and by_folder is None else stated
    found = None if (folder and by_folder is None) or (stated and by_header is None) else by_folder or by_header
    if found is None or not reference.may_report(found, last_day):
        raise FileRejectedError(
            folder if folder and by_folder is None else HEADER_SHEET,
            "unit_unknown",
            f"Đơn vị báo cáo “{unknown}” không có hoặc không báo cáo trong kỳ {period.label}.",
            f"The reporting unit “{unknown}” is unknown or does not report in {period.label}.",
        )
    if by_folder and by_header and by_folder != by_header:
        raise FileRejectedError(
            HEADER_SHEET,
            "unit_contradiction",
            f"Tệp nằm trong thư mục của {by_folder.name} nhưng ghi đơn vị báo cáo là {by_header.name}.",
            f"The file lies in the folder of {by_folder.name} but names {by_header.name} as reporting unit.",
        )
    return found


SOURCE = Source(
    "district_submissions",
    "Báo cáo của địa phương",
    "Workbooks and one-form CSV files of the reporting units",
    FORMS,
    Archive.ORIGINAL,
    (".xlsx", ".xlsm", ".xls", ".ods", ".csv"),
    read,
    filled_in=FORMS,
    notes=(
        "Tiền ghi bằng đồng; nếu cả cột hoặc cả trang tính theo đơn vị khác thì ghi rõ, ví dụ “ĐVT: triệu đồng”.",
        "Trang để trống nghĩa là trong kỳ không phát sinh. Không báo cáo biểu nào thì xóa trang đó.",
        "Trang “Chủ thể”, “Điểm bán” đã ghi sẵn những gì đã biết: sửa chỗ sai, thêm dòng mới.",
        "Trang “Giá trị” đã ghi sẵn sản phẩm đang được công nhận: điền số. Không bán được: ghi 0; chưa rõ: để trống.",
        "Trang “Sản phẩm” chỉ ghi sự kiện mới trong kỳ (đăng ký, công nhận, nâng hạng, đánh giá lại, thu hồi).",
    ),
)
