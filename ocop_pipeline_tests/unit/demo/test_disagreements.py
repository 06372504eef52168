"""The demo's sources disagree where that was planted, and as its certificates and missing reports have it."""

import pytest

from ocop_pipeline.demo.answers.disagreements import disagreements
from ocop_pipeline.demo.world import invent
from ocop_pipeline.settings import PROJECT_ROOT

_NOT_PLANTED = {"labour_report_missing", "sold_without_certificate"}
"""These follow from reports that entities never sent, and from certificates that end."""


@pytest.mark.parametrize("seed", [4553, 7])
def test_sources_disagree_where_it_was_planted_and_nowhere_else(seed: int) -> None:
    world = invent(seed, PROJECT_ROOT / "dbt_project" / "seeds")
    found = disagreements(world)
    planted = {(one.rule, one.subject, one.start) for one in world.planted}
    assert {(one.rule, one.subject, one.start) for one in found if one.rule not in _NOT_PLANTED} == planted
    assert {one.rule for one in found} >= _NOT_PLANTED
    assert len(planted) == 11
