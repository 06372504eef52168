"""The project's own reference data, and files in a folder of the test's own."""

from pathlib import Path

import pytest

from ocop_pipeline.settings import Settings
from ocop_pipeline.sources.document import Arrival
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline_tests.files import Arrive


@pytest.fixture(scope="session")
def reference() -> Reference:
    """Units and shops as the seeds state them."""
    settings = Settings()
    return Reference.load(settings.seeds, settings.mappings)


@pytest.fixture
def arrive(tmp_path: Path) -> Arrive:
    """Lay a file into a source's inbox: "231/a.xlsx" lies in the folder of unit 231."""

    def lay(name: str, content: bytes | str) -> Arrival:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Arrival(path, name.rpartition("/")[0])

    return lay
