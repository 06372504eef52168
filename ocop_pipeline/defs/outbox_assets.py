"""What goes out to the units.

Belongs here: when it is written, and what Dagster shows of it. Stays out: what it says (`reports`).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import dagster as dg

from ocop_pipeline.defs.resources import repeated_when_gone
from ocop_pipeline.defs.source_assets import FILES_SHOWN, OWNERS
from ocop_pipeline.defs.tables import PREVIEW, ROW_COUNT, markdown_table
from ocop_pipeline.reports.disagreements import HEADINGS, disagreement_table, disagreements_of, write_disagreements
from ocop_pipeline.reports.reminders import write_reminders
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.warehouse.server import Warehouse

REMINDERS = dg.AssetKey(["outbox", "reminders"])
DISAGREEMENTS = dg.AssetKey(["outbox", "disagreements"])
FILES_WRITTEN = "files_written"
_SOURCES_AGREE = "sources_agree"


@dg.asset(
    key=REMINDERS,
    deps=[dg.AssetKey(["marts", "kpi_next_candidates_at"]), dg.AssetKey(["marts", "fct_certificates"])],
    group_name="outbox",
    description="**Nhắc gia hạn**\n\nPer unit and month a workbook of the certificates that end in it.",
    kinds={"python", "excel"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(FILES_WRITTEN, asset=REMINDERS, description="Every reminder could be written or removed.")
    ],
)
def reminders(
    settings: dg.ResourceParam[Settings], warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.MaterializeResult[None]]:
    """Bring the reminders up to the certificates; a file that cannot be written turns the check red, no more."""
    with repeated_when_gone():
        outbox = write_reminders(warehouse, settings, datetime.now(tz=VIETNAM).date())
    yield dg.MaterializeResult(
        metadata={
            ROW_COUNT: len(outbox.lying),
            PREVIEW: markdown_table(("file", "certificates"), list(outbox.lying.items())[:FILES_SHOWN]),
            "written_this_run": len(outbox.written),
            "removed_this_run": len(outbox.removed),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=FILES_WRITTEN,
                passed=not outbox.failed,
                severity=dg.AssetCheckSeverity.ERROR,
                description="\n".join(f"{path}: {reason}" for path, reason in outbox.failed.items()) or None,
            )
        ],
    )


@dg.asset(
    key=DISAGREEMENTS,
    deps=[dg.AssetKey(["marts", "fct_disagreements"])],
    group_name="outbox",
    description="**Đối chiếu**\n\nPer unit and period a workbook of what another source says otherwise.",
    kinds={"python", "excel"},
    owners=OWNERS,
    check_specs=[
        dg.AssetCheckSpec(
            FILES_WRITTEN, asset=DISAGREEMENTS, description="Every workbook could be written or removed."
        ),
        dg.AssetCheckSpec(
            _SOURCES_AGREE, asset=DISAGREEMENTS, description="No two sources disagree beyond a rule's tolerance."
        ),
    ],
)
def disagreements(
    settings: dg.ResourceParam[Settings], warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.MaterializeResult[None]]:
    """Bring the workbooks up to the disagreements; these warn and stop nothing: each figure says what it rests on."""
    with repeated_when_gone():
        outbox = write_disagreements(warehouse, settings)
        found = disagreements_of(warehouse)
    counts = Counter(row[found.columns.index("rule_code")] for row in found.rows)
    preview = markdown_table(HEADINGS["vi"], disagreement_table(found, "vi")[:FILES_SHOWN])
    yield dg.MaterializeResult(
        metadata={
            ROW_COUNT: len(outbox.lying),
            PREVIEW: markdown_table(("file", "disagreements"), list(outbox.lying.items())[:FILES_SHOWN]),
            "written_this_run": len(outbox.written),
            "removed_this_run": len(outbox.removed),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=FILES_WRITTEN,
                passed=not outbox.failed,
                severity=dg.AssetCheckSeverity.ERROR,
                description="\n".join(f"{path}: {reason}" for path, reason in outbox.failed.items()) or None,
            ),
            dg.AssetCheckResult(
                check_name=_SOURCES_AGREE,
                passed=not found.rows,
                severity=dg.AssetCheckSeverity.WARN,
                description="\n".join(f"{rule}: {count}" for rule, count in counts.items()) or None,
                metadata={"disagreements": len(found.rows), **({"found": preview} if found.rows else {})},
            ),
        ],
    )
