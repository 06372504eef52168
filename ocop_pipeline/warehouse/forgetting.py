"""What is no longer kept after the days that the office has set: copies of files, and what refused rows said.

Belongs here: which they are, and noting it in the ledger. Stays out: deleting files, and since when (`retention`).

The rows of raw and of the ledger stay, whatever is set: a figure of any day can be computed and traced for ever. What
is gone is the file behind a version that no longer counts, and the cells of a row that came again.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text

from ocop_pipeline.warehouse.errors import one_line_errors
from ocop_pipeline.warehouse.numbering import publishing
from ocop_pipeline.warehouse.server import Warehouse

# Two submissions may name one copy: a file that was sent again, or read again by later rules.
_UNUSED_COPIES = """
select s.archive_path
from ingest.submission as s inner join ingest.submission_state as st using (submission_id)
where s.source = :source and s.archive_path is not null
    and s.submission_id not in (select submission_id from ingest.deleted_copy)
group by s.archive_path
having bool_and(
    s.outcome = 'duplicate'
    or (
        st.state in ('superseded', 'withdrawn') and st.counted_until < :before
        and s.submission_id not in (select submission_id from ingest.open_return)
        and not exists (
            select from ingest.load as l inner join ingest.publication as p
                on l.known_from <= p.known_at and (l.known_to is null or l.known_to > p.known_at)
            where l.submission_id = s.submission_id
        )
    )
)
order by 1
"""
_NOTE = """
insert into ingest.deleted_copy (submission_id, deleted_at)
select submission_id, clock_timestamp() from ingest.submission
where source = :source and archive_path = any(:paths)
on conflict (submission_id) do nothing
"""
_EMPTY = """
update ingest.quarantine as q set cells = '{}'
from ingest.submission as s
where s.submission_id = q.submission_id and s.source = :source and s.received_at < :before and q.cells <> '{}'
    and not exists (
        select from ingest.open_return as o
        where o.submission_id = q.submission_id
            and (o.form is null or (o.form, o.source_sheet, o.source_row) = (q.form, q.source_sheet, q.source_row))
    )
"""


def forget_copies(warehouse: Warehouse, source: str, before: datetime, delete: Callable[[str], bool]) -> list[str]:
    """Delete a source's copies of files that had stopped counting before that moment; the paths of what was deleted.

    A copy stays while anything rests on it: a version that counts, a publication, a sender who has not sent it again.
    `delete` says whether it is gone. While the publish lock is held no withdrawal lets a file count again; killed
    before the note, the next night finds the copy gone and notes it.
    """
    with publishing(warehouse) as connection:
        unused = connection.scalars(text(_UNUSED_COPIES), {"source": source, "before": before}).all()
        deleted = [str(path) for path in unused if delete(str(path))]
        if deleted:
            connection.execute(text(_NOTE), {"source": source, "paths": deleted})
    return deleted


def empty_refused_rows(warehouse: Warehouse, source: str, before: datetime) -> int:
    """Empty what a source's refused rows said, of files taken in before that moment; how many rows that were.

    A row that nobody has sent again is left alone: its answer shows what is wrong with it. The owner of the tables
    does it, because no role may change what the ledger holds.
    """
    with one_line_errors(), warehouse.engine(None).begin() as connection:
        return connection.execute(text(_EMPTY), {"source": source, "before": before}).rowcount
