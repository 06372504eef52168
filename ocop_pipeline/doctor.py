"""Is everything in place for the next night? What there is, what is wrong with it, and what to do.

Belongs here: looking; nothing is changed but what opening a warehouse makes. Stays out: mending; printing (`cli`).
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

import dagster as dg

from ocop_pipeline.alerts import unreadable
from ocop_pipeline.defs.alerts import night_of
from ocop_pipeline.defs.dbt_models import is_up_to_date
from ocop_pipeline.defs.jobs import JOB_NAME
from ocop_pipeline.defs.upkeep import STARTING_SECONDS, abandoned
from ocop_pipeline.errors import OcopError
from ocop_pipeline.inbox import list_strays, waiting_files
from ocop_pipeline.reports.digest import Night
from ocop_pipeline.run_history import run_history
from ocop_pipeline.settings import VIETNAM, Settings
from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.warehouse.migrations import NewerVersionError, revisions
from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.schema import revision_of
from ocop_pipeline.warehouse.server import Role, Warehouse, open_warehouse

_SCARCE, _SHORT = 5 * 2**30, 2**30
"""Bytes free on a disk: a night of a nation's sales writes one to two GB."""
_LONGEST_PAUSE = timedelta(hours=26)
_CLOCKS_APART = timedelta(seconds=5)
_MEMBER_OF = "select rolname::text from pg_roles where rolname = any(:roles) and pg_has_role(oid, 'member')"
_POSITION = "select position from ingest.ledger_position"
_SHOWN = ("dagster", "dbt-core", "great-expectations", "pandas", "SQLAlchemy")


class State(StrEnum):
    """Of what was looked at: as it should be, to be looked at by a person, or in the way of the next night."""

    GOOD = "ok"
    DOUBTFUL = "look"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found, and what to do where it is not good."""

    what: str
    state: State
    said: str
    to_do: str = ""


def examine(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Every finding, the one that explains the others first; whatever cannot be looked at is a finding too."""
    yield Finding("versions", State.GOOD, _versions())
    yield _settings(settings, environment)
    yield from _home(settings)
    try:
        with open_warehouse(settings) as warehouse:
            server = _one(warehouse, "show server_version")
            yield Finding("warehouse", State.GOOD, f"{warehouse.url}, PostgreSQL {server}")
            for look in (_tables, _clock, _time_zone, _rights):
                yield look(warehouse)
            yield _figures(settings, warehouse)
    except NewerVersionError as error:
        yield Finding("warehouse", State.BAD, str(error))
    except OcopError as error:
        yield Finding("warehouse", State.BAD, str(error), "start the server, or correct OCOP_WAREHOUSE_URL")
    yield _inbox(settings)
    yield _last_night(settings)


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _SHOWN)
    return f"ocop-pipeline {version('ocop-pipeline')} on Python {sys.version.split()[0]}, {packages}"


def _settings(settings: Settings, environment: Mapping[str, str]) -> Finding:
    """A setting that is misspelt is silently another value."""
    known = {f"OCOP_{name.upper()}" for name in Settings.model_fields} | {"OCOP_SECRETS"}
    given = {name for name in environment if name.startswith("OCOP_")}
    if secrets := environment.get("OCOP_SECRETS"):
        given |= {path.name.upper() for path in Path(secrets).glob("ocop_*")}
    if not (settings.dbt_project / "dbt_project.yml").exists():
        said = f"OCOP_DBT_PROJECT: {settings.dbt_project} has no dbt_project.yml"
        return Finding("settings", State.BAD, said, "name the folder of the dbt project")
    if wrong := unreadable(settings.alerts):
        said = f"OCOP_ALERTS: place {', '.join(wrong)} is no URL that apprise reads"
        return Finding("settings", State.BAD, said, "write it as apprise does; `ocop digest --send` tries it")
    if unknown := sorted(given - known):
        return Finding(
            "settings", State.DOUBTFUL, f"nobody reads {', '.join(unknown)}", "see the settings in README.md"
        )
    return Finding("settings", State.GOOD, ", ".join(sorted(given)) or "all as they are by default")


