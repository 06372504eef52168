"""Reading a stranger's file in a process of its own.

A 1-2 KB workbook can abort the interpreter inside the parser, and another can ask for all memory: so every
file is read in a child process within the limits of its source, and the child's death means "file rejected", nothing
more.
"""

import math
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from ocop_pipeline.contracts import Limits, Source
from ocop_pipeline.orphans import end_with_parent
from ocop_pipeline.sources.containers import require_safe
from ocop_pipeline.sources.document import Arrival, Document, FileRejectedError, whole
from ocop_pipeline.sources.reference import Reference
from ocop_pipeline.sources.refused_files import as_refused

P = ParamSpec("P")
T = TypeVar("T")
_PROGRAM_BYTES = 80 << 20
"""Code and tables of the interpreter and its libraries: in memory, but not among what RLIMIT_DATA counts."""

_PATIENCE = 5
"""How much longer than its share of the processor a reader may take: a busy machine must not make a file dangerous."""
_KILLED = {-signal.SIGKILL, 255}
"""How a child ends that somebody killed; 255 stands for one whose end nobody saw, as its parent is gone too."""
_READ_WITH = ("openpyxl", "pyarrow.csv", "python_calamine", "xlrd")
"""What a reader imports only for a file of its kind."""


class Sandbox:
    """One child process that reads files one after another; it is replaced when a file has killed it."""

    def __init__(self, reference: Reference) -> None:
        """Nothing starts before the first file."""
        self._reference = reference
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
        """The file as a whole; FileRejectedError also when reading it killed the child or took too long."""
        return whole(self.pieces(source, arrival))

    def pieces(self, source: Source, arrival: Arrival) -> Iterator[Document]:
        """The file piece after piece, the next one being read while the caller has one; FileRejectedError as `read`.

        Reading begins at once. The child reads one file at a time: the pieces end where the next file begins.
        """
        return self._pieces(source, arrival, self._submit(source.limits, partial(_open, source.name, arrival)))

    def _pieces(self, source: Source, arrival: Arrival, first: Future[Document]) -> Iterator[Document]:
        name, limits = arrival.path.name, source.limits
        piece = self._result(name, limits, first, lambda: self._submit(limits, partial(_open, source.name, arrival)))
        while not piece.is_last:
            following = self._submit(limits, partial(_next, arrival))
            yield piece
            piece = self._result(name, limits, following)
        yield piece

    def call(self, file_name: str, limits: Limits, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` gives in the child; FileRejectedError when the file killed the child or went over a limit."""
        return self._result(file_name, limits, self._submit(limits, partial(work, *args, **kwargs)))

    def _submit(self, limits: Limits, work: Callable[[], T]) -> Future[T]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, _prepared(), initializer=_limit, initargs=(self._reference,))
        return self._pool.submit(_within, limits, work)

    def _result(
        self, file_name: str, limits: Limits, future: Future[T], again: Callable[[], Future[T]] | None = None
    ) -> T:
        """What the child gives. Where somebody else has killed it, which no file can, it is asked `again`."""
        try:
            return future.result(_PATIENCE * limits.seconds)
        except (BrokenProcessPool, TimeoutError, MemoryError) as error:
            ends = self._end()
            if again is not None and isinstance(error, BrokenProcessPool) and not _KILLED.isdisjoint(ends):
                return self._result(file_name, limits, again())
            raise FileRejectedError(
                file_name,
                "file_dangerous",
                "Đọc tệp này tốn quá nhiều bộ nhớ hoặc thời gian. Hãy xóa dòng, cột, hình thừa, lưu thành tệp mới rồi "
                "gửi lại.",
                "Reading the file takes too much memory or time. Delete what is not needed, save it as a new file and "
                "send it again.",
            ) from error

    def _end(self) -> list[int | None]:
        """How the child ended; asked only once it is gone, for two threads that ask at once read it from one pipe."""
        if self._pool is None:
            return []
        readers = list(self._pool._processes.values())  # noqa: SLF001 - a stuck reader has to be ended
        for reader in readers:
            reader.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None
        return [reader.exitcode for reader in readers]


def _prepared() -> BaseContext:
    """How children begin: as copies of a process that has loaded what readers need, which takes it a second and a half.

    That process reads nothing itself, and ends with this one.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ocop_pipeline.sources", *_READ_WITH])
    return context


_child_reference: Reference | None = None
_child_pieces: Iterator[Document] = iter(())


def _limit(reference: Reference) -> None:
    global _child_reference  # noqa: PLW0603 - the child reads many files with one reference
    _child_reference = reference
    end_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A parser that aborts prints its own trace; whoever sent the file gets one line instead.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _within(limits: Limits, work: Callable[[], T]) -> T:
    """Not RLIMIT_AS: the libraries map far more addresses than they use memory."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes - _PROGRAM_BYTES, hard))
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + limits.seconds), hard))
    return work()


def _open(source_name: str, arrival: Arrival) -> Document:
    """The first piece of the file, of most files the only one."""
    from ocop_pipeline.sources import ALL_SOURCES

    global _child_pieces  # noqa: PLW0603 - the next request goes on with the same file
    source = next(source for source in ALL_SOURCES if source.name == source_name)
    if _child_reference is None:
        message = "the reader was not prepared"
        raise RuntimeError(message)
    _child_pieces = _pieces(source, arrival, _child_reference)
    return _next(arrival)


def _pieces(source: Source, arrival: Arrival, reference: Reference) -> Iterator[Document]:
    require_safe(arrival.path, source.limits)
    try:
        if source.pieces is None:
            yield source.read(arrival, reference)
        else:
            yield from source.pieces(arrival, reference)
    except FileRejectedError as error:
        raise as_refused(error, source, arrival.path) from None


def _next(arrival: Arrival) -> Document:
    try:
        return next(_child_pieces)
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
        raise _unreadable(arrival, error) from error
    except BaseException as error:
        # A parser in Rust panics with what is no Exception and cannot be sent to the parent.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(arrival, error) from error


def _unreadable(arrival: Arrival, error: BaseException) -> FileRejectedError:
    return FileRejectedError(
        arrival.path.name,
        "file_unreadable",
        "Tệp có cấu trúc lạ, không đọc được. Hãy dùng mẫu của chương trình và gửi lại.",
        f"The file has a structure that cannot be read ({type(error).__name__}); use the programme's form.",
    )
