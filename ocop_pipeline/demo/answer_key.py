"""What the scorecard must say about the simulated province, and what must become of its files.

Belongs here: the key as a whole and as a file. Stays out: how a figure is worked out (`answers`).
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from ocop_pipeline.demo.answers import Figure, figures_at
from ocop_pipeline.demo.answers.disagreements import Disagreement, disagreements
from ocop_pipeline.demo.answers.figure import PROVINCE
from ocop_pipeline.demo.district_files import uneven_districts
from ocop_pipeline.demo.inbox_file import BadRow, InboxFile
from ocop_pipeline.demo.records import World

AS_OF_DATES = (date(2020, 12, 31), date(2022, 12, 31), date(2023, 1, 31), date(2023, 11, 24), date(2023, 12, 31))


@dataclass(frozen=True)
class AnswerKey:
    """Expected figures, and expected outcome of every file.

    `files` counts files by source, `rows` data rows by form in all accepted files together (bad rows and
    superseded versions included), `quarantined` bad rows by rule. `rejected_files` maps path to rule,
    `superseded_files` maps path to the forms of which a later file takes the place; `uneven_month` the district
    whose report of that month is missing, late, rejected or restated. `disagreements` are those between sources.
    """

    seed: int
    figures: tuple[Figure, ...]
    files: dict[str, int]
    rows: dict[str, int]
    quarantined: dict[str, int]
    bad_rows: tuple[BadRow, ...]
    rejected_files: dict[str, str]
    superseded_files: dict[str, tuple[str, ...]]
    uneven_month: dict[str, str]
    disagreements: tuple[Disagreement, ...]
    is_simulated: bool = True

    def figure(self, kpi: str, as_of: str, unit_code: str = PROVINCE, variant: str = "", member: str = "") -> Figure:
        """The figure of that name; KeyError if the key has none."""
        wanted = (kpi, as_of, unit_code, variant, member)
        for figure in self.figures:
            if (figure.kpi, figure.as_of, figure.unit_code, figure.variant, figure.member) == wanted:
                return figure
        raise KeyError(wanted)

    def write(self, path: Path) -> None:
        """The key as JSON, its folder included."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def answer_key(world: World, files: Sequence[InboxFile]) -> AnswerKey:
    """The key to the world that those files tell of."""
    accepted = [file for file in files if file.rejected_by is None]
    bad_rows = tuple(bad_row for file in accepted for bad_row in file.bad_rows)
    rows: Counter[str] = Counter()
    for file in accepted:
        rows.update(file.rows)
    return AnswerKey(
        seed=world.seed,
        figures=tuple(figure for day in AS_OF_DATES for figure in figures_at(world, day)),
        files=dict(sorted(Counter(file.source for file in files).items())),
        rows=dict(sorted(rows.items())),
        quarantined=dict(sorted(Counter(bad_row.rule for bad_row in bad_rows).items())),
        bad_rows=bad_rows,
        rejected_files={file.path: file.rejected_by for file in files if file.rejected_by},
        superseded_files={file.path: file.superseded for file in files if file.superseded},
        uneven_month=uneven_districts(world),
        disagreements=tuple(disagreements(world)),
    )
