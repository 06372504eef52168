"""Published scorecards: frozen with all they rest on, never changed afterwards.

Belongs here: freezing one, and what differs from it now. Stays out: showing that (`reports.publications`), what a
figure is (dbt).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.warehouse.deployment import BUILD, deployed
from ocop_pipeline.warehouse.errors import WarehouseError, one_line_errors
from ocop_pipeline.warehouse.query import Answer, fetch
from ocop_pipeline.warehouse.server import Role, Warehouse

_DEFINITIONS = """
select 'kpi' as kind, kpi_code as name, to_jsonb(kpi_catalogue) as definition from seeds.kpi_catalogue
union all
select 'target', kpi_code || ' ' || unit_code, to_jsonb(int_targets) from intermediate.int_targets
union all
select 'parameter', parameter || ' ' || valid_from, to_jsonb(kpi_parameters) from seeds.kpi_parameters
"""
_CONTRIBUTIONS = """
select kpi_code, unit_code, variant, submission_id, sum(numerator) as numerator, sum(denominator) as denominator
from intermediate.int_evidence_united where as_of_date = :as_of
group by kpi_code, unit_code, variant, submission_id
"""
_FIGURES = """\
kpi_sort_order, kpi_name_vi, kpi_name_en, unit_name, unit_sort_order, unit_generation_date, value, numerator,
denominator, measure_unit, target_version, comparison, target_value, target_upper_value, baseline_value,
baseline_date, target_date, target_rule, gap, shortfall_count, progress_share, required_per_month, forecast_value,
forecast_low, forecast_high, forecast_method, forecast_point_count, status, is_above_band, has_series_break,
completeness, is_suppressed, row_count, submission_count, definition_version, build_id"""
"""What marts.kpi_scorecard_at says of a figure, beside its KPI, unit and day."""
_OF_A_VARIANT = (
    *("value", "numerator", "denominator", "measure_unit", "is_suppressed", "row_count", "submission_count"),
    *("definition_version", "build_id"),
)
_FREEZE = (
    f"""
insert into ingest.published_figure (publication_id, kpi_code, unit_code, variant, breakdown, member, {_FIGURES})
select :id, kpi_code, unit_code, '', '', '', {_FIGURES} from marts.kpi_scorecard_at
""",  # noqa: S608 - names of our own
    f"""
insert into ingest.published_figure (
    publication_id, kpi_code, unit_code, variant, breakdown, member, kpi_sort_order, kpi_name_vi, kpi_name_en,
    unit_name, unit_sort_order, unit_generation_date, comparison, has_series_break, status, {", ".join(_OF_A_VARIANT)}
)
select
    :id, kpi_code, unit_code, v.variant, v.breakdown, v.member, f.kpi_sort_order, f.kpi_name_vi, f.kpi_name_en,
    f.unit_name, f.unit_sort_order, f.unit_generation_date, 'tracked', false,
    case when v.value is null then 'not_measured' else 'tracked' end, {", ".join(f"v.{name}" for name in _OF_A_VARIANT)}
from marts.kpi_values_at as v
inner join ingest.published_figure as f using (kpi_code, unit_code)
where f.publication_id = :id and f.variant = '' and f.breakdown = '' and (v.variant <> '' or v.breakdown <> '')
""",  # noqa: S608 - names of our own
    f"insert into ingest.published_definition select :id, kind, name, definition from ({_DEFINITIONS}) as d",  # noqa: S608
    f"insert into ingest.published_contribution select :id, c.* from ({_CONTRIBUTIONS}) as c",  # noqa: S608
)
_PUBLICATIONS = """
select publication_id, as_of_date, published_at, known_at, ledger_position, project_fingerprint, note
from ingest.publication
"""
_IS_MEASURED = """
select exists (select from ingest.published_figure where publication_id = :id and value is not null)
"""
_MOVED = """
select
    kpi_code, unit_code, coalesce(b.unit_name, a.unit_name) as unit_name,
    coalesce(b.kpi_name_en, a.kpi_name_en) as kpi_name_en, coalesce(b.kpi_name_vi, a.kpi_name_vi) as kpi_name_vi,
    coalesce(b.measure_unit, a.measure_unit) as measure_unit, a.value as value_then, b.value as value_now,
    a.target_value as target_then, b.target_value as target_now, a.status as status_then, b.status as status_now,
    coalesce(a.is_suppressed, false) or coalesce(b.is_suppressed, false) as is_suppressed,
    coalesce(k.is_about_people, true) as is_about_people
from (
    select * from ingest.published_figure where publication_id = :id and variant = '' and breakdown = ''
) as a
full join marts.kpi_scorecard_at as b using (kpi_code, unit_code)
left join seeds.kpi_catalogue as k using (kpi_code)
where a.value is distinct from b.value or a.target_value is distinct from b.target_value
order by coalesce(b.unit_sort_order, a.unit_sort_order), coalesce(b.kpi_sort_order, a.kpi_sort_order)
"""
_MOVED_CONTRIBUTIONS = f"""
select
    c.kpi_code, c.unit_code, c.submission_id, s.inbox_path as file, s.received_at, s.unit_code as sent_by,
    sum(n) as numerator_then,
    sum(n_now) as numerator_now, sum(d) as denominator_then, sum(d_now) as denominator_now
