"""Reading a stranger's file in a process of its own.

A 1-2 KB workbook can abort the interpreter inside the parser, and another can ask for all memory: so every
file is read in a child process with limits, and the child's death means "file rejected", nothing more.
"""

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from ocop_pipeline.contracts import Source
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError
from ocop_pipeline.sources.reference import Reference

P = ParamSpec("P")
T = TypeVar("T")
_MEMORY_BYTES = 4 * 1024**3
_SECONDS = 120


class Sandbox:
    """One child process that reads files one after another; it is replaced when a file has killed it."""

    def __init__(self, reference: Reference, seconds: float = _SECONDS) -> None:
        """Nothing starts before the first file; `seconds` is what one file may take."""
        self._reference = reference
        self._seconds = seconds
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Usable as it is."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self._end()

    def read(self, source: Source, arrival: Arrival) -> Document:
        """The file's parts; FileRejectedError also when reading it killed the child or took too long."""
        return self.call(arrival.path.name, _read, source.name, arrival)

    def call(self, file_name: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` gives in the child; FileRejectedError when the file killed the child or took too long."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), initializer=_limit, initargs=(self._reference, os.getpid())
            )
        try:
            return self._pool.submit(work, *args, **kwargs).result(timeout=self._seconds)
        except (BrokenProcessPool, TimeoutError, MemoryError) as error:
            self._end()
            raise FileRejectedError(
                file_name,
                "file_dangerous",
                "Đọc tệp này làm chương trình dừng hoặc quá lâu; tệp bị từ chối. Hãy lưu lại và gửi lại.",
                "Reading the file killed the reader or took too long; save it again and send it again.",
            ) from error

    def _end(self) -> None:
        if self._pool is not None:
            for process in self._pool._processes.values():  # noqa: SLF001 - a stuck reader has to be ended
                process.kill()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


_child_reference: Reference | None = None


def _limit(reference: Reference, parent: int) -> None:
    global _child_reference  # noqa: PLW0603 - the child reads many files with one reference
    _child_reference = reference
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent(parent: int) -> None:
    """A killed parent cannot tell its child to end, and a waiting child would stay for ever."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _read(source_name: str, arrival: Arrival) -> Document:
    from ocop_pipeline.sources import ALL_SOURCES

    source = next(source for source in ALL_SOURCES if source.name == source_name)
    if _child_reference is None:
        message = "the reader was not prepared"
        raise RuntimeError(message)
    try:
        return source.read(arrival, _child_reference)
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
        raise FileRejectedError(
            arrival.path.name,
            "file_unreadable",
            "Tệp có cấu trúc lạ, không đọc được. Hãy dùng mẫu của chương trình và gửi lại.",
            f"The file has a structure that cannot be read ({type(error).__name__}); use the programme's form.",
        ) from error
