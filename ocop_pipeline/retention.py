"""What the night deletes because it has been kept for long enough.

Belongs here: the days of the settings, and saying what was deleted. Stays out: which copies and rows may go
(`warehouse.forgetting`), Dagster's runs (`defs.old_runs`). Without a setting nothing is deleted but what nobody could
redact: a figure that counts should be traceable to the file it came from, for as long as there are figures.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from ocop_pipeline import inbox
from ocop_pipeline.contracts import Archive, Source
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.warehouse.forgetting import empty_refused_rows, forget_copies
from ocop_pipeline.warehouse.server import Warehouse


def expire(source: Source, settings: Settings, warehouse: Warehouse, report: Callable[[str], None]) -> None:
    """Delete what is due of one source. `report` gets a line for each file, and one for all rows."""
    now = datetime.now(tz=VIETNAM)
    if source.archive is Archive.REDACTED:
        for path in inbox.expire_rejected(source, settings.rejected, timedelta(days=settings.rejected_export_days)):
            report(f"{path}: deleted, it lay rejected for more than {settings.rejected_export_days} days")
    if settings.archive_days:
        delete = partial(_delete, settings.archive, report=report)
        for path in forget_copies(warehouse, source.name, now - timedelta(days=settings.archive_days), delete):
            report(f"archive/{path}: deleted, it has not counted for more than {settings.archive_days} days")
    if settings.quarantine_days:
        emptied = empty_refused_rows(warehouse, source.name, now - timedelta(days=settings.quarantine_days))
        if emptied:
            report(f"{emptied} refused rows emptied, they came more than {settings.quarantine_days} days ago")


def _delete(archive: Path, path: str, *, report: Callable[[str], None]) -> bool:
    """Whether it is gone; one that cannot be deleted is told and tried again the next night."""
    try:
        (archive / path).unlink(missing_ok=True)
    except OSError as error:
        report(f"archive/{path}: cannot be deleted ({error.strerror})")
        return False
    return True
