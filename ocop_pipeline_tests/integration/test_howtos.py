"""README's "Add a source" and "Add a KPI", followed to the letter on a copy of the project."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocop_pipeline.settings import PROJECT_ROOT
from ocop_pipeline_tests.commands import ocop
from ocop_pipeline_tests.conftest import temporary_folder

pytestmark = pytest.mark.slow

SOURCE = '''"""Visitors counted at the sites of community tourism."""

from ocop_pipeline.contracts import Archive, Column, ColumnType, Form, FormKind, Source
from ocop_pipeline.sources.document import Arrival, Document, Part
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.csv_files import read_csv
from ocop_pipeline.sources.tables import form_rows
from ocop_pipeline.vietnamese.periods import parse_period

SITE_VISITS = Form(
    "site_visits",
    "Khách tham quan",
    "a site in a month",
    FormKind.FLOW,
    (
        Column("site_name", "Điểm du lịch", "Name of the site", required=True),
        Column("visitor_count", "Số khách", "Visitors", ColumnType.INTEGER, required=True, minimum=0),
    ),
    key=("site_name",),
)


def read(arrival: Arrival, reference: Reference) -> Document:
    """One CSV per district and month, named by the month."""
    period = parse_period(arrival.path.stem)
    rows = form_rows(read_csv(arrival.path), SITE_VISITS)
    part = Part(SITE_VISITS.name, arrival.folder, period, arrival.path.name, rows)
    return Document(arrival.folder, period, (part,))


SOURCE = Source(
    "tourism_visits", "Khách du lịch", "Visitor counts", (SITE_VISITS,), Archive.ORIGINAL, (".csv",), read
)
'''
STAGING = """with source as (
    select * from {{ source('raw', 'site_visits') }}
),

loads as (
    select * from {{ ref('stg_ledger__loads') }}
)

select
    {{ lineage() }},
    source.site_name,
    source.visitor_count
from source
inner join loads on source.load_id = loads.load_id
"""
STAGING_YML = """version: 2

models:
  - name: stg_tourism_visits__site_visits
    description: "Visitors. Grain: a site in a month. | Khách tham quan."
"""
EVIDENCE = """select
    as_of.as_of_date,
    '' as variant,
    visits.territory_code,
    visits.site_name,
    visits.visitor_count as numerator,
    null::numeric as denominator,
    visits.load_id,
    visits.submission_id,
    visits.source_sheet,
    visits.source_row
from {{ ref('as_of') }} as as_of
inner join {{ ref('stg_tourism_visits__site_visits') }} as visits
    on
        as_of.window_from <= visits.period_from
        and as_of.window_to >= visits.period_to
