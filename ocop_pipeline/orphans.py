"""A process that ends with the one that started it.

Belongs here: how a process notices that. Stays out: which processes should.
"""

import multiprocessing
import os
import threading
from multiprocessing.process import BaseProcess


def end_with_parent() -> None:
    """End this process at once when the one that started it by `multiprocessing` is gone, by SIGKILL too.

    A killed parent cannot tell its child to end, and a child without one would go on, or wait for ever.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent,), daemon=True).start()  # noqa: TID251 - it imports nothing


def _wait_for(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
