"""What an analyst can see after a night, and whether it adds up.

Belongs here: the state of a home as a mapping that can be compared, without moments, runs, and the numbers that files
get in the order in which they are taken in; the reconciliation. Stays out: what should be equal (the tests).
"""

import hashlib
import re
from pathlib import Path
from typing import Any

from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import Role, Warehouse
from ocop_pipeline_tests.offices import FORMS

State = dict[str, Any]

_NUMBER = re.compile(r"(?<=/tra-lai-)\d+-")
_FILES = """
select s.inbox_path, st.state, s.outcome, s.unit_code, s.period_label, s.arrived_at::text, s.rows_read, s.rows_accepted,
    s.rows_rejected, s.rule, s.place, s.archive_path, s.sha256
from ingest.submission as s inner join ingest.submission_state as st using (submission_id)
order by s.inbox_path, s.submission_id
"""
_RELATIONS = """
select
    table_schema || '.' || quote_ident(table_name),
    string_agg(quote_ident(column_name), ', ' order by ordinal_position)
from information_schema.columns
where table_schema = 'marts' and data_type != 'timestamp with time zone'
    and column_name not in ('submission_id', 'load_id', 'build_id', 'superseded_by', 'replay_of')
group by table_schema, table_name order by 1
"""
_ROWS = """
select s.inbox_path, to_jsonb(r) - 'submission_id' - 'load_id', l.known_to is null
from raw.{form} as r
inner join ingest.load as l using (load_id)
inner join ingest.submission as s on r.submission_id = s.submission_id
"""
_STATUS = """
select unit_code, status from marts.fct_reporting
where source = 'district_submissions' and period_from = '2023-06-01' and period_kind = 'month'
    and form = 'product_values' and unit_code in ('231', '232')
order by unit_code
"""
_UNSETTLED = """
select inbox_path from ingest.submission as s left join lateral (
    select count(*) as loads, coalesce(sum(row_count), 0) as row_count from ingest.load
    where submission_id = s.submission_id and rows_of is null
) as l on true
left join lateral (
    select count(*) as quarantined from ingest.quarantine where submission_id = s.submission_id
) as q on true
where rows_read != rows_accepted + rows_rejected
    or outcome = 'accepted' and (rows_rejected != 0 or quarantined != 0)
    or outcome = 'accepted_with_rejections' and (rows_rejected = 0 or quarantined != rows_rejected)
    or outcome in ('rejected', 'duplicate') and (rows_read != 0 or loads != 0)
    or outcome = 'duplicate' and quarantined != 0
    or outcome in ('accepted', 'accepted_with_rejections') and row_count != rows_accepted
"""
"""Files whose rows do not add up: read = loaded + quarantined. Of a file that was rejected as a whole the quarantine
only lists what is wrong in it."""
_STRAY_LEDGER = """
select 'two loads count for one place' from ingest.load where known_to is null and is_superseding
group by form, unit_code, period_from, period_to having count(*) > 1
union all
select 'rows of no file in ' || kind from (
    select 'load' as kind, submission_id from ingest.load
    union all select 'quarantine', submission_id from ingest.quarantine
    union all select 'repair', submission_id from ingest.repair
) as rows_of where submission_id not in (select submission_id from ingest.submission)
"""
_STRAY_ROWS = """
select '{form}' from ingest.load as l
full join (select load_id, count(*) as rows from raw.{form} group by load_id) as r using (load_id)
where l.form = '{form}' and l.rows_of is null and l.row_count != coalesce(r.rows, 0) or l.load_id is null
"""


def state_of(settings: Settings, warehouse: Warehouse) -> State:
    """Files and their fates, the rows that count, every mart, and what lies in the folders."""
    read = _reader(warehouse)
    raw = {f"raw.{form.name}": _digest(read(_ROWS.format(form=form.name))) for form in FORMS}
    marts = {
        name: _digest(read(f"select {columns} from {name}"))  # noqa: S608 - as the server names them
        for name, columns in read(_RELATIONS)
    }
    outbox = [_NUMBER.sub("", path.relative_to(settings.outbox).as_posix()) for path in _files(settings.outbox)]
    archive = {p.relative_to(settings.archive).as_posix(): _sha256(p) for p in _files(settings.archive)}
    inbox = [path.relative_to(settings.inbox).as_posix() for path in _files(settings.inbox)]
    files, status = ([list(row) for row in read(sql)] for sql in (_FILES, _STATUS))
    return {"files": files, "status": status, **raw, **marts, "outbox": outbox, "inbox": inbox, **archive}


def lines_of(state: State) -> list[str]:
    """The state as lines, so that two of them differ line by line."""
    parts = ((name, part if isinstance(part, list) else [part]) for name, part in sorted(state.items()))
    return [f"{name}: {one}" for name, part in parts for one in part]


def assert_reconciled(settings: Settings, warehouse: Warehouse) -> None:
    """Every file is in exactly one state, its rows add up, and nothing lies about half done."""
    read = _reader(warehouse)
    assert read(_UNSETTLED) == []
    assert read(_STRAY_LEDGER) == []
    assert [row for form in FORMS for row in read(_STRAY_ROWS.format(form=form.name))] == []
    known = read("select source || '/' || sha256 from ingest.submission")
    waiting = [p for p in _files(settings.inbox) if p.relative_to(settings.inbox).parts[0] != "rejected"]
    assert [p for p in waiting if f"{p.relative_to(settings.inbox).parts[0]}/{_sha256(p)}" in known] == []
    kept = read("select archive_path from ingest.submission where archive_path is not null and outcome != 'duplicate'")
    lying = {path.relative_to(settings.archive).as_posix() for path in _files(settings.archive)}
    assert lying == {path for (path,) in kept}
    assert [p for p in settings.root.rglob("*") if p.suffix in {".part", ".unfinished"}] == []


def assert_marts_agree(warehouse: Warehouse) -> None:
    """Scorecard, values and what they rest on are of the same position of the ledger."""
    built = _reader(warehouse)(
        "select distinct build_id from marts.kpi_values union select distinct build_id from marts.kpi_scorecard "
        "union select position from ingest.ledger_position"
    )
    assert len(built) == 1


def _reader(warehouse: Warehouse) -> Any:  # noqa: ANN401 - rows as they come
    return lambda sql: list(fetch(warehouse, sql, role=Role.TRANSFORMER).rows)


def _digest(rows: list[tuple[Any, ...]]) -> str:
    """The number of rows and a hash of them in any order."""
    return f"{len(rows)} {hashlib.sha256('|'.join(sorted(map(repr, rows))).encode()).hexdigest()[:16]}"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
