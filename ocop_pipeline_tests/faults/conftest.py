"""Homes on the evening before a night, and what they are after a night that nothing disturbs."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.server import open_warehouse
from ocop_pipeline_tests.conftest import copied_home, copy_home, standing_home
from ocop_pipeline_tests.faults.nights import STEPS, said, spend_night
from ocop_pipeline_tests.faults.states import State, assert_marts_agree, assert_reconciled, lines_of, state_of
from ocop_pipeline_tests.faults.world import put_evening

_STATE = "state.json"


@dataclass(frozen=True)
class Undisturbed:
    """A night that nothing disturbed: what it left, and its steps in their order."""

    state: State
    steps: list[str]


@dataclass(frozen=True)
class Home:
    """A home whose nights a test disturbs."""

    settings: Settings
    undisturbed: Undisturbed

    def state(self) -> State:
        """What can be seen there now, once it adds up."""
        with open_warehouse(self.settings) as warehouse:
            assert_reconciled(self.settings, warehouse)
            assert_marts_agree(warehouse)
            return state_of(self.settings, warehouse)

    def assert_as_undisturbed(self) -> None:
        """Whatever happened, the state is that after a night which nothing disturbed, and it adds up."""
        assert lines_of(self.state()) == lines_of(self.undisturbed.state)


EveningHomes = Callable[[], AbstractContextManager[Home]]


def _settings(home: Path) -> Settings:
    return Settings(home=home, warehouse_url=None)


@contextmanager
def _evening_home() -> Iterator[Settings]:
    """A home whose relations stand, with files in its inbox."""

    def fill(home: Path) -> None:
        with standing_home() as standing:
            copy_home(standing, home)
        put_evening(_settings(home).inbox)

    with copied_home("evening", fill) as home:
        yield _settings(home)


@pytest.fixture(scope="session")
def undisturbed() -> Iterator[Undisturbed]:
    """The state after a night that nothing disturbs, and the steps of that night."""

    def fill(home: Path) -> None:
        with _evening_home() as settings:
            assert spend_night(settings) == 0, said(settings)
            with open_warehouse(settings) as warehouse:
                assert_reconciled(settings, warehouse)
                assert_marts_agree(warehouse)
                (home / _STATE).write_text(json.dumps(state_of(settings, warehouse)), encoding="utf-8")
            (home / STEPS).write_bytes((settings.root / STEPS).read_bytes())

    with copied_home("undisturbed", fill) as home:
        yield Undisturbed(json.loads((home / _STATE).read_text()), (home / STEPS).read_text().splitlines())


@pytest.fixture
def evening_homes(undisturbed: Undisturbed) -> EveningHomes:
    """As many homes on the evening before the night as a test wants."""

    @contextmanager
    def opened() -> Iterator[Home]:
        with _evening_home() as settings:
            yield Home(settings, undisturbed)

    return opened


@pytest.fixture
def home(evening_homes: EveningHomes) -> Iterator[Home]:
    """A home on the evening before the night."""
    with evening_homes() as one:
        yield one