"""


@pytest.fixture(scope="module")
def project() -> Iterator[Path]:
    """A copy of what git would clone."""
    with temporary_folder() as folder:
        copy = folder / "project"
        copy.mkdir()
        for name in ("ocop_pipeline", "ocop_pipeline_tests", "dbt_project"):
            shutil.copytree(PROJECT_ROOT / name, copy / name, ignore=shutil.ignore_patterns("target", "__pycache__"))
        for name in ("pyproject.toml", "workspace.yaml", "README.md"):
            shutil.copy(PROJECT_ROOT / name, copy)
        yield copy


def files_of(project: Path) -> dict[str, str]:
    return {
        str(path.relative_to(project)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in project.rglob("*")
        if path.is_file() and not {"target", "__pycache__", "logs"} & set(path.relative_to(project).parts)
    }


def named_in_readme(heading: str) -> list[re.Pattern[str]]:
    """The paths in the numbered steps below a heading, with <...> standing for any name."""
    text = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    paths = re.findall(r"`([\w./<>]+\.(?:py|sql|yml|csv))`", section)
    folder = ""
    patterns = []
    for path in paths:
        folder = path.rpartition("/")[0] or folder
        full = path if "/" in path else f"{folder}/{path}"
        patterns.append(re.compile(re.sub(r"<\w+>", r"\\w+", full.replace(".", r"\."))))
    return patterns


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(project: Path, home: Path, *arguments: str) -> str:
    done = ocop(home, *arguments, project=project)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def add_the_source(project: Path) -> None:
    package = project / "ocop_pipeline" / "sources"
    (package / "tourism_visits.py").write_text(SOURCE, encoding="utf-8")
    replace_in(
        package / "__init__.py",
        "    labour_statistics.SOURCE,\n",
        "    labour_statistics.SOURCE,\n    tourism_visits.SOURCE,\n",
    )
    replace_in(package / "__init__.py", "registries\n", "registries, tourism_visits\n")
    models = project / "dbt_project" / "models"
    last_form = '      - {name: province_indicators, description: "PX-Web"}\n'
    replace_in(models / "sources.yml", last_form, last_form + '      - {name: site_visits, description: "Khách"}\n')
    (models / "staging" / "tourism_visits").mkdir()
    staging = models / "staging" / "tourism_visits" / "stg_tourism_visits__site_visits.sql"
    staging.write_text(STAGING, encoding="utf-8")
    staging.with_suffix(".yml").write_text(STAGING_YML, encoding="utf-8")


def add_the_kpi(project: Path) -> None:
    models = project / "dbt_project" / "models"
    (models / "intermediate" / "int_evidence_site_visits.sql").write_text(EVIDENCE, encoding="utf-8")
    kpi = models / "marts" / "kpi" / "kpi_site_visits.sql"
    kpi.write_text("{{ kpi_rows(ref('int_evidence_site_visits')) }}\n", encoding="utf-8")
    described = (models / "marts" / "kpi" / "kpi_units_with_sales_point.yml").read_text(encoding="utf-8")
    columns = described.split("unit_tests:", 1)[0].replace("kpi_units_with_sales_point", "kpi_site_visits")
    kpi.with_suffix(".yml").write_text(columns, encoding="utf-8")
    catalogue = project / "dbt_project" / "seeds" / "kpi_catalogue.csv"
    with catalogue.open("a", encoding="utf-8") as lines:
        lines.write(
            "site_visits,1,13,Khách tham quan,Visitors,visitor,tracked,false,false,false,false,,site_visits,a,b,c\n"
        )
    replace_in(
        models / "intermediate" / "int_kpis_united.sql",
        "    'online_sales',\n",
        "    'online_sales',\n    'site_visits',\n",
    )
    replace_in(
        models / "intermediate" / "int_evidence_united.sql",
        "    'support_funding': 'voucher_key',\n",
        "    'support_funding': 'voucher_key',\n    'site_visits': 'site_name',\n",
    )


def test_the_readme_says_all_that_a_source_and_a_kpi_need(project: Path) -> None:
    before = files_of(project)
    add_the_source(project)
    after_source = files_of(project)
    add_the_kpi(project)
    after_kpi = files_of(project)

    with temporary_folder() as home:
        inbox = home / "inbox" / "tourism_visits" / "231"
        inbox.mkdir(parents=True)
        (inbox / "2023-06.csv").write_text("Điểm du lịch,Số khách\nAo Châu,120\nĐầm Ao,abc\n", encoding="utf-8")
        (inbox / "2023-07.csv").write_text("Điểm du lịch,Số khách\nAo Châu,80\n", encoding="utf-8")
        run(project, home, "run")
        returned = json.loads(run(project, home, "submissions", "--returned", "--format", "json"))
        scorecard = json.loads(run(project, home, "scorecard", "--as-of", "2023-07-31", "--format", "json"))
        rows = json.loads(run(project, home, "trace", "site_visits", "--as-of", "2023-07-31", "--format", "json"))

    assert [(row["row"], row["rule"]) for row in returned] == [(3, "visitor_count_not_a_whole_number")]
    (visits,) = [row for row in scorecard if row["kpi"] == "site_visits"]
    assert visits["value"] == 200
    assert visits["submission_count"] == 2
    assert [(row["file"], row["row"], row["numerator"]) for row in rows] == [
        ("tourism_visits/231/2023-06.csv", 2, 120),
        ("tourism_visits/231/2023-07.csv", 2, 80),
    ]
    for heading, old, new in (("Add a source", before, after_source), ("Add a KPI", after_source, after_kpi)):
        touched = {path for path in new if old.get(path) != new[path]}
        named = named_in_readme(heading)
        assert touched
        assert {path for path in touched if not any(pattern.fullmatch(path) for pattern in named)} == set()
