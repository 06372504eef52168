"""The labour reports that districts collect from their producers.

Belongs here: the layout of a report. Stays out: the figures in it (`flows`).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ocop_pipeline.demo.inbox_file import InboxFile, Mistake, Sheets, morning_after
from ocop_pipeline.demo.records import LabourReport, World
from ocop_pipeline.demo.workbook import Row, csv_file, xlsx
from ocop_pipeline.sources.labour_statistics import LABOUR_REPORTS

SOURCE = "labour_statistics"
_SENT_AFTER_DAYS = 11
_AS_WORKBOOK = 5
"""Every so many districts send a workbook instead of a CSV file."""


def labour_files(world: World, mistakes: Sequence[Mistake]) -> Iterator[InboxFile]:
    """One file per district and period; a district without any report for a period sends none."""
    labels = sorted({report.label for report in world.labour})
    for number, district in enumerate(world.districts):
        for label in labels:
            reports = [r for r in world.labour if r.label == label and r.entity.commune.district == district]
            if not reports:
                continue
            is_workbook = number % _AS_WORKBOOK == 0
            suffix = "xlsx" if is_workbook else "csv"
            sheets = Sheets(f"{SOURCE}/{district}/lao-dong-{label}.{suffix}", mistakes)
            rows = sheets.sheet(LABOUR_REPORTS, [labour_row(report) for report in reports])
            content = xlsx({LABOUR_REPORTS.sheet: rows}) if is_workbook else csv_file(rows)
            yield sheets.file(content, arrived=morning_after(reports[0].end, _SENT_AFTER_DAYS))


def labour_row(report: LabourReport) -> Row:
    """The report as a row of its form; incomes in nghìn đồng."""
    entity = report.entity
    return {
        "report_period": report.label,
        "commune_code": entity.commune.code,
        "commune_name": entity.commune.name,
        "entity_code": entity.code,
        "entity_name": entity.name,
        "entity_type": entity.kind,
        "total_workers": report.total,
        "female_workers": report.women,
        "regular_workers": report.regular,
        "seasonal_workers": report.seasonal,
        "local_workers": report.local,
        "insured_workers": report.insured,
        "mean_income_vnd": report.income,
        "lowest_income_vnd": report.lowest_income,
        "highest_income_vnd": report.highest_income,
        "confirmed_date": report.end + timedelta(days=9),
    }
