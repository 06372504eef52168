"""What a replay would change, or has changed, in words.

Belongs here: one line per file, its changes as a table, and all of it as rows for other tools. Stays out: replaying.
"""

from collections.abc import Iterator, Sequence

from ocop_pipeline.replay.reading import Replayed
from ocop_pipeline.reports.scorecard_sheet import Sheet
from ocop_pipeline.reports.versions import change_sheet
from ocop_pipeline.warehouse.query import Answer
from ocop_pipeline.warehouse.receipts import Outcome

REPLAY_COLUMNS = (
    *("submission_id", "file", "outcome_before", "outcome_after", "rows_before", "rows_after", "rescued", "refused"),
    *("changes", "is_changed", "note", "published"),
)


def replay_lines(done: Sequence[Replayed]) -> Iterator[str]:
    """A line per file that says something; how many say the same as before."""
    for one in done:
        if one.note or one.is_changed or one.refused:
            yield _line(one)
            yield from (
                f"  {row.source_sheet}:{row.source_row} is good now: it was {', '.join(row.rules)}"
                for row in one.rescued
            )
            yield from (f"  {row.source_sheet}:{row.source_row} goes back: {row.reasons_vi}" for row in one.refused)
    yield f"{len(done)} read again, {sum(one.is_changed for one in done)} with a change."


def replay_sheet(one: Replayed) -> Sheet:
    """The values that differ, for people."""
    return change_sheet(one.changes, f"Số {one.number}: {one.before.inbox_path}")


def replay_rows(done: Sequence[Replayed]) -> Answer:
    """One row per file; `published` is the number of the new submission."""
    rows = [
        (
            *(
                one.number,
                one.before.inbox_path,
                str(one.before.outcome),
                str(one.after.outcome) if one.after else None,
            ),
            *(one.before.rows_accepted, one.after.rows_accepted if one.after else None),
            *(len(one.rescued), len(one.refused), len(one.changes), one.is_changed, one.note),
            one.published.submission_id if one.published else None,
        )
        for one in done
    ]
    return Answer(REPLAY_COLUMNS, tuple(rows))


def _line(one: Replayed) -> str:
    start = f"#{one.number} {one.before.inbox_path}: "
    if one.note or one.after is None:
        return start + (one.note or "")
    outcome = (
        f"{one.before.outcome} -> {one.after.outcome}, {one.before.rows_accepted} -> {one.after.rows_accepted} rows"
    )
    written = ""
    if one.published and one.published.submission.outcome is Outcome.DUPLICATE:
        written = f"; nothing written, the same file as submission {one.published.submission.duplicate_of}"
    elif one.published:
        written = f"; written as submission {one.published.submission_id}"
    return f"{start}{outcome}, {len(one.changes)} changes{written}"
