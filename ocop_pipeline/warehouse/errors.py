"""How the warehouse fails: one clear line, never a traceback, never a password.

Belongs here: the error and its making from a database error. Stays out: deciding what to do about it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2.errors import UndefinedTable
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ocop_pipeline.errors import OcopError


class WarehouseError(OcopError):
    """Something about the warehouse that a person can read and act on, in one line."""


class WarehouseGoneError(WarehouseError):
    """The server cannot be reached or went away: the same may go well when it is back."""


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn an error of the driver or the server into a `WarehouseError` with the server's own sentence."""
    try:
        yield
    except (SQLAlchemyError, psycopg2.Error) as error:
        cause = (error.orig if isinstance(error, DBAPIError) else None) or error
        kind = WarehouseGoneError if _is_gone(cause) else WarehouseError
        raise kind(_sentence(cause)) from error


def _is_gone(error: BaseException) -> bool:
    """Whether libpq lost or did not get a connection, which has no SQLSTATE, or the server said that it ends it."""
    if not isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError)):
        return False
    return error.pgcode is None or error.pgcode.startswith(("08", "57P"))


def _sentence(error: BaseException) -> str:
    if isinstance(error, psycopg2.Error) and error.diag.message_primary:
        hint = error.diag.message_hint
        if isinstance(error, UndefinedTable):
            hint = "if there has been no night yet: `ocop run` makes every relation"
        return f"{error.diag.message_primary} ({hint})" if hint else str(error.diag.message_primary)
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
