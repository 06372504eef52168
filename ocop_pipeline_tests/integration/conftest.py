"""Homes after `ocop demo`, each filled once for all tests that look at the simulated province.

Belongs here: running the demo. Stays out: what a test expects of it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.warehouse.server import Warehouse, open_warehouse
from ocop_pipeline_tests.commands import ocop
from ocop_pipeline_tests.conftest import copied_home


@dataclass(frozen=True)
class Demo:
    """A home after `ocop demo`: what it printed, its key, its warehouse."""

    home: Path
    seed: int
    output: str
    key: dict[str, Any]
    warehouse: Warehouse


_PRINTED = "demo/printed.txt"


def _simulate(seed: int, home: Path) -> None:
    done = ocop(home, "demo", "--seed", str(seed))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    (home / _PRINTED).write_text(done.stdout, encoding="utf-8")


@pytest.fixture(scope="session")
def demo_of() -> Iterator[Callable[[int], Demo]]:
    """`ocop demo --seed N` in an empty home, the first time that somebody asks for this seed."""
    with ExitStack() as homes:

        @cache
        def found(seed: int) -> Demo:
            home = homes.enter_context(copied_home(f"demo_{seed}", partial(_simulate, seed)))
            key = json.loads((home / "demo" / f"answer_key_seed_{seed}.json").read_text(encoding="utf-8"))
            warehouse = homes.enter_context(open_warehouse(Settings(home=home, warehouse_url=None)))
            return Demo(home, seed, (home / _PRINTED).read_text(encoding="utf-8"), key, warehouse)

        yield found
