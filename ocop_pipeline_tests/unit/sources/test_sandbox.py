"""A file that kills or holds up its reader is refused, and the next one is read."""

import pytest

from ocop_pipeline.sources import district_submissions
from ocop_pipeline.sources.district_forms import SALES_POINTS
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.sandbox import Sandbox
from ocop_pipeline_tests.files import Arrive, header, reader_killer, rows_of, string_count_killer, xlsx

GOOD = xlsx(header(unit="231") | {"Điểm bán": rows_of(SALES_POINTS)})


@pytest.mark.parametrize("content", [reader_killer(), string_count_killer()])
def test_a_file_that_kills_the_reader_is_refused_and_the_next_is_read(
    arrive: Arrive, reference: Reference, content: bytes
) -> None:
    with Sandbox(reference) as sandbox:
        with pytest.raises(FileRejectedError) as refusal:
            sandbox.read(district_submissions.SOURCE, arrive("a.xlsx", content))
        assert refusal.value.rule == "file_dangerous"
        assert sandbox.read(district_submissions.SOURCE, arrive("b.xlsx", GOOD)).unit_code == "231"


def test_a_file_that_takes_too_long_is_refused(arrive: Arrive, reference: Reference) -> None:
    with Sandbox(reference, seconds=0.01) as sandbox, pytest.raises(FileRejectedError) as refusal:
        sandbox.read(district_submissions.SOURCE, arrive("a.xlsx", GOOD))
    assert refusal.value.rule == "file_dangerous"


def test_a_reason_survives_the_way_from_the_child(arrive: Arrive, reference: Reference) -> None:
    with Sandbox(reference) as sandbox, pytest.raises(FileRejectedError) as refusal:
        sandbox.read(district_submissions.SOURCE, arrive("999/a.xlsx", GOOD))
    assert (refusal.value.place, refusal.value.rule) == ("999", "unit_unknown")
    assert refusal.value.reason_vi.startswith("Đơn vị báo cáo “999”")
