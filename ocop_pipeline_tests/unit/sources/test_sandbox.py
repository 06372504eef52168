"""A file that kills or holds up its reader is refused, and the next one is read."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest

from ocop_pipeline.contracts import Limits
from ocop_pipeline.sources import district_submissions
from ocop_pipeline.sources.district_forms import SALES_POINTS
from ocop_pipeline.sources.document import FileRejectedError
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.sandbox import Sandbox
from ocop_pipeline_tests.files import (
    Arrive,
    header,
    parser_panic,
    reader_killer,
    rows_of,
    sheet_of,
    with_part,
    xlsx,
)

SHEET = "xl/worksheets/sheet2.xml"
GOOD = xlsx(header(unit="231") | {"Điểm bán": rows_of(SALES_POINTS)})
PROMISED = district_submissions.SOURCE.limits


def empty_rows() -> bytes:
    """The good workbook with 200,000 rows that hold nothing but a format, as a formatted column leaves them."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(9, 200_009))
    return with_part(
        xlsx(header(unit="231") | {"Ghi chú": [], "Điểm bán": rows_of(SALES_POINTS)}), SHEET, sheet_of(rows)
    )


@contextmanager
def watched_reader() -> Iterator[Callable[[], int]]:
    """The most bytes that any process which this one started has held meanwhile."""
    peaks, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            for child in psutil.Process().children(recursive=True):
                try:
                    peaks[0] = max(peaks[0], child.memory_info().rss)
                except psutil.Error:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: peaks[0]
    finally:
        done.set()
        watcher.join()


def test_a_file_that_kills_the_reader_is_refused_without_a_trace_and_the_next_is_read(
    arrive: Arrive, reference: Reference, capfd: pytest.CaptureFixture[str]
) -> None:
    with Sandbox(reference) as sandbox:
        with pytest.raises(FileRejectedError) as refusal:
            sandbox.read(district_submissions.SOURCE, arrive("a.xlsx", reader_killer()))
        assert refusal.value.rule == "file_dangerous"
        assert sandbox.read(district_submissions.SOURCE, arrive("b.xlsx", GOOD)).unit_code == "231"
    assert "memory allocation" not in capfd.readouterr().err


def test_a_file_whose_reader_somebody_else_has_killed_is_read_again(arrive: Arrive, reference: Reference) -> None:
    with Sandbox(reference) as sandbox:
        pieces = sandbox.pieces(district_submissions.SOURCE, arrive("a.xlsx", GOOD))
        (reader,) = [child for child in psutil.Process().children(recursive=True) if not child.children()][-1:]
        reader.kill()
        assert next(pieces).unit_code == "231"


def test_a_panic_of_the_parser_is_a_file_that_cannot_be_read(arrive: Arrive, reference: Reference) -> None:
    with Sandbox(reference) as sandbox:
        with pytest.raises(FileRejectedError) as refusal:
            sandbox.read(district_submissions.SOURCE, arrive("a.xls", parser_panic()))
        assert (refusal.value.place, refusal.value.rule) == ("a.xls", "file_unreadable")
        assert "Panic" in refusal.value.reason_en
        assert sandbox.read(district_submissions.SOURCE, arrive("b.xlsx", GOOD)).unit_code == "231"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("đọc hết bộ nhớ.xlsx", reader_killer()),
        ("nhiều dòng trống.xlsx", empty_rows()),
        ("triệu dòng trống.csv", "a,b\n" + ",\n" * 1_000_000),
    ],
)
def test_whatever_a_file_is_like_its_reader_keeps_to_the_memory_and_the_time_promised(
    arrive: Arrive, reference: Reference, name: str, content: bytes | str
) -> None:
    arrival, started = arrive(name, content), time.monotonic()
    with watched_reader() as peak, Sandbox(reference) as sandbox:
        try:
            assert sandbox.read(district_submissions.SOURCE, arrival).unit_code == "231"
        except FileRejectedError as error:
            assert error.place  # noqa: PT017 - read safely is as good as refused
    assert 0 < peak() < PROMISED.memory_bytes
    assert time.monotonic() - started < PROMISED.seconds + 5


def test_a_file_that_keeps_the_processor_busy_too_long_is_refused(reference: Reference) -> None:
    with Sandbox(reference) as sandbox, pytest.raises(FileRejectedError) as refusal:
        sandbox.call("a.xlsx", Limits(seconds=1), sum, range(10**12))
    assert (refusal.value.place, refusal.value.rule) == ("a.xlsx", "file_dangerous")


def test_a_file_is_not_refused_because_the_machine_is_busy_but_it_is_not_waited_for_for_ever(
    reference: Reference,
) -> None:
    with Sandbox(reference) as sandbox:
        sandbox.call("a.xlsx", Limits(seconds=0.5), time.sleep, 1)
        with pytest.raises(FileRejectedError):
            sandbox.call("a.xlsx", Limits(seconds=0.5), time.sleep, 10)


def test_a_reason_survives_the_way_from_the_child(arrive: Arrive, reference: Reference) -> None:
    with Sandbox(reference) as sandbox, pytest.raises(FileRejectedError) as refusal:
        sandbox.read(district_submissions.SOURCE, arrive("999/a.xlsx", GOOD))
    assert (refusal.value.place, refusal.value.rule) == ("999", "unit_unknown")
    assert refusal.value.reason_vi.startswith("Đơn vị báo cáo “999”")


def test_a_reader_ends_with_the_process_that_was_killed_while_it_read() -> None:
    program = (
        "import os, time; from pathlib import Path\n"
        "from ocop_pipeline.settings import Settings; from ocop_pipeline.sources.district_submissions import SOURCE\n"
        "from ocop_pipeline.sources.reference import Reference; from ocop_pipeline.sources.sandbox import Sandbox\n"
        "sandbox = Sandbox(Reference.load(Settings().seeds, Path('none')))\n"
        "print(sandbox.call('a.xlsx', SOURCE.limits, os.getpid), flush=True)\n"
        "sandbox.call('a.xlsx', SOURCE.limits, time.sleep, 60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as reading:
        assert reading.stdout is not None
        started = [psutil.Process(int(reading.stdout.readline())), *psutil.Process(reading.pid).children()]
        reading.kill()
    _, left = psutil.wait_procs(started, timeout=10)
    assert left == []
