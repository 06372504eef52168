"""What a difference from a publication says, and what it must not say of single entities."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ocop_pipeline.reports.publications import (
    SHOWN_FILES,
    Difference,
    difference_notes,
    difference_rows,
    difference_sheet,
    files_sheet,
)
from ocop_pipeline.reports.wording import Language
from ocop_pipeline.settings import VIETNAM
from ocop_pipeline.warehouse.publications import Publication

MOMENT = datetime(2024, 1, 31, 9, 30, tzinfo=VIETNAM)
PUBLISHED = Publication(1, date(2023, 12, 31), MOMENT, MOMENT, 40, "project", None)
FILE: Mapping[str, Any] = {"submission_id": 41, "file": "labour_statistics/231/sua.csv", "received_at": MOMENT}
WORKERS: Mapping[str, Any] = {
    "kpi_code": "rural_workers",
    "kpi_name_en": "Rural workers with a stable job",
    "kpi_name_vi": "Lao động nông thôn có việc làm thường xuyên",
    "unit_code": "25",
    "unit_name": "Tỉnh Phú Thọ",
    "measure_unit": "worker",
    "value_then": Decimal(4350),
    "value_now": Decimal(4357),
    "target_then": Decimal(6000),
    "target_now": Decimal(6000),
    "because": [FILE],
}


def difference(
    figures: Sequence[Mapping[str, Any]] = (), by: str = "province", *, others_moved: bool = False, files: int = 1
) -> Difference:
    arrived = [{**FILE, "submission_id": 41 + number} for number in range(files)]
    moved = [dict(figure) for figure in figures]
    return Difference(
        published=PUBLISHED,
        by=by,
        position_now=41,
        project_changed=False,
        figures=moved,
        others_moved=others_moved,
        files=arrived,
        definitions=(),
    )


def test_of_a_figure_about_people_a_file_is_named_with_its_time_and_nothing_else() -> None:
    found = difference([WORKERS])
    assert difference_sheet(found, Language.EN).rows == [
        ["Rural workers with a stable job, Tỉnh Phú Thọ", "4,350", "4,357", "+7"],
        ["  labour_statistics/231/sua.csv (#41, 31/01/2024 09:30)", None, None, None],
    ]
    assert [row[10:] for row in difference_rows(found).rows] == [(41, FILE["file"], MOMENT, None, None, None, None)]


def test_other_files_are_named_with_what_they_gave_then_and_give_now() -> None:
    parts = {"numerator_then": Decimal(3), "numerator_now": Decimal(2), "denominator_then": None}
    found = difference([{**WORKERS, "because": [{**FILE, **parts, "denominator_now": None}]}])
    assert difference_sheet(found, Language.EN).rows[1][1:] == ["3", "2", "-1"]


def test_the_files_taken_in_since_are_listed_up_to_a_limit() -> None:
    few, many = (files_sheet(difference(files=count), Language.EN).rows for count in (SHOWN_FILES, SHOWN_FILES + 3))
    assert few[0] == ["41", "labour_statistics/231/sua.csv", "31/01/2024 09:30"]
    assert len(few) == SHOWN_FILES
    assert many[SHOWN_FILES:] == [["…", "and 3 more", None]]
    assert files_sheet(difference(files=21), Language.VI).rows[-1] == ["…", "và 1 tệp nữa", None]


@pytest.mark.parametrize(
    ("by", "others_moved", "language", "said"),
    [
        ("province", False, Language.EN, "No figure has moved."),
        ("province", True, Language.EN, "No figure of the province has moved; --by district shows"),
        ("province", True, Language.VI, "Không có số liệu nào của tỉnh thay đổi; --by district"),
        ("district", True, Language.EN, "No figure of a district has moved; --by province shows"),
    ],
)
def test_that_nothing_has_moved_is_said_of_the_units_that_were_looked_at(
    by: str, language: Language, said: str, *, others_moved: bool
) -> None:
    assert difference_notes(difference(by=by, others_moved=others_moved), language)[0].startswith(said)
    assert "moved" not in difference_notes(difference([WORKERS], by, others_moved=others_moved), Language.EN)[0]