from (
    select kpi_code, unit_code, submission_id, numerator as n, denominator as d, cast(null as numeric) as n_now,
        cast(null as numeric) as d_now
    from ingest.published_contribution where publication_id = :id and variant = ''
    union all
    select kpi_code, unit_code, submission_id, null, null, numerator, denominator
    from ({_CONTRIBUTIONS}) as now where variant = ''
) as c
inner join ingest.submission as s on c.submission_id = s.submission_id
group by c.kpi_code, c.unit_code, c.submission_id, s.inbox_path, s.received_at, s.unit_code
having sum(n) is distinct from sum(n_now) or sum(d) is distinct from sum(d_now)
order by c.submission_id
"""  # noqa: S608 - our own text
_MOVED_DEFINITIONS = f"""
select kind, name, a.definition as definition_then, b.definition as definition_now
from (select * from ingest.published_definition where publication_id = :id) as a
full join ({_DEFINITIONS}) as b using (kind, name)
where a.definition is distinct from b.definition order by kind, name
"""  # noqa: S608 - our own text
_TAKEN_IN = """
select submission_id, inbox_path as file, received_at, unit_code from ingest.submission
where outcome in ('accepted', 'accepted_with_rejections') and received_at > :known_at order by submission_id
"""
_STATE = """
select
    (select value from ingest.deployment where key = :key) as build,
    (select position from ingest.ledger_position) as position,
    greatest(
        (select max(known_from) from ingest.load), (select max(withdrawn_at) from ingest.withdrawal)
    ) as known_at
"""


@dataclass(frozen=True)
class Publication:
    """One published scorecard: the day it speaks of, the ledger (time and position) and the project it rests on."""

    publication_id: int
    as_of_date: date
    published_at: datetime
    known_at: datetime
    ledger_position: int
    project_fingerprint: str
    note: str | None


class PublicationError(WarehouseError):
    """Nothing can be published just now, or there is no such publication; one line that says what to do."""


def publish(warehouse: Warehouse, as_of: date, note: str | None) -> Publication:
    """Freeze the scorecard of a day, for the province and the districts, with all it rests on.

    One transaction on one state of the warehouse. A PublicationError when the figures are not those of the ledger, for
    a day that lies ahead, and where nothing is measured.
    """
    if as_of > datetime.now(tz=VIETNAM).date():
        message = f"{as_of} lies ahead: its scorecard is a projection, and what is published cannot be taken back"
        raise PublicationError(message)
    # The connecting user: no role may both read the figures and write the ledger.
    with one_line_errors(), warehouse.engine(None).connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            publication_id = _insert_publication(connection, as_of, note)
            connection.execute(text("select set_config('ocop.as_of', :day, true)"), {"day": as_of.isoformat()})
            for statement in _FREEZE:
                connection.execute(text(statement), {"id": publication_id, "as_of": as_of})
            if not connection.execute(text(_IS_MEASURED), {"id": publication_id}).scalar_one():
                message = f"nothing is measured on {as_of}: there is no figure to publish"
                raise PublicationError(message)
    return publication(warehouse, publication_id)


def publications(warehouse: Warehouse) -> Answer:
    """All publications, oldest first: the fields of `Publication`."""
    return fetch(warehouse, f"{_PUBLICATIONS} order by publication_id", {}, role=Role.LOADER)


def publication(warehouse: Warehouse, publication_id: int) -> Publication:
    """One publication; a PublicationError when there is none of that number."""
    found = fetch(warehouse, f"{_PUBLICATIONS} where publication_id = :id", {"id": publication_id}, role=Role.LOADER)
    if not found.rows:
        message = f"there is no publication {publication_id}; `ocop publications` lists them"
        raise PublicationError(message)
    return Publication(*found.rows[0])


def built_from(warehouse: Warehouse) -> tuple[str, int]:
    """What the figures were last built from: the project's fingerprint and the ledger position."""
    return _read_build(deployed(warehouse, BUILD))


def moved_figures(warehouse: Warehouse, published: Publication) -> Answer:
    """One row per KPI and unit whose value or target is another now, for the same day.

    A KPI that the catalogue no longer knows is taken to be about people.
    """
    return _now(warehouse, _MOVED, published)


def moved_contributions(warehouse: Warehouse, published: Publication) -> Answer:
    """One row per KPI, unit and file that gives the figure more or less now than it did then."""
    return _now(warehouse, _MOVED_CONTRIBUTIONS, published)


def taken_in_since(warehouse: Warehouse, published: Publication) -> Answer:
    """One row per file accepted since, in the order of arrival: submission_id, file, received_at, unit_code."""
    return fetch(warehouse, _TAKEN_IN, {"known_at": published.known_at}, role=Role.LOADER)


def moved_definitions(warehouse: Warehouse, published: Publication) -> Answer:
    """One row per definition, target or parameter that has changed: kind, name, then and now as JSON."""
    return _now(warehouse, _MOVED_DEFINITIONS, published)


def _now(warehouse: Warehouse, sql: str, published: Publication) -> Answer:
    parameters = {"id": published.publication_id, "as_of": published.as_of_date}
    return fetch(warehouse, sql, parameters, role=Role.TRANSFORMER, as_of=published.as_of_date)


def _insert_publication(connection: Connection, as_of: date, note: str | None) -> int:
    build, position, known_at = connection.execute(text(_STATE), {"key": BUILD}).one()
    fingerprint, built_position = _read_build(build)
    if built_position != position:
        message = "files have been taken in since the figures were built; run `ocop run`, then publish"
        raise PublicationError(message)
    inserted = connection.execute(
        text(
            "insert into ingest.publication (as_of_date, known_at, ledger_position, project_fingerprint, note) "
            "values (:as_of, coalesce(:known_at, clock_timestamp()), :position, :fingerprint, :note) "
            "returning publication_id"
        ),
        {"as_of": as_of, "known_at": known_at, "position": position, "fingerprint": fingerprint, "note": note},
    )
    return int(inserted.scalar_one())


def _read_build(build: object) -> tuple[str, int]:
    if not isinstance(build, str):
        message = "no figures have been built yet; run `ocop run` first"
        raise PublicationError(message)
    fingerprint, position, _ = build.split()
    return fingerprint, int(position)
