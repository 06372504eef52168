"""The assets of a source, made from its contract: its inbox and one raw table per form.

Belongs here: what Dagster shows of ingestion. Stays out: ingestion itself (`ingest`), and any one source by name.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import dagster as dg

from ocop_pipeline.contracts import Column, Form, Source
from ocop_pipeline.defs.ledger_state import RejectedFile, RejectedRows, received_count, rejected_files, rejected_rows
from ocop_pipeline.defs.resources import repeated_when_gone
from ocop_pipeline.defs.tables import (
    CODES,
    HIDDEN,
    ROW_COUNT,
    SUPPRESSED,
    TableMetadata,
    markdown_table,
    raw_table_metadata,
    relation_metadata,
)
from ocop_pipeline.ingest import FormOutcome, ingest_source
from ocop_pipeline.reports.answers import Answers, write_answers
from ocop_pipeline.reports.repairs import COLUMNS, REPAIR_TABLE, repair_counts, repair_table, repairs_of
from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.receipts import Submission
from ocop_pipeline.warehouse.schema import RAW_TYPES
from ocop_pipeline.warehouse.server import Warehouse

LEDGER = {
    "load": "Every load that ever was: one row per form, unit and period that a file brought.",
    "load_at": "The ledger's loads as known now, or at an earlier moment: one row per form, unit and period.",
    "quarantine": "Every row that was refused: one row per source row.",
    "submission": "Every file that arrived, whatever became of it: one row per file.",
    "submission_state": "What is true of each file now, such as superseded or withdrawn: one row per file.",
}
"""What the models read of the ledger."""
_HIDDEN_IN_LEDGER = frozenset({"cells", "unit_code"})
"""Rows that were refused, and whose report a load is, which of a single entity says its code: 231/2600000001."""
PUBLISHED = {
    "publication": "Every published scorecard: its day, and the ledger position it rests on.",
    "published_figure": "The figures as they were published, frozen.",
}
"""What `ocop publish` froze; no file brings it."""
OWNERS = ["team:ocop"]
KINDS = {"python", "postgres"}
ANSWERS_FAILED = "answers_failed"
"""Under it the answers that could not be written are shown, with the reason."""
FILES_SHOWN = 50
REASONS_SHOWN = 3
REPAIRS_SHOWN = 20
_COLUMN = COLUMNS.index("column")
_FILE_COLUMNS = (
    *("inbox_path", "outcome", "unit_code", "period_label"),
    *("rows_read", "rows_accepted", "rows_rejected", "reason_vi"),
)


def source_assets(source: Source) -> dg.AssetsDefinition:
    """One step that takes in the source's files: asset `inbox/<source>`, and `raw/<form>` for each form.

    A rejected file or row turns a check red and stops nothing: neither the other files nor what comes after.
    """

    @dg.multi_asset(
        name=f"ingest_{source.name}",
        description=source.description,
        specs=[_inbox_spec(source), *(_raw_spec(source, form) for form in source.forms)],
        check_specs=[_files_check(source), *(_rows_check(form) for form in source.forms)],
    )
    def ingest(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[dg.MaterializeResult[None]]:
        with repeated_when_gone():
            outcome = ingest_source(source, settings, warehouse, context.run.run_id, context.log.info)
            open_files = rejected_files(warehouse, source.name)
            answers = write_answers(source, settings, warehouse)
        yield dg.MaterializeResult(
            asset_key=_inbox_key(source),
            metadata={
                ROW_COUNT: received_count(warehouse, source.name),
                **_files_metadata([file.submission for file in outcome.files]),
                **_repairs_metadata(warehouse, [file.submission_id for file in outcome.files]),
                **_answers_metadata(answers),
            },
            check_results=[_files_result(source, open_files)],
        )
        for form in source.forms:
            found = outcome.forms.get(form.name, FormOutcome())
            counts = {"rows_accepted_this_run": found.rows_accepted, "rows_rejected_this_run": found.rows_rejected}
            yield dg.MaterializeResult(
                asset_key=_raw_key(form),
                metadata={**raw_table_metadata(warehouse, form.name), **counts},
                check_results=[_rows_result(form, rejected_rows(warehouse, source.name, form.name), counts)],
            )
        for name in LEDGER:
            metadata = relation_metadata(warehouse, f'"ingest"."{name}"', _HIDDEN_IN_LEDGER)
            context.log_event(dg.AssetMaterialization(_ledger_key(name), metadata=metadata))

    return ingest


def ledger_specs(sources: Sequence[Source]) -> list[dg.AssetSpec]:
    """The ledger, by which the models know what arrived and what counts, and what was published from it."""
    inboxes = [_inbox_key(source) for source in sources]
    described = [*((name, text, inboxes) for name, text in LEDGER.items())]
    described += [(name, text, []) for name, text in PUBLISHED.items()]
    return [
        dg.AssetSpec(
            _ledger_key(name), deps=deps, group_name="inbox", description=text, kinds={"postgres"}, owners=OWNERS
        )
        for name, text, deps in described
    ]


def _ledger_key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["ingest", name])


def _inbox_key(source: Source) -> dg.AssetKey:
    return dg.AssetKey(["inbox", source.name])


def _raw_key(form: Form) -> dg.AssetKey:
    return dg.AssetKey(["raw", form.name])


def _inbox_spec(source: Source) -> dg.AssetSpec:
    return dg.AssetSpec(
        _inbox_key(source),
        group_name="inbox",
        description=f"**{source.title}**\n\n{source.description}\n\nOne row per file received.",
        kinds=KINDS,
        owners=OWNERS,
    )


def _raw_spec(source: Source, form: Form) -> dg.AssetSpec:
    return dg.AssetSpec(
        _raw_key(form),
        deps=[_inbox_key(source)],
        group_name="raw",
        description=f"**{form.sheet}**: one row is {form.grain}. Append-only, every row with its file and place.",
        kinds=KINDS,
        owners=OWNERS,
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=[_column(column) for column in form.columns]),
            "dagster/table_name": f"raw.{form.name}",
        },
    )


def _column(column: Column) -> dg.TableColumn:
    return dg.TableColumn(
        name=column.name,
        type=RAW_TYPES[column.type],
        description=f"“{column.heading}”. {column.description}",
        constraints=dg.TableColumnConstraints(nullable=not column.required),
    )


def _files_check(source: Source) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        "files_accepted",
        asset=_inbox_key(source),
        description="No file lies rejected: each was accepted, or replaced by one that was.",
    )


def _rows_check(form: Form) -> dg.AssetCheckSpec:
    rules = "\n".join(f"* `{rule.code}`" for rule in form.rules())
    return dg.AssetCheckSpec(
        "rows_accepted",
        asset=_raw_key(form),
        description=f"No row lies in quarantine, or it was sent again. The rules:\n\n{rules}",
    )


def _files_result(source: Source, files: Sequence[RejectedFile]) -> dg.AssetCheckResult:
    reasons = [f"{file.inbox_path}: {_place(file)}{file.reason_vi} / {file.reason_en}" for file in files]
    rows = [(f.inbox_path, f.place, f.rule, f.reason_vi, f.reason_en, f.received_at) for f in files[:FILES_SHOWN]]
    columns = ("file", "place", "rule", "reason_vi", "reason_en", "received_at")
    return dg.AssetCheckResult(
        asset_key=_inbox_key(source),
        check_name="files_accepted",
        passed=not files,
        severity=dg.AssetCheckSeverity.ERROR,
        description=_first(reasons),
        metadata={"files_rejected": len(files), **({"files": markdown_table(columns, rows)} if files else {})},
    )


def _rows_result(form: Form, rows: RejectedRows, counts: Mapping[str, int]) -> dg.AssetCheckResult:
    reasons = [f"{file}, {sheet}, dòng {row}: {vi} / {en}" for file, sheet, row, _, vi, en in rows.examples]
    tables = {
        "by_rule": markdown_table(("rule", "rows"), rows.by_rule),
        "examples": markdown_table(("file", "sheet", "row", "rules", "reason_vi", "reason_en"), rows.examples),
    }
    return dg.AssetCheckResult(
        asset_key=_raw_key(form),
        check_name="rows_accepted",
        passed=not rows.total,
        severity=dg.AssetCheckSeverity.ERROR,
        description=_first(reasons),
        metadata={"rows_rejected": rows.total, **counts, **(tables if rows.total else {})},
    )


def _files_metadata(files: Sequence[Submission]) -> TableMetadata:
    rows = [[getattr(file, column) for column in _FILE_COLUMNS] for file in files[:FILES_SHOWN]]
    counts = Counter(f"files_{file.outcome}_this_run" for file in files)
    return {"files_this_run": len(files), **counts, **({"files": markdown_table(_FILE_COLUMNS, rows)} if files else {})}


def _repairs_metadata(warehouse: Warehouse, numbers: Sequence[int]) -> TableMetadata:
    """How many cells of the run's files were read as something else than they said, and some of them."""
    count = sum(repair_counts(warehouse, numbers).values())
    answer = repairs_of(warehouse, numbers, REPAIRS_SHOWN)
    hidden = {COLUMNS.index("said"), COLUMNS.index("read")}
    rows = tuple(
        tuple(
            HIDDEN if position in hidden and row[_COLUMN] in SUPPRESSED | CODES else cell
            for position, cell in enumerate(row)
        )
        for row in answer.rows
    )
    table = repair_table(replace(answer, rows=rows))
    return {"cells_repaired_this_run": count, **({"repairs": markdown_table(REPAIR_TABLE, table)} if count else {})}


def _answers_metadata(answers: Answers) -> TableMetadata:
    """The answers that lie in the outbox, and those that could not be written or removed."""
    shown: dict[str, dg.MarkdownMetadataValue | dg.JsonMetadataValue] = {}
    if answers.lying:
        shown["answers"] = markdown_table(("submission", "answer"), list(answers.lying.items())[:FILES_SHOWN])
    if answers.failed:
        shown[ANSWERS_FAILED] = dg.MetadataValue.json(answers.failed)
    return shown


def _place(file: RejectedFile) -> str:
    """Where in the file, unless that says no more than its name."""
    return f"{file.place}: " if file.place and not file.inbox_path.endswith(file.place) else ""


def _first(reasons: Sequence[str]) -> str | None:
    """The first reasons, and how many more there are; None when there is nothing to say."""
    if not reasons:
        return None
    more = len(reasons) - REASONS_SHOWN
    return "\n".join(reasons[:REASONS_SHOWN]) + (f"\n… (+{more})" if more > 0 else "")