def _home(settings: Settings) -> Iterator[Finding]:
    place = settings.root
    existing = next(path for path in (place, *place.parents) if path.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        to_do = "give this account the folder, or set OCOP_HOME"
        yield Finding("home", State.BAD, f"{existing} cannot be written to", to_do)
    else:
        yield Finding("home", State.GOOD, str(place))
    for name, path in (("disk of the home", existing), ("disk of the outbox", settings.outbox)):
        if path.exists():
            yield _disk(name, path)


def _disk(name: str, path: Path) -> Finding:
    free = shutil.disk_usage(path).free
    state = State.BAD if free < _SHORT else State.DOUBTFUL if free < _SCARCE else State.GOOD
    to_do = (
        "" if state is State.GOOD else "make room, or move OCOP_HOME to a larger disk: a night that finds none fails"
    )
    return Finding(name, state, f"{free / 2**30:,.1f} GB free", to_do)


def _one(warehouse: Warehouse, sql: str, role: Role | None = None) -> object:
    return fetch(warehouse, sql, role=role).rows[0][0]


def _tables(warehouse: Warehouse) -> Finding:
    revision, newest = revision_of(warehouse), revisions()[-1]
    if revision == newest:
        return Finding("tables", State.GOOD, f"at revision {revision}")
    said = f"at revision {revision}, not yet at {newest}" if revision else f"not yet at revision {newest}"
    return Finding("tables", State.DOUBTFUL, said, "`ocop init` brings them there; so does the next night")


def _clock(warehouse: Warehouse) -> Finding:
    """Who arrived when is told by our clock, what is known since when by the server's."""
    theirs = datetime.fromisoformat(str(_one(warehouse, "select clock_timestamp()")))
    apart = abs(theirs - datetime.now(tz=VIETNAM))
    said = f"the server's and ours are {apart.total_seconds():.1f} s apart"
    if apart > _CLOCKS_APART:
        return Finding("clock", State.BAD, said, "set both clocks by NTP")
    return Finding("clock", State.GOOD, said)


def _time_zone(warehouse: Warehouse) -> Finding:
    zone = str(_one(warehouse, "show timezone"))
    if zone == VIETNAM.tzname(None):
        return Finding("time zone", State.GOOD, zone)
    to_do = f"its owner sets it: alter database ... set timezone = '{VIETNAM.tzname(None)}'"
    return Finding("time zone", State.DOUBTFUL, f"the database's is {zone}", to_do)


def _rights(warehouse: Warehouse) -> Finding:
    found = fetch(warehouse, _MEMBER_OF, {"roles": [str(role) for role in Role]}, role=None).rows
    missing = sorted({str(role) for role in Role} - {name for (name,) in found})
    if missing and warehouse.is_embedded:
        return Finding("roles", State.DOUBTFUL, "they are not there yet", "`ocop init` makes them")
    if missing:
        to_do = "have an administrator run what `ocop roles --sql --for USER` prints, then `ocop roles`"
        return Finding("roles", State.BAD, f"this user is no member of {', '.join(missing)}", to_do)
    return Finding("roles", State.GOOD, ", ".join(Role))


def _figures(settings: Settings, warehouse: Warehouse) -> Finding:
    if not _one(warehouse, "select to_regclass('ingest.submission') is not null"):
        return Finding("figures", State.DOUBTFUL, "nothing has been taken in yet", "run `ocop run`")
    if not is_up_to_date(settings, warehouse):
        said = "the ledger, the project or the month has moved on since they were built"
        return Finding("figures", State.DOUBTFUL, said, "the next night builds them, or `ocop run` now")
    return Finding("figures", State.GOOD, f"built at ledger position {_one(warehouse, _POSITION, Role.LOADER)}")


def _inbox(settings: Settings) -> Finding:
    if not settings.inbox.is_dir():
        return Finding("inbox", State.DOUBTFUL, "there is none yet", "`ocop init` makes it")
    strays = list_strays(ALL_SOURCES, settings.inbox)
    waiting = len(waiting_files(ALL_SOURCES, settings.inbox))
    if strays:
        said = f"{len(strays)} files are read by no source, the first is {strays[0]}"
        return Finding("inbox", State.DOUBTFUL, said, "move them into the folder of a source, or away")
    return Finding("inbox", State.GOOD, f"{waiting} files wait for the next night")


def _last_night(settings: Settings) -> Finding:
    records: Sequence[dg.RunRecord] = ()
    killed: set[str] = set()
    if (settings.dagster_home / "dagster.yaml").exists():
        try:
            with run_history(settings) as instance:
                records = instance.get_run_records(dg.RunsFilter(job_name=JOB_NAME), limit=1)
                killed = {run.run_id for run in abandoned(settings, instance, STARTING_SECONDS)}
        except OcopError as error:
            return Finding("last night", State.BAD, str(error), "start that server, or correct OCOP_DAGSTER_URL")
    if not records:
        return Finding("last night", State.DOUBTFUL, "there has been none", "run `ocop run`, or keep `ocop up` running")
    return _judged(night_of(records[0]), records[0].dagster_run.status, killed)


def _judged(night: Night, status: dg.DagsterRunStatus, killed: AbstractSet[str]) -> Finding:
    took = "" if night.seconds is None else f", took {night.seconds:.0f} s"
    said = f"{night.began_at:%d/%m/%Y %H:%M}: {status.value.lower()}{took}"
    state, to_do = State.GOOD, ""
    if night.run_id in killed:
        state, to_do = State.BAD, "it was killed before it ended; `ocop run` makes up for it"
    elif status is dg.DagsterRunStatus.FAILURE:
        state, to_do = State.BAD, f"its page in the UI says why: run {night.run_id}"
    elif status is dg.DagsterRunStatus.CANCELED:
        state, to_do = State.DOUBTFUL, "somebody stopped it; `ocop run` makes up for it"
    elif datetime.now(tz=VIETNAM) - night.began_at > _LONGEST_PAUSE:
        state, to_do = State.BAD, "no night since then: is `ocop up`, or cron, still running?"
    return Finding("last night", state, said, to_do)
