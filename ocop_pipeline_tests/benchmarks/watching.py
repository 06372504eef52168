"""How long something takes, and how much memory its processes and those of a warehouse take meanwhile.

Belongs here: measuring. Stays out: what is measured.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY_SECONDS = 0.2
_MEGABYTE = 1_000_000


@dataclass
class Watch:
    """What was seen: seconds; and the seconds of CPU and the highest sum of memory in MB of this process, those it
    started and the server's.

    On a machine that does other things as well the seconds of CPU say more.
    """

    seconds: float = 0
    cpu_seconds: float = 0
    peak_mb: float = 0


@contextmanager
def watched(data: Path | None = None, *, only_started: bool = False) -> Iterator[Watch]:
    """Measure the body. With the data folder of an embedded server memory and CPU are watched as well.

    Of this process, what it started and the server; with `only_started` without this process, which then only waits.

    Memory that processes share counts once (proportional set size, Linux).
    """
    watch, done = Watch(), threading.Event()
    sampler = threading.Thread(target=_sample, args=(watch, done, data, only_started), daemon=True)
    if data is not None:
        sampler.start()
    started = time.perf_counter()
    try:
        yield watch
    finally:
        watch.seconds = time.perf_counter() - started
        done.set()
        if data is not None:
            sampler.join()


def _sample(watch: Watch, done: threading.Event, data: Path | None, only_started: bool) -> None:  # noqa: FBT001
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    begun = time.time()
    while not done.wait(_EVERY_SECONDS):
        this = psutil.Process()
        processes = {*this.children(recursive=True), *_servers(data)} | (set() if only_started else {this})
        watch.peak_mb = max(watch.peak_mb, sum(_memory(process) for process in processes) / _MEGABYTE)
        for process in processes:
            with suppress(psutil.Error):
                used = process.cpu_times()
                last[process.pid] = used.user + used.system
                first.setdefault(process.pid, last[process.pid] if process.create_time() < begun else 0)
    watch.cpu_seconds = sum(last.values()) - sum(first.values())


def _servers(data: Path | None) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            if process.info["name"] == "postgres" and Path(process.cwd()) == data:
                yield process


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0
