"""What goes out to the units.

Belongs here: when it is written, and what Dagster shows of it. Stays out: what it says (`reports`).
"""

from datetime import datetime

import dagster as dg

from ocop_pipeline.defs.source_assets import OWNERS
from ocop_pipeline.defs.tables import markdown_table
from ocop_pipeline.reports.reminders import write_reminders
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.warehouse.server import Warehouse

REMINDERS = dg.AssetKey(["outbox", "reminders"])
_FILES_WRITTEN = "files_written"


@dg.asset(
    key=REMINDERS,
    deps=[dg.AssetKey(["marts", "kpi_next_candidates_at"]), dg.AssetKey(["marts", "fct_certificates"])],
    group_name="outbox",
    description="**Nhắc gia hạn**\n\nPer unit and month a workbook of the certificates that end in it.",
    kinds={"python", "excel"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(_FILES_WRITTEN, asset=REMINDERS, description="Every reminder could be written or removed.")
    ],
)
def reminders(
    settings: dg.ResourceParam[Settings], warehouse: dg.ResourceParam[Warehouse]
) -> dg.MaterializeResult[None]:
    """Bring the reminders up to the certificates; a file that cannot be written turns the check red, no more."""
    outbox = write_reminders(warehouse, settings, datetime.now(tz=VIETNAM).date())
    return dg.MaterializeResult(
        metadata={
            "files": markdown_table(("file", "certificates"), outbox.lying.items()),
            "written_this_run": len(outbox.written),
            "removed_this_run": len(outbox.removed),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=_FILES_WRITTEN,
                passed=not outbox.failed,
                severity=dg.AssetCheckSeverity.ERROR,
                description="\n".join(f"{path}: {reason}" for path, reason in outbox.failed.items()) or None,
            )
        ],
    )
