"""Stops an embedded server when its last user is gone, however it went.

Every user holds a shared lock on one file for as long as it lives, and the system takes the lock away when
it dies, by SIGKILL too. This small process waits for the exclusive lock: it gets it when nobody is left.

Belongs here: waiting and stopping. Stays out: everything else. It runs as a script without the package or
its dependencies, so that it starts at once and stays small.

Arguments: inherited descriptor of the users' file, inherited descriptor of the lock that says a keeper is
there, the account that runs the server (empty: ourselves), and the command that stops it in a mode.
"""

import fcntl
import os
import subprocess
import sys

STOP_MODES = ("fast", "immediate")
"""Asked to stop while it recovers from a killed session, PostgreSQL 18 waits for ever; broken off, it recovers."""


def main(arguments: list[str]) -> None:
    """Leave the caller's session, wait, stop the server."""
    users, keeper, account, *stop = arguments
    if os.fork():
        os._exit(0)
    os.setsid()
    fcntl.flock(int(users), fcntl.LOCK_EX)
    for mode in STOP_MODES:
        ended = subprocess.run(  # noqa: S603 - the command comes from `embedded`
            [*stop, mode],
            check=False,
            user=account or None,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if ended.returncode == 0:
            break
    # In this order: whoever starts the server next must find that no keeper is there.
    os.close(int(keeper))
    os.close(int(users))


if __name__ == "__main__":
    main(sys.argv[1:])
