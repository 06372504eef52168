"""Who reads while a night computes sees each mart as it was or as it will be."""

from typing import Any

import pytest

from ocop_pipeline.warehouse.query import fetch
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline_tests.faults.conftest import Home
from ocop_pipeline_tests.faults.nights import begin_night, said

pytestmark = pytest.mark.faults
_SEEN = """
select '{name}', count(*), count(distinct build_id), min(build_id), sum(hashtext(t::text)) from marts.{name} as t
"""
MARTS = ("kpi_values", "kpi_scorecard")


def test_a_mart_is_old_or_new_as_a_whole_at_any_moment_of_a_night(home: Home) -> None:
    together = " union all ".join(_SEEN.format(name=name) for name in MARTS)
    with open_warehouse(home.settings) as warehouse:
        night = begin_night(home.settings)
        seen: set[tuple[Any, ...]] = set()
        while night.is_alive():
            seen.update(fetch(warehouse, together).rows)
        assert night.exitcode == 0, said(home.settings)
        last = fetch(warehouse, together).rows
    for name in MARTS:
        states = {state for state in seen if state[0] == name}
        assert max(state[2] for state in states) == 1
        assert len(states) == 2
        assert states & set(last)
    home.assert_as_undisturbed()
