"""A night that is killed at any step, and its repetition too, ends when left alone as one that was not killed."""

from random import Random

import pytest

from ocop_pipeline_tests.faults.conftest import Home
from ocop_pipeline_tests.faults.nights import Trip, said, spend_night

pytestmark = pytest.mark.faults
HOMES = 5
"""Each night is killed four times: twenty points."""
_FIRST_OF_DBT = "/* {"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A seed of its own for each home."""
    if "seed" in metafunc.fixturenames:
        first = metafunc.config.getoption("--fault-seed")
        metafunc.parametrize("seed", range(first, first + HOMES))


def points(steps: list[str], random: Random) -> list[Trip]:
    """Two steps at which files are taken in, the second one of the repetition, then two of what dbt and the reports do.

    A repetition has fewer steps: late ones are known by what they say, and that only they say it.
    """
    begun = next(number for number, step in enumerate(steps) if step.startswith(_FIRST_OF_DBT))
    late = [step for step in steps[begun:] if steps.count(step) == 1]
    early = (random.randint(1, begun), random.randint(1, begun // 2))
    after = sorted(random.sample(range(len(late)), 2))
    return [*(Trip(number) for number in early), *(Trip(1, late[number]) for number in after)]


def test_a_night_killed_again_and_again_at_any_step_ends_as_one_that_was_not(home: Home, seed: int) -> None:
    for trip in points(home.undisturbed.steps, Random(seed)):  # noqa: S311
        assert spend_night(home.settings, trip) == -9, (trip, said(home.settings))
    assert spend_night(home.settings) == 0, said(home.settings)
    home.assert_as_undisturbed()
