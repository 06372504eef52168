"""Thousands of damaged files: none crashes or holds up a night, and none leaves half of its rows."""

from random import Random

import pytest

from ocop_pipeline.sources import ALL_SOURCES
from ocop_pipeline.warehouse.ledger import submissions
from ocop_pipeline_tests.faults.states import assert_reconciled
from ocop_pipeline_tests.mutations import mutated_files
from ocop_pipeline_tests.offices import Office

AT_ONCE = 500
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(1, 10))]
"""Ten nights of 500 files; all but the first when it is asked for."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")  # zipfile's own, of what is done on purpose
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_wrong_in_a_file_it_ends_in_one_state_and_says_why(office: Office, seed: int) -> None:
    files = mutated_files(Random(seed), AT_ONCE)  # noqa: S311 - no secret
    for place, content in files.items():
        office.put(place, content)
    for source in ALL_SOURCES:
        office.take_in(source.name)
    known = submissions(office.warehouse).values()
    assert sorted(file.inbox_path for file in known) == sorted(files)
    for file in known:
        if file.rule:
            assert file.place and file.reason_vi and file.reason_en, file  # noqa: PT018
            assert "\n" not in file.reason_vi + file.reason_en, file
            assert "Traceback" not in file.reason_en, file
    assert all(row.reasons_vi and row.reasons_en for rows in office.quarantine().values() for row in rows)
    assert_reconciled(office.settings, office.warehouse)
