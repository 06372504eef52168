"""The demo's sources disagree where that was planted, and as its certificates and missing reports have it."""

import csv

import pytest

from ocop_pipeline.demo.answers.disagreements import disagreements
from ocop_pipeline.demo.world import invent
from ocop_pipeline.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
_NOT_PLANTED = {"labour_report_missing", "sold_without_certificate"}
"""These follow from reports that entities never sent, and from certificates that end."""

_OF_NO_FILES = {"commune_sum_disagrees"}
"""Of one period a commune and its district: while there are districts, no commune may report, and later no district."""


@pytest.mark.parametrize("seed", [4553, 7])
def test_sources_disagree_where_it_was_planted_and_nowhere_else(seed: int) -> None:
    world = invent(seed, SEEDS)
    found = disagreements(world)
    planted = {(one.rule, one.subject, one.start) for one in world.planted}
    assert {(one.rule, one.subject, one.start) for one in found if one.rule not in _NOT_PLANTED} == planted
    with (SEEDS / "reconciliation_rules.csv").open(encoding="utf-8") as rules:
        every_rule = {row["rule_code"] for row in csv.DictReader(rules)}
    assert {one.rule for one in found} == every_rule - _OF_NO_FILES
    assert len(planted) == 11
