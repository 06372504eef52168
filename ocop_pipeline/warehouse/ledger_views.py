"""What the ledger says of its files: which count, which were replaced, which were taken back.

Belongs here: the views that everything else reads, as statements of SQL that may run again and again. Stays out: the
tables below them (`migrations`).
"""

LEDGER_VIEWS = """\
create or replace view ingest.load_at as
select
    coalesce(rows_of, load_id) as load_id, submission_id, source, form, unit_code, period_from, period_to,
    case
        when rows_of is null then known_from
        else (select first_time.known_from from ingest.load as first_time where first_time.load_id = load.rows_of)
    end as known_from,
    known_to, closed_by, row_count, is_superseding
from ingest.load
where known_from <= coalesce(nullif(current_setting('ocop.known_at', true), '')::timestamptz, 'infinity')
    and (
        known_to is null
        or known_to > coalesce(nullif(current_setting('ocop.known_at', true), '')::timestamptz, 'infinity')
    );
comment on view ingest.load_at is
    'The loads as known at the session''s ocop.known_at; without that setting, as known now.';

create or replace view ingest.ledger_position as
select
    greatest(
        (
            select max(load_id) from ingest.load
            where known_from <= coalesce(nullif(current_setting('ocop.known_at', true), '')::timestamptz, 'infinity')
        ),
        (
            select max(position) from ingest.withdrawal
            where withdrawn_at <= coalesce(nullif(current_setting('ocop.known_at', true), '')::timestamptz, 'infinity')
        ),
        0
    ) as position;
comment on view ingest.ledger_position is
    'One row: a number that grows with every load and withdrawal; as known at the session''s ocop.known_at, else now.';

create or replace view ingest.submission_state as
with loads as (
    select
        submission_id,
        count(*) filter (where rows_of is null) as brought_count,
        count(*) filter (where known_to is null) as current_count,
        max(known_to) as last_closed_at,
        max(closed_by) as last_closed_by
    from ingest.load
    group by submission_id
),
replays as (
    select replay_of as submission_id, max(submission_id) as replayed_by
    from ingest.submission
    where replay_of is not null and submission_id not in (select submission_id from ingest.withdrawal)
    group by replay_of
)
select
    s.submission_id,
    case
        when w.submission_id is not null then 'withdrawn'
        when l.brought_count > 0 and l.current_count = 0 then 'superseded'
        when l.brought_count is null and r.replayed_by is not null then 'superseded'
        else s.outcome
    end as state,
    case
        when w.submission_id is not null then null
        when l.brought_count > 0 and l.current_count = 0 then closing.submission_id
        when l.brought_count is null then r.replayed_by
    end as superseded_by,
    w.withdrawn_at,
    w.reason as withdrawal_reason,
    case
        when w.submission_id is not null then w.withdrawn_at
        when l.current_count < l.brought_count then l.last_closed_at
    end as counted_until
from ingest.submission as s
left join loads as l on l.submission_id = s.submission_id
left join ingest.load as closing on closing.load_id = l.last_closed_by
left join replays as r on r.submission_id = s.submission_id
left join ingest.withdrawal as w on w.submission_id = s.submission_id;
comment on view ingest.submission_state is
    'One row is a file and what is true of it now: accepted, accepted_with_rejections, rejected, duplicate, '
    'superseded (later files took the place of all its rows) or withdrawn.';
comment on column ingest.submission_state.counted_until is
    'Since when not all of it counts any more; null while all of it does.';

create or replace view ingest.open_return as
with rejected as (
select s.submission_id, s.source
from ingest.submission as s
where s.outcome = 'rejected' and not exists (
    select from ingest.submission as later
    where later.source = s.source and later.submission_id > s.submission_id
        and later.submission_id not in (select submission_id from ingest.withdrawal)
        and (
            -- The same bytes again are told once.
            later.sha256 = s.sha256
            or (later.outcome in ('accepted', 'accepted_with_rejections')
                and (later.inbox_path = s.inbox_path
                    or later.file_name like 'tra-lai-' || s.submission_id || '-%'
                    or (later.unit_code = s.unit_code
                        and later.period_from = s.period_from and later.period_to = s.period_to)))
        )
)
)
select submission_id, source, null as form, null as source_sheet, cast(null as integer) as source_row from rejected
union all
select r.submission_id, r.source, q.form, q.source_sheet, q.source_row
from rejected as r inner join ingest.quarantine as q using (submission_id)
union all
select s.submission_id, s.source, q.form, q.source_sheet, q.source_row
from ingest.quarantine as q inner join ingest.submission as s using (submission_id)
where s.outcome != 'rejected' and q.submission_id not in (select submission_id from ingest.withdrawal) and not exists (
    -- A file of several periods has a load for each.
    select from ingest.load as later inner join ingest.submission as sent using (submission_id)
    where later.submission_id > q.submission_id and later.form = q.form
        and later.submission_id not in (select submission_id from ingest.withdrawal)
        and later.unit_code = s.unit_code
        and sent.period_from = s.period_from and sent.period_to = s.period_to
)
and not exists (
    -- Also of a single entity, whose load is not its unit's; wrong again, that is told instead.
    select from ingest.submission as later
    where later.source = s.source and later.submission_id > s.submission_id
        and later.submission_id not in (select submission_id from ingest.withdrawal)
        and later.inbox_path = s.inbox_path and later.unit_code = s.unit_code
        and later.period_from = s.period_from and later.period_to = s.period_to
        and (exists (select from ingest.load as l where l.submission_id = later.submission_id and l.form = q.form)
            or exists (
                select from ingest.quarantine as a where a.submission_id = later.submission_id and a.form = q.form
            ))
)
and (s.source, s.submission_id) not in (
    select later.source, cast(substring(later.file_name from '^tra-lai-([0-9]{1,18})-') as bigint)
    from ingest.submission as later
    where later.file_name ~ '^tra-lai-[0-9]{1,18}-' and later.outcome in ('accepted', 'accepted_with_rejections')
        and later.submission_id not in (select submission_id from ingest.withdrawal)
);
comment on view ingest.open_return is
    'One row is a file (form is null) or a row of one that went back and that no accepted file has replaced: the same '
    'name, the answer to it sent back (tra-lai-<submission_id>-...), or the same unit and period. A row that came '
    'again under that name and is wrong again is open once.';"""
