"""The tables as they were when revisions began: for a new warehouse, and for one that has them already."""

from alembic import op

revision = "r0001_tables"
down_revision = None

_TABLES = """\
create table if not exists ingest.deployment (key text primary key, value text not null);
comment on table ingest.deployment is 'What was last deployed here: one row per thing deployed.';

create table if not exists ingest.submission (
    submission_id bigint primary key,
    source text not null,
    file_name text not null,
    inbox_path text not null,
    sha256 text not null,
    size_bytes bigint not null,
    unit_code text,
    period_label text,
    period_from date,
    period_to date,
    received_at timestamptz not null,
    outcome text not null check (outcome in ('accepted', 'accepted_with_rejections', 'rejected', 'duplicate')),
    rows_read integer not null,
    rows_accepted integer not null,
    rows_rejected integer not null,
    run_id text not null,
    rule text,
    place text,
    reason_vi text,
    reason_en text,
    duplicate_of bigint references ingest.submission,
    archive_path text
);
alter table ingest.submission add column if not exists arrived_at timestamptz;
comment on table ingest.submission is 'One row is a file that arrived.';
comment on column ingest.submission.arrived_at is
    'When it was put into the inbox; received_at is when it was taken in. Empty for files of earlier versions.';
create index if not exists submission_sha256 on ingest.submission (sha256);

create table if not exists ingest.load (
    load_id bigint primary key,
    submission_id bigint not null references ingest.submission,
    source text not null,
    form text not null,
    unit_code text not null,
    period_from date,
    period_to date,
    known_from timestamptz not null,
    known_to timestamptz check (known_to > known_from),
    closed_by bigint references ingest.load deferrable initially deferred,
    row_count integer not null,
    is_superseding boolean not null
);
comment on table ingest.load is
    'One row is the rows that one file brought for one form, unit and period [period_from, period_to).';
comment on column ingest.load.closed_by is 'The load that took its place, from known_to on.';
comment on column ingest.load.is_superseding is
    'Whether it took the place of the earlier load of its form, unit and period.';
create unique index if not exists load_current on ingest.load (form, unit_code, period_from, period_to)
    nulls not distinct where known_to is null and is_superseding;

create table if not exists ingest.quarantine (
    submission_id bigint not null references ingest.submission,
    form text not null,
    source_sheet text not null,
    source_row integer not null,
    rules text[] not null,
    reasons_vi text not null,
    reasons_en text not null,
    cells jsonb not null,
    primary key (submission_id, form, source_sheet, source_row)
);
alter table ingest.quarantine add column if not exists blamed jsonb not null default '[]';
comment on table ingest.quarantine is 'One row is a source row that was rejected, with every reason.';
comment on column ingest.quarantine.blamed is
    'The wrong cells: heading, column in the sheet (1 is A, null when it was not sent), reason in Vietnamese.';

create table if not exists ingest.repair (
    submission_id bigint not null references ingest.submission,
    form text not null,
    source_sheet text not null,
    source_row integer not null,
    column_name text not null,
    said text not null,
    read text not null,
    rule text not null
);
comment on table ingest.repair is
    'One row is a cell that was read as something else than it said, by a rule that leaves no doubt.';
create index if not exists repair_submission on ingest.repair (submission_id);

-- What a file leaves behind is written piece after piece, the file itself last.
alter table ingest.quarantine alter constraint quarantine_submission_id_fkey deferrable initially deferred;
alter table ingest.repair alter constraint repair_submission_id_fkey deferrable initially deferred;

alter table ingest.submission add column if not exists modified_at timestamptz;
alter table ingest.submission add column if not exists replay_of bigint references ingest.submission;
comment on column ingest.submission.modified_at is 'When the file was last written to, as its folder says.';
comment on column ingest.submission.replay_of is 'The file whose kept copy was read again by later rules.';
alter table ingest.submission add column if not exists exported_at timestamptz;
comment on column ingest.submission.exported_at is
    'When a program made the file, by its own account; of two exports of a row the later one counts.';
alter table ingest.load add column if not exists rows_of bigint references ingest.load;
comment on column ingest.load.rows_of is
    'The load whose rows count again after a withdrawal; raw rows carry its number.';
-- A withdrawn load need not have another in its place.
alter table ingest.load drop constraint if exists load_check1;

create index if not exists load_submission on ingest.load (submission_id);
create index if not exists submission_replay_of on ingest.submission (replay_of) where replay_of is not null;

create table if not exists ingest.withdrawal (
    submission_id bigint primary key references ingest.submission,
    position bigint not null unique,
    withdrawn_at timestamptz not null,
    withdrawn_by text not null default session_user,
    reason text not null check (trim(reason) <> '')
);
comment on table ingest.withdrawal is 'One row is a file that was taken back: its rows no longer count.';
comment on column ingest.withdrawal.position is 'Its number in the one series of loads and withdrawals.';
comment on column ingest.withdrawal.withdrawn_by is 'The user of the database.';

create table if not exists ingest.correction (
    submission_id bigint not null references ingest.submission,
    correction_id text not null,
    source_sheet text,
    source_row integer,
    found text,
    is_applied boolean not null
);
alter table ingest.correction alter constraint correction_submission_id_fkey deferrable initially deferred;
comment on table ingest.correction is
    'One row is a correction of seeds/source_corrections.csv that met a cell, or did not find what it corrects.';

create table if not exists ingest.publication (
    publication_id bigint generated always as identity primary key,
    as_of_date date not null,
    published_at timestamptz not null default clock_timestamp(),
    known_at timestamptz not null,
    ledger_position bigint not null,
    project_fingerprint text not null,
    note text
);
comment on table ingest.publication is 'One row is a scorecard that was published.';
comment on column ingest.publication.known_at is 'When the last load of the ledger it rests on became known.';

create table if not exists ingest.published_figure (
    publication_id bigint not null references ingest.publication,
    kpi_code text not null,
    unit_code text not null,
    variant text not null,
    breakdown text not null,
    member text not null,
    primary key (publication_id, kpi_code, unit_code, variant, breakdown, member)
);
comment on table ingest.published_figure is
    'One row is a figure as published: a publication, KPI, unit, variant, breakdown and member.';
alter table ingest.published_figure
    add column if not exists kpi_sort_order integer,
    add column if not exists kpi_name_vi text,
    add column if not exists kpi_name_en text,
    add column if not exists unit_name text,
    add column if not exists unit_sort_order integer,
    add column if not exists unit_generation_date date,
    add column if not exists value numeric,
    add column if not exists numerator numeric,
    add column if not exists denominator numeric,
    add column if not exists measure_unit text,
    add column if not exists target_version text,
    add column if not exists comparison text,
    add column if not exists target_value numeric,
    add column if not exists target_upper_value numeric,
    add column if not exists baseline_value numeric,
    add column if not exists baseline_date date,
    add column if not exists target_date date,
    add column if not exists target_rule text,
    add column if not exists gap numeric,
    add column if not exists shortfall_count numeric,
    add column if not exists progress_share numeric,
    add column if not exists required_per_month numeric,
    add column if not exists forecast_value numeric,
    add column if not exists forecast_low numeric,
    add column if not exists forecast_high numeric,
    add column if not exists forecast_method text,
    add column if not exists forecast_point_count bigint,
    add column if not exists status text,
    add column if not exists is_above_band boolean,
    add column if not exists has_series_break boolean,
    add column if not exists completeness numeric,
    add column if not exists is_suppressed boolean,
    add column if not exists row_count bigint,
    add column if not exists submission_count bigint,
    add column if not exists definition_version integer,
    add column if not exists build_id bigint;

create table if not exists ingest.published_definition (
    publication_id bigint not null references ingest.publication,
    kind text not null,
    name text not null,
    definition jsonb not null,
    primary key (publication_id, kind, name)
);
comment on table ingest.published_definition is
    'One row is a definition, target or parameter behind a publication, as it stood then.';

create table if not exists ingest.published_contribution (
    publication_id bigint not null references ingest.publication,
    kpi_code text not null,
    unit_code text not null,
    variant text not null,
    submission_id bigint,
    numerator numeric,
    denominator numeric,
    unique nulls not distinct (publication_id, kpi_code, unit_code, variant, submission_id)
);
comment on table ingest.published_contribution is
    'One row is what one file gave to a figure as published; without a file: what only the list of units says.';
"""


def upgrade() -> None:
    """Make what is missing."""
    op.get_bind().exec_driver_sql(_TABLES)
