"""The tables of `ingest` that hold published scorecards.

Belongs here: their columns, and that nobody changes what they hold. Stays out: writing and reading them
(`publications`).
"""

from types import MappingProxyType

FIGURE_COLUMNS = MappingProxyType(
    {
        "kpi_sort_order": "integer",
        "kpi_name_vi": "text",
        "kpi_name_en": "text",
        "unit_name": "text",
        "unit_sort_order": "integer",
        "unit_generation_date": "date",
        "value": "numeric",
        "numerator": "numeric",
        "denominator": "numeric",
        "measure_unit": "text",
        "target_version": "text",
        "comparison": "text",
        "target_value": "numeric",
        "target_upper_value": "numeric",
        "baseline_value": "numeric",
        "baseline_date": "date",
        "target_date": "date",
        "target_rule": "text",
        "gap": "numeric",
        "shortfall_count": "numeric",
        "progress_share": "numeric",
        "required_per_month": "numeric",
        "forecast_value": "numeric",
        "forecast_low": "numeric",
        "forecast_high": "numeric",
        "forecast_method": "text",
        "forecast_point_count": "bigint",
        "status": "text",
        "is_above_band": "boolean",
        "has_series_break": "boolean",
        "completeness": "numeric",
        "is_suppressed": "boolean",
        "row_count": "bigint",
        "submission_count": "bigint",
        "definition_version": "integer",
        "build_id": "bigint",
    }
)
"""What marts.kpi_scorecard_at says of a figure, beside its KPI, unit and day."""
_TABLES = ("publication", "published_figure", "published_definition", "published_contribution")

PUBLICATION_TABLES = "\n".join(
    [
        """\
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
    'One row is a figure as published: a publication, KPI, unit, variant, breakdown and member.';""",
        *(
            f"alter table ingest.published_figure add column if not exists {name} {type_};"
            for name, type_ in FIGURE_COLUMNS.items()
        ),
        """\
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

create or replace function ingest.refuse_change() returns trigger language plpgsql as $$ begin
    raise exception 'ingest.% holds what was published: it stays as it is', tg_table_name;
end $$;""",
        *(
            f"create or replace trigger never_changed before update or delete or truncate on ingest.{table} "
            "for each statement execute function ingest.refuse_change();"
            for table in _TABLES
        ),
        """\
create or replace function ingest.refuse_addition() returns trigger language plpgsql as $$ begin
    if not exists (
        select from ingest.publication
        where publication_id = new.publication_id and xmin = pg_current_xact_id()::xid
    ) then
        raise exception 'ingest.% holds what was published: nothing is added to it later', tg_table_name;
    end if;
    return new;
end $$;""",
        *(
            f"create or replace trigger never_added_to before insert on ingest.{table} "
            "for each row execute function ingest.refuse_addition();"
            for table in _TABLES[1:]
        ),
    ]
)
"""For `schema`: the statements may run again and again."""
