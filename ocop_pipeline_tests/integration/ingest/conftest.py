"""An office for each test."""

from collections.abc import Iterator

import pytest

from ocop_pipeline.warehouse.server import Warehouse
from ocop_pipeline_tests.offices import Office, open_office


@pytest.fixture
def office(embedded_warehouse: Warehouse) -> Iterator[Office]:
    """An office with an empty inbox and an empty warehouse."""
    with open_office(embedded_warehouse) as opened:
        yield opened
