"""A night that is killed at any step and repeated ends as one that nothing disturbed."""

from random import Random

import pytest

from ocop_pipeline_tests.faults.conftest import Home
from ocop_pipeline_tests.faults.nights import Trip, said, spend_night

pytestmark = pytest.mark.faults
POINTS = 20


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Twenty points of a night, one in each twentieth of its steps."""
    if "point" in metafunc.fixturenames:
        random = Random(metafunc.config.getoption("--fault-seed"))  # noqa: S311
        points = [round((number + random.random()) / POINTS, 3) for number in range(POINTS)]
        metafunc.parametrize("point", points)


def test_a_night_killed_at_any_step_and_repeated_ends_as_one_that_was_not(home: Home, point: float) -> None:
    trip = Trip(1 + int(point * (len(home.undisturbed.steps) - 1)))
    assert spend_night(home.settings, trip) == -9
    assert spend_night(home.settings) == 0, said(home.settings)
    home.assert_as_undisturbed()
